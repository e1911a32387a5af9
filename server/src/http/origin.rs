//! Which pages may talk to the server: its own, and on the same machine those of a development
//! server. Programs send no Origin and pass.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};

use super::ApiError;

/// The request does not come from a stranger's page.
pub struct SameOrigin;

impl<S: Send + Sync> FromRequestParts<S> for SameOrigin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let is_near = peer.is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback());
        if is_allowed(&parts.headers, is_near) {
            Ok(Self)
        } else {
            Err(ApiError::new(StatusCode::FORBIDDEN, "pages of other sites may not do this"))
        }
    }
}

/// `is_near` says that the peer is on this machine.
fn is_allowed(headers: &HeaderMap, is_near: bool) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Some((scheme, origin)) = origin.to_str().ok().and_then(|text| text.split_once("://"))
    else {
        // Among others "null", which any sandboxed page may have.
        return false;
    };
    if !["http", "https"].contains(&scheme) {
        return false;
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    host.is_some_and(|host| host.eq_ignore_ascii_case(origin)) || (is_near && is_loopback(origin))
}

/// Whether `host`, with or without a port, is this machine by name or by address.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(origin: Option<&str>, is_near: bool, expected: bool) {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "board.example:4400".parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        assert_eq!(is_allowed(&headers, is_near), expected, "{origin:?}");
    }

    #[test]
    fn own_pages_and_programs_pass() {
        check(None, false, true);
        check(Some("http://board.example:4400"), false, true);
        check(Some("https://Board.example:4400"), false, true);
    }

    #[test]
    fn strangers_do_not() {
        for origin in ["https://evil.example", "http://board.example", "null", "file://", "x"] {
            check(Some(origin), true, false);
        }
        check(Some("http://localhost.evil.example:4400"), true, false);
        check(Some("http://127.0.0.1.evil.example"), true, false);
    }

    #[test]
    fn pages_of_this_machine_pass_on_this_machine() {
        for origin in ["http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"] {
            check(Some(origin), true, true);
            check(Some(origin), false, false);
        }
    }
}
