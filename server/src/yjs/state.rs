//! The JSON of an awareness state, of which Tandem knows
//! `{"user": {"name", "color"}, "cursor": {"x", "y"}}`. All else in it passes untouched.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::color::Color;
use shared::geometry::BoardPoint;
use shared::presence::ShownPoint;
use shared::protocol::Identity;

use super::YjsError;
use crate::limits::{AWARENESS_STATE_MAX_BYTES, AWARENESS_STATE_MAX_DEPTH};

/// How somebody appears who says nothing of it.
const DEFAULT_COLOR: Color = Color::rgb(0x868e96);

/// What a state says, as far as it is known here.
#[derive(Clone, PartialEq, Debug)]
pub struct State {
    /// Name and color.
    pub identity: Identity,
    /// Where the pointer is.
    pub cursor: Option<ShownPoint>,
}

/// The state as nearly every program writes it; what is else is looked at as [`Value`].
#[derive(Deserialize)]
struct Usual<'a> {
    #[serde(borrow, default)]
    user: Option<User<'a>>,
    #[serde(default)]
    cursor: Option<Point>,
}

#[derive(Deserialize)]
struct User<'a> {
    #[serde(default)]
    name: Option<&'a str>,
    #[serde(default)]
    color: Option<&'a str>,
}

#[derive(Deserialize)]
struct Point {
    x: f64,
    y: f64,
}

impl State {
    /// Reads a state's JSON. What has another shape than expected counts as not said.
    pub fn parse(json: &[u8]) -> Result<Self, YjsError> {
        if json.len() > AWARENESS_STATE_MAX_BYTES {
            return Err(YjsError::TooBig);
        }
        // What is passed over below passes untouched, and must not harm whom it is passed on to: the
        // libraries there throw at a text that is not UTF-8, and recurse as deep as a state nests.
        let json = str::from_utf8(json).map_err(|_| YjsError::State)?;
        if depth(json) > AWARENESS_STATE_MAX_DEPTH {
            return Err(YjsError::State);
        }
        if let Ok(Usual { user, cursor }) = serde_json::from_str(json) {
            let (name, color) = user.map(|user| (user.name, user.color)).unwrap_or_default();
            let cursor = cursor.map(|Point { x, y }| BoardPoint::new(x, y).into());
            return Ok(Self { identity: identity(name, color), cursor });
        }
        let value = serde_json::from_str(json);
        let value: Value = value
            .or_else(|_| serde_json::from_str(&without_halves(json)))
            .map_err(|_| YjsError::State)?;
        let (user, cursor) = (&value["user"], &value["cursor"]);
        let cursor = cursor["x"].as_f64().zip(cursor["y"].as_f64());
        Ok(Self {
            identity: identity(user["name"].as_str(), user["color"].as_str()),
            cursor: cursor.map(|(x, y)| BoardPoint::new(x, y).into()),
        })
    }
}

/// The state of a native member.
pub fn native_state(identity: &Identity, cursor: Option<ShownPoint>) -> Bytes {
    let cursor = cursor.map(|point| {
        let BoardPoint { x, y } = point.into();
        json!({ "x": x, "y": y })
    });
    let user = json!({ "name": identity.name, "color": identity.color.to_string() });
    json!({ "user": user, "cursor": cursor }).to_string().into()
}

/// A JSON text in which halves of letters are replaced: JavaScript leaves one where a name is cut in
/// the middle of an emoji, and writes it as an escape that stands for no letter.
fn without_halves(json: &str) -> String {
    let mut whole = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let (before, escaped) = rest.split_at(at);
        let is_half = matches!(
            escaped.as_bytes(),
            [_, b'u', b'd' | b'D', b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F', ..]
        );
        let escape = escaped.get(..if is_half { 6 } else { 2 }).unwrap_or(escaped);
        whole.push_str(before);
        whole.push_str(if is_half { "\\ufffd" } else { escape });
        rest = &escaped[escape.len()..];
    }
    whole.push_str(rest);
    whole
}

/// How deep a JSON text nests.
fn depth(json: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    let mut is_text = false;
    let mut bytes = json.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => is_text = !is_text,
            // Whatever it escapes, a quotation mark or the backslash itself, ends nothing.
            b'\\' if is_text => drop(bytes.next()),
            b'[' | b'{' if !is_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !is_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn identity(name: Option<&str>, color: Option<&str>) -> Identity {
    Identity::new(name.unwrap_or_default(), color.and_then(Color::parse).unwrap_or(DEFAULT_COLOR))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, name: &str, cursor: Option<(f64, f64)>) {
        let state = State::parse(json.as_bytes()).unwrap();
        assert_eq!(state.identity.name, name);
        assert_eq!(state.cursor, cursor.map(|(x, y)| BoardPoint::new(x, y).into()));
    }

    #[test]
    fn what_is_known_is_read_and_the_rest_is_left_alone() {
        let usual = r##"{"user":{"name":"Ann","color":"#ff0000"},"cursor":{"x":1.5,"y":-2}}"##;
        check(usual, "Ann", Some((1.5, -2.0)));
        assert_eq!(State::parse(usual.as_bytes()).unwrap().identity.color, Color::rgb(0xff0000));
        check(r#"{"cursor":{"x":1,"y":2,"z":3},"t":[{}]}"#, "Guest", Some((1.0, 2.0)));
        check(r#"{"user":{"name":"A\u006en"}}"#, "Ann", None);
        check(r#"{"user":"Ann","cursor":{"anchor":{}}}"#, "Guest", None);
        check(r#"{"user":{"name":7},"cursor":{"x":1,"y":2}}"#, "Guest", Some((1.0, 2.0)));
        check("{}", "Guest", None);
        check("[1]", "Guest", None);
        check(
            r#"{"user":{"name":"\\A\ud83d"},"cursor":{"x":1,"y":2}}"#,
            "\\A\u{fffd}",
            Some((1.0, 2.0)),
        );
        check(r#"{"user":{"name":"\ud83d\ude42"}}"#, "🙂", None);
        assert!(State::parse(br#"{"user":{"name":"\ud8"#).is_err());
        assert!(State::parse("\"\\é\"".as_bytes()).is_err());
        let deep = "[".repeat(100_000);
        for bad in ["", "{", "{}{}", "{\"a\":undefined}", &deep] {
            assert!(State::parse(bad.as_bytes()).is_err(), "{}", &bad[..bad.len().min(20)]);
        }
    }

    #[test]
    fn what_is_passed_over_harms_nobody_else() {
        let nested = |n| format!(r#"{{"z":{}1{}}}"#, "[".repeat(n), "]".repeat(n));
        check(&nested(AWARENESS_STATE_MAX_DEPTH - 1), "Guest", None);
        assert_eq!(
            State::parse(nested(AWARENESS_STATE_MAX_DEPTH).as_bytes()),
            Err(YjsError::State)
        );
        check(&format!(r#"{{"z":"\"{}\\"}}"#, "[".repeat(1000)), "Guest", None);
        check(&format!("[{}1]", "[2],".repeat(1000)), "Guest", None);
        assert_eq!(State::parse(b"{\"z\":\"\xff\"}"), Err(YjsError::State));
    }

    #[test]
    fn a_native_member_looks_like_any_other() {
        let identity = Identity::new("Ann \"A\"", Color::rgb(0x3366ff));
        let cursor = Some(BoardPoint::new(1.5, -2.0).into());
        let state = State::parse(&native_state(&identity, cursor)).unwrap();
        assert_eq!(state, State { identity: identity.clone(), cursor });
        assert_eq!(State::parse(&native_state(&identity, None)).unwrap().cursor, None);
    }
}
