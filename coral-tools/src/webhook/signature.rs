//! Signatures of requests: `lowercase_hex(HMAC-SHA256(key, raw body))`.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::secret::Secret;

/// The length of an HMAC-SHA256 in bytes.
const LENGTH: usize = 32;

/// A well-formed signature header, not yet compared with the body.
#[derive(Debug)]
pub(crate) struct UnverifiedSignature {
    verifier: Arc<SignatureVerifier>,
    signature: [u8; LENGTH],
}

/// Verifies signatures with any of several keys, whose key schedules are computed once.
#[derive(Clone)]
pub(crate) struct SignatureVerifier {
    keys: Vec<Hmac<Sha256>>,
}

/// Why a signature was rejected. Logged, and never sent to the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignatureError {
    Missing,
    Repeated,
    Prefixed,
    Malformed,
    Mismatch,
    NoKey,
}

impl SignatureError {
    /// A word for logs and metrics.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Missing => "signature_missing",
            Self::Repeated => "signature_repeated",
            Self::Prefixed => "signature_prefixed",
            Self::Malformed => "signature_malformed",
            Self::Mismatch => "signature_mismatch",
            Self::NoKey => "no_secret",
        }
    }

    pub(crate) fn hint(self) -> &'static str {
        match self {
            Self::Missing => {
                "the signature header is missing; is it the one in `signatureHeader` of the tool's transport?"
            }
            Self::Repeated => "the request has more than one signature header",
            Self::Prefixed => {
                "the signature has a prefix such as `sha256=`; Coral sends bare hex, so the client is not Coral"
            }
            Self::Malformed => "the signature is not 64 hex digits",
            Self::Mismatch => {
                "the signature does not match; is the secret the server's `network.customToolSecret`, or for the end of \
                 sessions its `network.webhookSecret`? Unless they are configured, the server generates new ones at \
                 every start. A proxy that changes bodies also invalidates it"
            }
            Self::NoKey => "all configured secrets are empty",
        }
    }
}

impl SignatureVerifier {
    pub(crate) fn new(secrets: impl IntoIterator<Item = Secret>) -> Self {
        let mut keys = Vec::new();
        for secret in secrets {
            keys.extend(secret.keys().filter_map(|key| Hmac::new_from_slice(key).ok()));
        }
        Self { keys }
    }

    /// Signs `message` with the key that `signature` of `known` was made with. Returns `None` if that is not one of the keys.
    pub(crate) fn sign_like(&self, signature: &str, known: &[u8], message: &[u8]) -> Option<String> {
        let signature = parse_hex(signature.as_bytes()).ok()?;
        let is_signer = |key: &&Hmac<Sha256>| (*key).clone().chain_update(known).verify_slice(&signature).is_ok();
        let key = self.keys.iter().find(is_signer)?.clone();
        Some(const_hex::encode(key.chain_update(message).finalize().into_bytes()))
    }

    /// Whether it can verify anything.
    pub(crate) fn has_keys(&self) -> bool {
        !self.keys.is_empty()
    }
}

impl UnverifiedSignature {
    /// Parses the header, before the body is read. `verifier` has the keys that are valid at this time.
    pub(crate) fn parse(header: Option<&[u8]>, verifier: Arc<SignatureVerifier>) -> Result<Self, SignatureError> {
        if !verifier.has_keys() {
            return Err(SignatureError::NoKey);
        }
        let signature = parse_hex(header.ok_or(SignatureError::Missing)?)?;
        Ok(Self { verifier, signature })
    }

    /// Compares the signature with that of `body`, in constant time.
    pub(crate) fn verify(&self, body: &[u8]) -> Result<(), SignatureError> {
        let matches = |key: &Hmac<Sha256>| key.clone().chain_update(body).verify_slice(&self.signature).is_ok();
        if self.verifier.keys.iter().any(matches) { Ok(()) } else { Err(SignatureError::Mismatch) }
    }
}

impl std::fmt::Debug for SignatureVerifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignatureVerifier({} keys)", self.keys.len())
    }
}

fn parse_hex(text: &[u8]) -> Result<[u8; LENGTH], SignatureError> {
    let mut bytes = [0; LENGTH];
    if text.len() == 2 * LENGTH && const_hex::decode_to_slice(text, &mut bytes).is_ok() {
        return Ok(bytes);
    }
    Err(if text.contains(&b'=') { SignatureError::Prefixed } else { SignatureError::Malformed })
}

