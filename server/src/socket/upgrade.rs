//! From an HTTP request to the TCP stream of a WebSocket, which this server then writes itself.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto::upgrade::downcast;
use tokio::net::TcpStream;
use tungstenite::handshake::derive_accept_key;

use crate::http::ApiError;

/// A request that asks for a WebSocket as RFC 6455 says.
pub struct Upgrade {
    pending: OnUpgrade,
    accept: HeaderValue,
}

/// A request that does not.
pub struct Refused(ApiError);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = self.0.into_response();
        if response.status() == StatusCode::UPGRADE_REQUIRED {
            let headers = response.headers_mut();
            headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        }
        response
    }
}

/// An open WebSocket, before anything was read or written.
pub(super) struct Opened {
    pub(super) stream: TcpStream,
    /// What the peer sent right after its request.
    pub(super) read_already: Bytes,
}

impl<S: Send + Sync> FromRequestParts<S> for Upgrade {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let refuse = |status, text: &str| Err(Refused(ApiError::new(status, text)));
        if parts.method != Method::GET {
            return refuse(StatusCode::METHOD_NOT_ALLOWED, "a WebSocket begins with GET");
        }
        let headers = &parts.headers;
        if !lists(headers, header::CONNECTION, "upgrade")
            || !lists(headers, header::UPGRADE, "websocket")
        {
            return refuse(StatusCode::BAD_REQUEST, "this is a WebSocket: ask for an upgrade");
        }
        if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
            return refuse(StatusCode::UPGRADE_REQUIRED, "only version 13 of WebSocket");
        }
        let Some(key) = headers.get(header::SEC_WEBSOCKET_KEY) else {
            return refuse(StatusCode::BAD_REQUEST, "Sec-WebSocket-Key is missing");
        };
        let accept = HeaderValue::try_from(derive_accept_key(key.as_bytes()));
        let pending = parts.extensions.remove::<OnUpgrade>();
        match (accept, pending) {
            (Ok(accept), Some(pending)) => Ok(Self { pending, accept }),
            _ => refuse(StatusCode::BAD_REQUEST, "this connection cannot be upgraded"),
        }
    }
}

impl Upgrade {
    /// The answer that begins the WebSocket, and the way to it once the answer is sent.
    pub(super) fn accept(self) -> (Response, impl Future<Output = Option<Opened>>) {
        let headers = [
            (header::CONNECTION, HeaderValue::from_static("upgrade")),
            (header::UPGRADE, HeaderValue::from_static("websocket")),
            (header::SEC_WEBSOCKET_ACCEPT, self.accept),
        ];
        let opened = async {
            let upgraded = self.pending.await.ok()?;
            let parts = downcast::<TokioIo<TcpStream>>(upgraded).ok()?;
            // From the runtime of the request to that of the room.
            let stream = TcpStream::from_std(parts.io.into_inner().into_std().ok()?).ok()?;
            Some(Opened { stream, read_already: parts.read_buf })
        };
        ((StatusCode::SWITCHING_PROTOCOLS, headers).into_response(), opened)
    }
}

/// Whether a header's comma-separated values include `value`, in any case.
fn lists(headers: &HeaderMap, name: HeaderName, value: &str) -> bool {
    let texts = headers.get_all(name).into_iter().filter_map(|it| it.to_str().ok());
    texts.flat_map(|text| text.split(',')).any(|it| it.trim().eq_ignore_ascii_case(value))
}
