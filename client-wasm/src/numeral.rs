//! Numbers as CSS takes them, in the browser's own writing: Rust's would bring code and tables of its
//! own into the page.

/// A number.
pub(crate) fn numeral(number: f64) -> String {
    let text = js_sys::Number::from(number).to_string_with_radix(10);
    text.map(String::from).unwrap_or_default()
}

/// A length in CSS pixels.
pub(crate) fn px(length: f64) -> String {
    numeral(length) + "px"
}
