//! Answers a request for one of the page's files: in the smallest encoding that the browser takes,
//! with its type and how long it may be kept.

use std::borrow::Cow;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::negotiation::Encoding;
use super::not_found;
use super::policy::policy;

/// For files whose names change with their content.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// For all others: keep it, but ask each time whether it is still the same.
const ASK_FIRST: &str = "no-cache";

/// Fewest digits of a hash in a file's name.
const HASH_MIN_DIGITS: usize = 8;

/// A file of the page.
pub struct PageFile {
    /// Its bytes.
    pub bytes: Cow<'static, [u8]>,
    /// Something that changes with the bytes.
    pub hash: String,
}

/// The answer to a request for `path`; `find` gives the files that exist.
pub fn answer(
    find: impl Fn(&str) -> Option<PageFile>,
    path: &str,
    request: &HeaderMap,
) -> Response {
    // Companions are encodings, not files of their own.
    let is_companion = path.ends_with(".br") || path.ends_with(".gz");
    let Some(plain) = find(path).filter(|_| !is_companion) else { return not_found() };
    let asked = |name| request.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut headers = HeaderMap::new();
    let mut set = |name, value: &str| {
        if let Ok(value) = value.parse() {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, content_type(path));
    set(header::CACHE_CONTROL, if is_hashed(path) { FOREVER } else { ASK_FIRST });
    set(header::VARY, "accept-encoding");
    if path.ends_with(".html") {
        set(header::CONTENT_SECURITY_POLICY, &policy(&String::from_utf8_lossy(&plain.bytes)));
        set(header::REFERRER_POLICY, "same-origin");
    }
    let (encoding, file) =
        smallest(find, path, asked(header::ACCEPT_ENCODING)).unwrap_or((Encoding::Identity, plain));
    if encoding != Encoding::Identity {
        set(header::CONTENT_ENCODING, encoding.name());
    }
    let etag = format!("\"{}\"", file.hash);
    set(header::ETAG, &etag);
    let known = asked(header::IF_NONE_MATCH);
    if known.split(',').any(|known| known.trim().trim_start_matches("W/") == etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, file.bytes).into_response()
}

/// The first encoding that is there and that the browser takes.
fn smallest(
    find: impl Fn(&str) -> Option<PageFile>,
    path: &str,
    accepted: &str,
) -> Option<(Encoding, PageFile)> {
    Encoding::ALL
        .into_iter()
        .filter(|encoding| encoding.is_accepted(accepted))
        .find_map(|encoding| Some((encoding, find(&format!("{path}{}", encoding.suffix()))?)))
}

/// Whether the name of the file or of its folder holds a hash of the content, as trunk's names do:
/// `name-0123456789abcdef.js`.
fn is_hashed(path: &str) -> bool {
    path.split('-').skip(1).any(|part| {
        let n_digits = part.bytes().take_while(u8::is_ascii_hexdigit).count();
        n_digits >= HASH_MIN_DIGITS && part[n_digits..].starts_with(['.', '_', '/'])
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(path: &str) -> Option<PageFile> {
        let content = match path {
            "index.html" => "<script>go()</script>",
            "worker.js" => "keep()",
            "app-0123456789abcdef_bg.wasm" => "wasm",
            "app-0123456789abcdef_bg.wasm.br" => "small",
            "app-0123456789abcdef_bg.wasm.gz" => "medium",
            _ => return None,
        };
        Some(PageFile { bytes: content.as_bytes().into(), hash: content.len().to_string() })
    }

    fn ask(path: &str, headers: &[(&'static str, &str)]) -> (StatusCode, HeaderMap) {
        let headers =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        let (parts, _) = answer(find, path, &headers.collect()).into_parts();
        (parts.status, parts.headers)
    }

    #[test]
    fn hashed_files_are_small_and_kept_for_ever() {
        let wasm = "app-0123456789abcdef_bg.wasm";
        let (status, headers) = ask(wasm, &[("accept-encoding", "gzip, br")]);
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers["content-encoding"], "br");
        assert_eq!(headers["content-type"], "application/wasm");
        assert_eq!(headers["cache-control"], FOREVER);
        assert_eq!(headers["etag"], "\"5\"", "the small one");
        let (_, headers) = ask(wasm, &[("accept-encoding", "gzip")]);
        assert_eq!(headers["content-encoding"], "gzip");
        let (_, headers) = ask(wasm, &[]);
        assert!(!headers.contains_key("content-encoding"));
    }

    #[test]
    fn the_document_is_asked_for_each_time_and_sent_once() {
        let (_, headers) = ask("index.html", &[("accept-encoding", "br")]);
        assert_eq!(headers["cache-control"], "no-cache");
        assert!(headers["content-security-policy"].to_str().unwrap().contains("'sha256-"));
        let etag = headers["etag"].to_str().unwrap().to_owned();
        let (status, _) = ask("index.html", &[("if-none-match", &etag)]);
        assert_eq!(status, StatusCode::NOT_MODIFIED);
        let (status, _) = ask("index.html", &[("if-none-match", "\"old\"")]);
        assert_eq!(status, StatusCode::OK);
    }

    #[test]
    fn the_worker_is_a_script_that_is_asked_for_each_time() {
        let (status, headers) = ask("worker.js", &[]);
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers["content-type"], "text/javascript; charset=utf-8");
        assert_eq!(headers["cache-control"], "no-cache");
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for path in ["", "nothing.js", "../Cargo.toml", "app-0123456789abcdef_bg.wasm.br"] {
            assert_eq!(ask(path, &[]).0, StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn only_names_with_a_hash_are_hashed() {
        assert!(is_hashed("snippets/client-0123456789abcdef/inline0.js"));
        assert!(is_hashed("style-0123456789abcdef.css"));
        assert!(!is_hashed("index.html"));
        assert!(!is_hashed("apple-touch-icon.png"));
        assert!(!is_hashed("face-decade.png"));
    }
}
