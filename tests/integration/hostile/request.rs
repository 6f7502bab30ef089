//! Random requests: most are valid calls of Coral, the others almost valid.

use axum::body::Bytes;
use fastrand::Rng;
use http::{HeaderName, HeaderValue, Method, Request, Uri};
use serde_json::Value;

use super::mutate::mutate;
use super::oracle::{BODY_LIMIT, signature};
use super::values::ValueGenerator;

/// The name of a tool, and the schema of its arguments.
pub(super) type Target = (String, Value);

const SESSION: &str = "0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11";

/// Names of agents, and their percent-encoded forms in a path.
const AGENTS: [(&str, &str); 6] = [
    ("report-writer", "report-writer"),
    ("Zoë 1", "Zo%C3%AB%201"),
    ("a/b", "a/b"),
    ("100%", "100%25"),
    ("..", ".."),
    ("?#\"", "%3F%23%22"),
];

const ODD_PATHS: [&str; 14] = [
    "/",
    "//",
    "/%",
    "/%ff/%zz/%",
    "/nothing/s/a",
    "/_coral/verification",
    "/_coral/verification/",
    "/string",
    "/string/",
    "/string//a",
    "//string///s//a//",
    "/str%69ng/s/a",
    "/string/..;/%2e%2e/%2f?value=8675309&&=",
    "*",
];

const ODD_HEADERS: [(&str, &[u8]); 16] = [
    ("x-coral-agentname", b"another"),
    ("x-coral-agentname", b""),
    ("x-coral-agentname", b"\xff\xfe"),
    ("x-coral-sessionid", b""),
    ("x-coral-sessionid", b"\xc3\x28"),
    ("x-coral-namespace", b"\xf0\x9f\x98\x80"),
    ("x-coral-namespace", b"\xff"),
    ("x-coral-signature", b""),
    ("x-coral-signature", b"sha256=00"),
    ("x-coral-signature", &[b'0'; 64]),
    ("content-type", b"text/plain"),
    ("content-type", b"application/vnd.api+json; charset=\xff"),
    ("content-type", b""),
    ("content-encoding", b"gzip"),
    ("content-length", b"18446744073709551616"),
    ("transfer-encoding", b"chunked"),
];

pub(super) fn request(targets: &[Target], rng: &mut Rng) -> Request<Bytes> {
    let (tool, schema) = &targets[rng.usize(..targets.len())];
    let (_, other) = &targets[rng.usize(..targets.len())];
    let body = body(schema, other, rng);
    let (agent, segment) = AGENTS[rng.usize(..AGENTS.len())];
    let mut request = Request::new(Bytes::from(body));
    *request.method_mut() = method(rng);
    *request.uri_mut() = path(&format!("/{tool}/{SESSION}/{segment}"), rng);
    for (name, value) in [
        ("x-coral-signature", signature(request.body()).as_str()),
        ("x-coral-namespace", "default"),
        ("x-coral-sessionid", SESSION),
        ("x-coral-agentname", agent),
        ("content-type", "application/json"),
    ] {
        request.headers_mut().insert(HeaderName::from_static(name), bytes(value.as_bytes()));
    }
    if rng.u8(..12) == 0 {
        change_header(&mut request, rng);
    }
    request
}

fn body(schema: &Value, other: &Value, rng: &mut Rng) -> Vec<u8> {
    match rng.u16(..2_000) {
        0 => vec![b' '; rng.usize(BODY_LIMIT - 2..BODY_LIMIT + 2)],
        1..=20 => (0..rng.usize(..64)).map(|_| rng.u8(..)).collect(),
        21..=40 => ["", "null", "{}", " null\n", "[]"][rng.usize(..5)].as_bytes().to_vec(),
        _ => mutated(schema, other, rng),
    }
}

fn mutated(schema: &Value, other: &Value, rng: &mut Rng) -> Vec<u8> {
    let mut body = valid(schema, rng);
    let times = [0, 0, 0, 1, 1, 1, 1, 2, 2, 5][rng.usize(..10)];
    if times > 0 {
        let other = valid(other, rng);
        (0..times).for_each(|_| mutate(&mut body, &other, rng));
    }
    body
}

fn valid(schema: &Value, rng: &mut Rng) -> Vec<u8> {
    let value = ValueGenerator { definitions: schema.get("$defs"), rng }.value(schema, 0);
    if rng.bool() { format!("{value:#}").into_bytes() } else { value.to_string().into_bytes() }
}

fn method(rng: &mut Rng) -> Method {
    match rng.u8(..50) {
        0 => [Method::GET, Method::HEAD, Method::PUT, Method::OPTIONS, Method::CONNECT][rng.usize(..5)].clone(),
        1 => Method::from_bytes(b"post").unwrap_or_default(),
        _ => Method::POST,
    }
}

fn path(valid: &str, rng: &mut Rng) -> Uri {
    match rng.u8(..40) {
        0 => Uri::from_static(ODD_PATHS[rng.usize(..ODD_PATHS.len())]),
        1 => format!("//{valid}///?token=8675309").parse().unwrap_or_default(),
        2 => {
            let mut noise = valid.as_bytes().to_vec();
            (0..rng.usize(1..4)).for_each(|_| mutate(&mut noise, valid.as_bytes(), rng));
            Uri::try_from(noise).unwrap_or_default()
        }
        _ => valid.parse().unwrap_or_default(),
    }
}

/// Removes, adds or replaces a header.
fn change_header(request: &mut Request<Bytes>, rng: &mut Rng) {
    let (name, value) = ODD_HEADERS[rng.usize(..ODD_HEADERS.len())];
    let name = HeaderName::from_static(name);
    match rng.u8(..4) {
        0 => _ = request.headers_mut().remove(name),
        1 => _ = request.headers_mut().append(name, bytes(value)),
        2 => {
            let noise: Vec<u8> = (0..rng.usize(..40)).map(|_| rng.u8(b' '..)).collect();
            request.headers_mut().insert(name, bytes(&noise));
        }
        _ => _ = request.headers_mut().insert(name, bytes(value)),
    }
}

fn bytes(value: &[u8]) -> HeaderValue {
    HeaderValue::from_bytes(value).unwrap_or(HeaderValue::from_static(""))
}
