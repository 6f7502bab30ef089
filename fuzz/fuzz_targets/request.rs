//! Fuzz target: arbitrary requests. The input is a line `method path`, headers as `name: value`, an empty line and the body. A
//! request is signed unless it has a signature header.

#![no_main]

#[path = "../../tests/integration/hostile/oracle.rs"]
mod oracle;
#[path = "../../tests/integration/types.rs"]
mod types;

use std::sync::LazyLock;

use axum::Router;
use axum::body::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Uri};
use libfuzzer_sys::{Corpus, fuzz_target};
use tokio::runtime::{Builder, Runtime};

static APP: LazyLock<Router> = LazyLock::new(oracle::app);
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_time().build().expect("a runtime"));

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some(request) = parse_request(data) else { return Corpus::Reject };
    if let Err(problem) = RUNTIME.block_on(oracle::check_response(&APP, request)) {
        panic!("{problem}");
    }
    Corpus::Keep
});

/// Parses a request. Returns `None` for input that an HTTP server would reject.
fn parse_request(data: &[u8]) -> Option<Request<Bytes>> {
    let (head, body) = split_once(data, b"\n\n")?;
    let mut lines = head.split(|byte| *byte == b'\n');
    let (method, path) = split_once(lines.next()?, b" ")?;
    let mut request = Request::new(Bytes::copy_from_slice(body));
    *request.method_mut() = Method::from_bytes(method).ok()?;
    *request.uri_mut() = Uri::try_from(path).ok()?;
    request.headers_mut().insert("x-coral-signature", HeaderValue::from_str(&oracle::signature(body)).ok()?);
    for line in lines {
        let (name, value) = split_once(line, b":")?;
        let value = HeaderValue::from_bytes(value.trim_ascii()).ok()?;
        request.headers_mut().insert(HeaderName::from_bytes(name).ok()?, value);
    }
    Some(request)
}

fn split_once<'a>(bytes: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let start = bytes.windows(separator.len()).position(|window| window == separator)?;
    Some((&bytes[..start], &bytes[start + separator.len()..]))
}
