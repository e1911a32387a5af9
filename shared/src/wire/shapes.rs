//! How lists, structs and enums travel, each shape declared once for all its types.

/// Lists of these travel as arrays. (Lists of bytes travel as bytes, so this is not for all lists.)
macro_rules! listed {
    ($($item:ty),*) => {$(
        impl crate::wire::Wire for Vec<$item> {
            fn put(&self, out: &mut Vec<u8>) {
                crate::wire::put_array(out, self.len());
                for item in self {
                    item.put(out);
                }
            }

            fn take(from: &mut crate::wire::Source<'_>) -> crate::wire::Taken<Self> {
                let n = from.array()?;
                (0..n).map(|_| crate::wire::Wire::take(from)).collect()
            }
        }
    )*};
}
pub(crate) use listed;

/// A struct that travels as the array of its fields.
macro_rules! record {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl crate::wire::Wire for $name {
            fn put(&self, out: &mut Vec<u8>) {
                crate::wire::put_array(out, [$(stringify!($field)),*].len());
                $(self.$field.put(out);)*
            }

            fn take(from: &mut crate::wire::Source<'_>) -> crate::wire::Taken<Self> {
                from.array_of([$(stringify!($field)),*].len())?;
                Ok(Self { $($field: crate::wire::Wire::take(from)?),* })
            }
        }
    };
}
pub(crate) use record;

/// A struct around two values that travels as the array of both.
macro_rules! pair {
    ($name:ident) => {
        impl crate::wire::Wire for $name {
            fn put(&self, out: &mut Vec<u8>) {
                crate::wire::put_array(out, 2);
                self.0.put(out);
                self.1.put(out);
            }

            fn take(from: &mut crate::wire::Source<'_>) -> crate::wire::Taken<Self> {
                from.array_of(2)?;
                Ok(Self(crate::wire::Wire::take(from)?, crate::wire::Wire::take(from)?))
            }
        }
    };
}
pub(crate) use pair;

/// A struct around one value that travels as that value.
macro_rules! transparent {
    ($($name:ident),*) => {$(
        impl crate::wire::Wire for $name {
            fn put(&self, out: &mut Vec<u8>) {
                self.0.put(out);
            }

            fn take(from: &mut crate::wire::Source<'_>) -> crate::wire::Taken<Self> {
                crate::wire::Wire::take(from).map(Self)
            }
        }
    )*};
}
pub(crate) use transparent;

/// Declares an enum that travels as `[number, content]`. Numbers are never given out again.
macro_rules! numbered {
    ($(#[$doc:meta])* $vis:vis enum $name:ident {
        $($(#[$variant_doc:meta])* $number:literal => $variant:ident($content:ty),)*
    }) => {
        $(#[$doc])*
        $vis enum $name {
            $($(#[$variant_doc])* $variant($content),)*
        }

        impl crate::wire::Wire for $name {
            fn put(&self, out: &mut Vec<u8>) {
                crate::wire::put_array(out, 2);
                match self {
                    $(Self::$variant(content) => {
                        ($number as u8).put(out);
                        content.put(out);
                    })*
                }
            }

            fn take(from: &mut crate::wire::Source<'_>) -> crate::wire::Taken<Self> {
                from.array_of(2)?;
                match from.integer::<u8>()? {
                    $($number => crate::wire::Wire::take(from).map(Self::$variant),)*
                    u8::MIN..=u8::MAX => Err(crate::wire::malformed("a number that names nothing")),
                }
            }
        }
    };
}
pub(crate) use numbered;
