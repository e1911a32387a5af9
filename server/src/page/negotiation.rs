//! Which of a file's encodings a browser takes.

/// How a file's bytes are compressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// Brotli, in a `.br` beside the file.
    Brotli,
    /// Gzip, in a `.gz` beside the file.
    Gzip,
    /// Not at all.
    Identity,
}

impl Encoding {
    /// All, smallest result first.
    pub const ALL: [Self; 3] = [Self::Brotli, Self::Gzip, Self::Identity];

    /// The name in `Accept-Encoding` and `Content-Encoding`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Identity => "identity",
        }
    }

    /// What follows the name of a file in this encoding.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }

    /// Whether a browser that sends this `Accept-Encoding` takes it.
    pub fn is_accepted(self, accept_encoding: &str) -> bool {
        let mut wildcard = None;
        for choice in accept_encoding.split(',') {
            let mut parts = choice.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            let is_wanted =
                weight.is_none_or(|weight| weight.parse::<f32>().is_ok_and(|weight| weight > 0.0));
            if name.eq_ignore_ascii_case(self.name()) {
                return is_wanted;
            }
            if name == "*" {
                wildcard = Some(is_wanted);
            }
        }
        // What cannot be avoided is not refused either.
        self == Self::Identity || wildcard == Some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(accept_encoding: &str, expected: &[Encoding]) {
        let accepted = Encoding::ALL.into_iter().filter(|it| it.is_accepted(accept_encoding));
        assert_eq!(accepted.collect::<Vec<_>>(), expected, "{accept_encoding:?}");
    }

    #[test]
    fn browsers_get_what_they_ask_for() {
        use Encoding::{Brotli, Gzip, Identity};
        check("", &[Identity]);
        check("gzip, deflate, br, zstd", &[Brotli, Gzip, Identity]);
        check("GZIP;q=1.0", &[Gzip, Identity]);
        check("br;q=0, gzip;q=0.5", &[Gzip, Identity]);
        check("*", &[Brotli, Gzip, Identity]);
        check("*, br;q=0", &[Gzip, Identity]);
        check("brotli, gzip;q=nonsense", &[Identity]);
    }
}
