//! Arbitrary requests: a line `method path`, headers as `name: value`, an empty line, the body. A request is signed unless it
//! has a signature header.

#![no_main]

#[path = "../../tests/integration/hostile/judge.rs"]
mod judge;
#[path = "../../tests/integration/types.rs"]
mod types;

use std::sync::LazyLock;

use axum::Router;
use axum::body::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Uri};
use libfuzzer_sys::{Corpus, fuzz_target};
use tokio::runtime::{Builder, Runtime};

static APP: LazyLock<Router> = LazyLock::new(judge::app);
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_time().build().expect("a runtime"));

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some(request) = request(data) else { return Corpus::Reject };
    if let Err(wrong) = RUNTIME.block_on(judge::judge(&APP, request)) {
        panic!("{wrong}");
    }
    Corpus::Keep
});

/// Parses a request. Returns `None` for input that an HTTP server would reject.
fn request(data: &[u8]) -> Option<Request<Bytes>> {
    let (head, body) = halves(data, b"\n\n")?;
    let mut lines = head.split(|byte| *byte == b'\n');
    let (method, path) = halves(lines.next()?, b" ")?;
    let mut request = Request::new(Bytes::copy_from_slice(body));
    *request.method_mut() = Method::from_bytes(method).ok()?;
    *request.uri_mut() = Uri::try_from(path).ok()?;
    request.headers_mut().insert("x-coral-signature", HeaderValue::from_str(&judge::signature(body)).ok()?);
    for line in lines {
        let (name, value) = halves(line, b":")?;
        let value = HeaderValue::from_bytes(value.trim_ascii()).ok()?;
        request.headers_mut().insert(HeaderName::from_bytes(name).ok()?, value);
    }
    Some(request)
}

fn halves<'a>(bytes: &'a [u8], between: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = bytes.windows(between.len()).position(|window| window == between)?;
    Some((&bytes[..at], &bytes[at + between.len()..]))
}