impl Secret {
    /// Signs a body as Coral does: HMAC-SHA256 in lower-case hex, with the first key of the secret.
    ///
    /// ```
    /// use coral_tools::Secret;
    ///
    /// let signature = Secret::new("test-secret").sign("null");
    /// assert_eq!(signature, "8ca2b70c2d5d388607af2ee15f5c12bbb7bab96c0ca36f9afde482f7b3a78ab6");
    /// ```
    #[must_use]
    pub fn sign(&self, body: impl AsRef<[u8]>) -> String {
        let key = self.keys().next().unwrap_or_default();
        // HMAC takes a key of any length.
        let Ok(mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
        const_hex::encode(mac.chain_update(body).finalize().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Secret, SignatureError, SignatureVerifier, UnverifiedSignature};

    const THIRD: &str = "{\n    \"title\": \"Q4\",\n    \"content\": \"# Done\"\n}";

    /// Bodies and signatures produced by a server with the secret `test-secret`.
    const VECTORS: [(&str, &str); 5] = [
        ("null", "8ca2b70c2d5d388607af2ee15f5c12bbb7bab96c0ca36f9afde482f7b3a78ab6"),
        ("{}", "2f59040b63b7200598444239da2c9a4f3abc5c434259b23126d72514dab8cd09"),
        (THIRD, "dfd31bf31bb9c11dcbd2585347d957426dacbce07ca02adf56017b85bae90ae1"),
        ("{\n    \"name\": \"Zoë ☃\"\n}", "c9b0a457ace31ec7985ff916e9b2f03e2f6432bfb843bf5fbb5aad200b9d868e"),
        (
            "{\n    \"a\": 1.0,\n    \"n\": null,\n    \"tags\": [\n        \"x\",\n        \"y\"\n    ],\n    \"o\": {}\n}",
            "496b41b49bc064d2d8140278ae653085e7366659c5cefcabc801730bf32da7ab",
        ),
    ];

    fn verify(secret: &Secret, body: &str, signature: &str) -> Result<(), SignatureError> {
        check(&SignatureVerifier::new([secret.clone()]), Some(signature.as_bytes()), body.as_bytes())
    }

    fn check(verifier: &SignatureVerifier, header: Option<&[u8]>, body: &[u8]) -> Result<(), SignatureError> {
        UnverifiedSignature::parse(header, Arc::new(verifier.clone()))?.verify(body)
    }

    #[test]
    fn signatures_of_a_server_are_accepted_and_reproduced() {
        let secret = Secret::new("test-secret");
        for (body, signature) in VECTORS {
            assert_eq!(verify(&secret, body, signature), Ok(()), "{body}");
            assert_eq!(verify(&secret, body, &signature.to_uppercase()), Ok(()), "{body}");
            assert_eq!(secret.sign(body), signature);
        }
    }

    #[test]
    fn a_hex_secret_differs_from_its_text() {
        let text = "00112233445566778899aabbccddeeff";
        let as_text = "4d69de4c992fdc380872aaca0a1d5ae85c0553fa62b29a49d78e6cc1dd91a7de";
        let as_bytes = "833a8db6ecc42ca511aee8d3c0463376f97ee41535900231f6bd39b28b5b494b";
        assert_eq!(verify(&Secret::new(text), THIRD, as_text), Ok(()));
        assert_eq!(verify(&Secret::hex(text).expect("hex"), THIRD, as_bytes), Ok(()));
        assert_eq!(verify(&Secret::new(text), THIRD, as_bytes), Err(SignatureError::Mismatch));
    }

    #[test]
    fn a_signature_with_one_flipped_bit_is_rejected() {
        let verifier = SignatureVerifier::new([Secret::new("test-secret")]);
        for (body, signature) in VECTORS {
            let signature = const_hex::decode(signature).expect("hex");
            for bit in 0..8 * signature.len() {
                let mut forged = signature.clone();
                forged[bit / 8] ^= 1 << (bit % 8);
                let header = const_hex::encode(forged);
                let checked = check(&verifier, Some(header.as_bytes()), body.as_bytes());
                assert_eq!(checked, Err(SignatureError::Mismatch), "bit {bit} of the signature of {body}");
            }
        }
    }

    #[test]
    fn each_invalid_header_has_its_own_error() {
        let secret = Secret::new("test-secret");
        let verifier = SignatureVerifier::new([secret]);
        assert_eq!(check(&verifier, None, b"{}"), Err(SignatureError::Missing));
        let prefixed = format!("sha256={}", VECTORS[1].1);
        assert_eq!(check(&verifier, Some(prefixed.as_bytes()), b"{}"), Err(SignatureError::Prefixed));
        for malformed in [String::new(), VECTORS[1].1[1..].to_owned(), format!("0x{}", VECTORS[1].1), "g".repeat(64)] {
            let checked = check(&verifier, Some(malformed.as_bytes()), b"{}");
            assert_eq!(checked, Err(SignatureError::Malformed), "{malformed}");
        }
        assert_eq!(check(&SignatureVerifier::new([Secret::new("")]), Some(b""), b"{}"), Err(SignatureError::NoKey));
    }

    #[test]
    fn any_of_several_secrets_is_accepted() {
        let verifier = SignatureVerifier::new([Secret::new("old"), Secret::new("test-secret")]);
        assert_eq!(check(&verifier, Some(VECTORS[0].1.as_bytes()), b"null"), Ok(()));
    }
}
