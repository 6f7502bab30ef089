//! The messages of a webhook probe: what the client sends, and what the webhooks return.
//!
//! A probe is a request that Coral could send, so that proxies handle both alike: it has the URL, the headers and the signature of
//! a call. Its body is a JSON array, and Coral only sends objects and `null`, so a probe is never a call of a tool, and a
//! call never a probe. The session id is a nonce, and the agent's name contains a token: the nonce's signature. So the webhooks
//! recognize a probe whose body a proxy has changed.
//!
//! Signatures of tokens and receipts are made with the key of calls, over strings that start with a line of their own. These
//! strings are not JSON, so no such signature is that of a call.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::super::secret::Secret;
use super::super::signature::{SignatureVerifier, UnverifiedSignature};

const MARKER: &str = "coral-tools webhook probe";
const AGENT_PREFIX: &str = "coral-tools-probe-";
const MAX_BODY_BYTES: usize = 1024;
const MAX_NONCE_BYTES: usize = 64;

/// The nonce of a probe, with its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProbeToken {
    nonce: String,
    signature: String,
}

impl ProbeToken {
    pub(crate) fn new(nonce: String, secret: &Secret) -> Self {
        let signature = secret.sign(signed_nonce(&nonce));
        Self { nonce, signature }
    }

    /// The nonce, which is also the session id.
    pub(crate) fn nonce(&self) -> &str {
        &self.nonce
    }

    pub(super) fn signature(&self) -> &str {
        &self.signature
    }

    pub(crate) fn agent_name(&self) -> String {
        format!("{AGENT_PREFIX}{}", self.signature)
    }

    /// The body, formatted as Coral formats JSON. A proxy that writes JSON in another way changes it: its white space, the
    /// character outside ASCII, or the number.
    pub(crate) fn body(&self) -> String {
        let Self { nonce, signature } = self;
        format!("[\n    \"{MARKER}\",\n    \"{nonce}\",\n    \"{signature}\",\n    \"\u{2603}\",\n    1.0\n]")
    }

    /// Returns `None` if the body is not that of a probe.
    pub(super) fn from_body(body: &[u8]) -> Option<Self> {
        if body.len() > MAX_BODY_BYTES {
            return None;
        }
        match serde_json::from_slice::<Vec<Value>>(body).ok()?.as_slice() {
            [Value::String(marker), Value::String(nonce), Value::String(signature), ..] if marker == MARKER => {
                Self::parse(nonce, signature)
            }
            _ => None,
        }
    }

    /// Returns `None` if the caller is not that of a probe.
    pub(super) fn from_caller(session: &str, agent: &str) -> Option<Self> {
        Self::parse(session, agent.strip_prefix(AGENT_PREFIX)?)
    }

    fn parse(nonce: &str, signature: &str) -> Option<Self> {
        (nonce.len() <= MAX_NONCE_BYTES).then(|| Self { nonce: nonce.to_owned(), signature: signature.to_owned() })
    }
}

/// The text whose signature is in a token.
pub(super) fn signed_nonce(nonce: &str) -> String {
    format!("coral-tools probe token\n{nonce}")
}

/// The text whose signature is the proof of a receipt.
fn signed_receipt(receipt: &str) -> String {
    format!("coral-tools probe receipt\n{receipt}")
}

/// The request as the webhooks received it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProbeReceipt {
    pub(crate) nonce: String,
    /// The process that responded.
    pub(crate) instance: String,
    /// The path, without the path under which the webhooks are nested.
    pub(crate) path: String,
    pub(crate) address: Option<ReceivedAddress>,
    /// The name of the header that the webhooks read the signature from.
    pub(crate) signature_header: String,
    /// The [digests](header_digest) of the headers that matter to a call, by name.
    pub(crate) headers: BTreeMap<String, String>,
    /// Why a call with this request would have been rejected before its path was read.
    pub(crate) rejection: Option<ReceivedRejection>,
}

/// The tool, session and agent in the path and headers, if they agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReceivedAddress {
    pub(crate) tool: String,
    pub(crate) is_known_tool: bool,
    pub(crate) session: String,
    pub(crate) agent: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReceivedRejection {
    pub(crate) status: u16,
    pub(crate) reason: String,
}

/// The body of the response: a receipt, with a signature that only an application with the secret can make.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SignedReceipt {
    /// The JSON of the [`ProbeReceipt`], as a string, so that its bytes stay the same.
    receipt: String,
    /// `None` if the webhooks do not verify signatures.
    pub(crate) proof: Option<String>,
}

impl SignedReceipt {
    /// `sign` signs a string with the key of the token. Returns `None` if it cannot.
    pub(super) fn new(receipt: &ProbeReceipt, sign: impl FnOnce(&str) -> Option<String>) -> Option<Self> {
        let receipt = serde_json::to_string(receipt).ok()?;
        let proof = sign(&signed_receipt(&receipt));
        Some(Self { receipt, proof })
    }

    pub(crate) fn receipt(&self) -> Option<ProbeReceipt> {
        serde_json::from_str(&self.receipt).ok()
    }

    /// Whether the proof is a signature of the receipt with the secret.
    pub(crate) fn is_signed_with(&self, secret: &Secret) -> bool {
        let verifier = Arc::new(SignatureVerifier::new([secret.clone()]));
        let verify = |proof: &str| {
            let signature = UnverifiedSignature::parse(Some(proof.as_bytes()), verifier)?;
            signature.verify(signed_receipt(&self.receipt).as_bytes())
        };
        self.proof.as_deref().is_some_and(|proof| verify(proof).is_ok())
    }
}

/// Returns a short digest of the values of a header, by which both sides compare it without sending it again.
pub(crate) fn header_digest<'a>(values: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for value in values {
        hash.update(value);
        hash.update(b"\n");
    }
    const_hex::encode(&hash.finalize()[..8])
}

/// Returns a random id of this process, which is not a secret.
pub(crate) fn instance_id() -> &'static str {
    static ID: LazyLock<String> = LazyLock::new(|| format!("{:016x}", RandomState::new().hash_one(std::process::id())));
    &ID
}

#[cfg(test)]
mod tests {
    use super::{MAX_BODY_BYTES, ProbeToken, header_digest, instance_id};

    #[test]
    fn only_a_short_array_with_the_marker_is_a_probe() {
        let body = ProbeToken::parse("nonce", "signature").expect("a token").body();
        let with_size = |size: usize| format!("{body}{}", " ".repeat(size - body.len()));
        let token = |body: &str| ProbeToken::from_body(body.as_bytes()).map(|token| token.nonce);
        assert_eq!(token(&with_size(MAX_BODY_BYTES)).as_deref(), Some("nonce"));
        assert_eq!(token(&with_size(MAX_BODY_BYTES + 1)), None);
        assert_eq!(token(r#"["another", "nonce", "signature"]"#), None);
    }

    #[test]
    fn the_id_of_the_process_is_a_random_number_that_stays() {
        assert!(u64::from_str_radix(instance_id(), 16).is_ok(), "{}", instance_id());
        assert_eq!((instance_id().len(), instance_id()), (16, instance_id()));
    }

    #[test]
    fn the_digests_of_different_values_differ() {
        let digest = |values: &[&str]| header_digest(values.iter().map(|value| value.as_bytes()));
        assert_eq!(digest(&["application/json"]), digest(&["application/json"]));
        let different = [digest(&[]), digest(&["a"]), digest(&["ab"]), digest(&["a", "b"]), digest(&["b", "a"])];
        for (index, one) in different.iter().enumerate() {
            assert!(!different[index + 1..].contains(one), "{different:?}");
        }
    }
}
