//! Fuzz target: the query of a tool's URL, which contains a claim. After the byte `q`, the input is the whole query; after `a` or
//! `b`, it is a claim without its signature, which the key of this id signs.

#![no_main]

use std::sync::LazyLock;
use std::time::{Duration, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use coral_tools::{Bound, Call, ClaimKey, ClaimKeys, Outcome, Toolset, coral_tool, toolset};
use hmac::{Hmac, KeyInit, Mac};
use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::Value;
use sha2::Sha256;
use tokio::runtime::{Builder, Runtime};

/// The time at which all calls arrive, in seconds since the Unix epoch.
const NOW: u64 = 1_800_000_000;
const MAX_CLAIM_BYTES: usize = 2048;

static TOOLS: LazyLock<Toolset<ClaimKeys>> = LazyLock::new(|| toolset![tool]);
static KEYS: LazyLock<ClaimKeys> = LazyLock::new(|| {
    let key = |id: &str| ClaimKey::new(id, secret(id).expect("a key")).expect("long enough");
    let keys = ClaimKeys::new("https://app.example/coral", key("a")).expect("a URL");
    keys.also_accept(key("b")).expect("another id").clock(|| UNIX_EPOCH + Duration::from_secs(NOW))
});
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_time().build().expect("a runtime"));

/// Returns the value of the claim.
#[coral_tool]
fn tool(#[context] Bound(value): Bound<Value>) -> Vec<Value> {
    vec![value]
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some(query) = query(data) else { return Corpus::Reject };
    let expected = expected_value(&query);
    let call = Call::new("tool", b"{}").in_session("session").with_query(&query);
    let outcome = RUNTIME.block_on(TOOLS.dispatch(call, &KEYS));
    let is_accepted = matches!(outcome, Outcome::Success(_));
    assert_eq!(is_accepted, expected.is_some(), "{query}");
    if let Some(value) = expected {
        let json: Value = serde_json::from_slice(&outcome.into_json()).expect("JSON");
        assert_eq!(json["result"], Value::from(vec![value]), "{query}");
    }
    Corpus::Keep
});

/// Returns the query of the request.
fn query(data: &[u8]) -> Option<String> {
    let (first, rest) = std::str::from_utf8(data).ok()?.split_at_checked(1)?;
    match first {
        "q" => Some(rest.to_owned()),
        key_id => Some(format!("coral-claim={rest}.{}", signature(key_id, rest)?)),
    }
}

/// The value of the claim if it is valid, by a second implementation of its format.
fn expected_value(query: &str) -> Option<Value> {
    let mut claims = query.split('&').filter_map(|pair| pair.strip_prefix("coral-claim="));
    let (claim, None) = (claims.next()?, claims.next()) else { return None };
    let (text, sent) = claim.rsplit_once('.')?;
    let parts: Vec<_> = text.split('.').collect();
    let ["1", key_id, expiry, value] = parts[..] else { return None };
    let is_signed = signature(key_id, text)? == sent;
    if !is_signed || claim.len() > MAX_CLAIM_BYTES || expiry.parse::<u64>().ok()? <= NOW {
        return None;
    }
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(value).ok()?).ok()
}

/// Signs the label, the tool, the base path and the claim, each after its length.
fn signature(key_id: &str, claim: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret(key_id)?).expect("any key is valid");
    for part in ["coral-tools claim", "tool", "/coral", claim] {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    Some(BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

fn secret(key_id: &str) -> Option<[u8; 32]> {
    match key_id {
        "a" => Some([1; 32]),
        "b" => Some([2; 32]),
        _ => None,
    }
}
