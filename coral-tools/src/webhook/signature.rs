//! The signature of a call: `lowercase_hex(HMAC-SHA256(key, raw body))`.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::secret::Secret;

/// How long a signature is: SHA-256, in bytes.
const BYTES: usize = 32;

/// What has the form of a signature, and is one only if a key says so.
#[derive(Debug)]
pub(crate) struct Claim<'a> {
    verifier: &'a Verifier,
    signature: [u8; BYTES],
}

/// Checks signatures with any of several keys, whose schedules are made once.
#[derive(Clone)]
pub(crate) struct Verifier {
    keys: Vec<Hmac<Sha256>>,
}

/// Why a call is not verified. For the log; the caller reads none of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignatureFault {
    Missing,
    Prefixed,
    Malformed,
    Mismatch,
    NoKey,
}

impl SignatureFault {
    pub(crate) fn hint(self) -> &'static str {
        match self {
            Self::Missing => {
                "the signature header is missing; is `signatureHeader` of the tool's transport the one expected here?"
            }
            Self::Prefixed => {
                "the signature has a prefix such as `sha256=`; Coral sends bare hex, so this is another sender"
            }
            Self::Malformed => "the signature is not 64 hex digits",
            Self::Mismatch => {
                "the signature does not match; is the secret the server's `network.customToolSecret`, or for the end of \
                 sessions its `network.webhookSecret`? Unless they are configured, the server makes new ones at every \
                 start. A proxy that rewrites bodies also breaks it"
            }
            Self::NoKey => "no secret with at least one character is configured, so no call can be verified",
        }
    }
}

impl Verifier {
    pub(crate) fn new(secrets: &[Secret]) -> Self {
        let keys = secrets.iter().flat_map(Secret::keys).filter_map(|key| Hmac::new_from_slice(key).ok()).collect();
        Self { keys }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// What the header claims, before there is a body to hold it against.
    pub(crate) fn claim(&self, header: Option<&[u8]>) -> Result<Claim<'_>, SignatureFault> {
        if self.keys.is_empty() {
            return Err(SignatureFault::NoKey);
        }
        let signature = parse(header.ok_or(SignatureFault::Missing)?)?;
        Ok(Claim { verifier: self, signature })
    }
}

impl Claim<'_> {
    /// Checks the claim over `body`, in a time that does not depend on how much of it is right.
    pub(crate) fn verify(&self, body: &[u8]) -> Result<(), SignatureFault> {
        let matches = |key: &Hmac<Sha256>| key.clone().chain_update(body).verify_slice(&self.signature).is_ok();
        if self.verifier.keys.iter().any(matches) { Ok(()) } else { Err(SignatureFault::Mismatch) }
    }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Verifier({} keys)", self.keys.len())
    }
}

fn parse(text: &[u8]) -> Result<[u8; BYTES], SignatureFault> {
    let mut bytes = [0; BYTES];
    if text.len() == 2 * BYTES && const_hex::decode_to_slice(text, &mut bytes).is_ok() {
        return Ok(bytes);
    }
    Err(if text.contains(&b'=') { SignatureFault::Prefixed } else { SignatureFault::Malformed })
}

/// Signs `body` as Coral does, with the first reading of `secret`.
#[cfg(any(feature = "dev", test))]
pub(crate) fn sign(secret: &Secret, body: &[u8]) -> String {
    let key = secret.keys().next().unwrap_or_default();
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    const_hex::encode(mac.chain_update(body).finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::{Secret, SignatureFault, Verifier, sign};

    const THIRD: &str = "{\n    \"title\": \"Q4\",\n    \"content\": \"# Done\"\n}";

    /// Bodies and signatures as the server itself makes them, secret `test-secret`.
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

    fn verify(secret: &Secret, body: &str, signature: &str) -> Result<(), SignatureFault> {
        check(&Verifier::new(std::slice::from_ref(secret)), Some(signature.as_bytes()), body.as_bytes())
    }

    fn check(verifier: &Verifier, header: Option<&[u8]>, body: &[u8]) -> Result<(), SignatureFault> {
        verifier.claim(header)?.verify(body)
    }

    #[test]
    fn the_servers_own_signatures_are_accepted_and_made() {
        let secret = Secret::new("test-secret");
        for (body, signature) in VECTORS {
            assert_eq!(verify(&secret, body, signature), Ok(()), "{body}");
            assert_eq!(verify(&secret, body, &signature.to_uppercase()), Ok(()), "{body}");
            assert_eq!(sign(&secret, body.as_bytes()), signature);
        }
    }

    #[test]
    fn a_hex_key_is_not_its_text() {
        let text = "00112233445566778899aabbccddeeff";
        let as_text = "4d69de4c992fdc380872aaca0a1d5ae85c0553fa62b29a49d78e6cc1dd91a7de";
        let as_bytes = "833a8db6ecc42ca511aee8d3c0463376f97ee41535900231f6bd39b28b5b494b";
        assert_eq!(verify(&Secret::new(text), THIRD, as_text), Ok(()));
        assert_eq!(verify(&Secret::hex(text).expect("hex"), THIRD, as_bytes), Ok(()));
        assert_eq!(verify(&Secret::new(text), THIRD, as_bytes), Err(SignatureFault::Mismatch));
    }

    #[test]
    fn every_flipped_bit_is_refused() {
        let verifier = Verifier::new(&[Secret::new("test-secret")]);
        for (body, signature) in VECTORS {
            let signature = const_hex::decode(signature).expect("hex");
            for bit in 0..8 * signature.len() {
                let mut forged = signature.clone();
                forged[bit / 8] ^= 1 << (bit % 8);
                let header = const_hex::encode(forged);
                let checked = check(&verifier, Some(header.as_bytes()), body.as_bytes());
                assert_eq!(checked, Err(SignatureFault::Mismatch), "bit {bit} of that of {body}");
            }
        }
    }

    #[test]
    fn what_is_wrong_is_told_to_the_log() {
        let secret = Secret::new("test-secret");
        let verifier = Verifier::new(&[secret]);
        assert_eq!(check(&verifier, None, b"{}"), Err(SignatureFault::Missing));
        let prefixed = format!("sha256={}", VECTORS[1].1);
        assert_eq!(check(&verifier, Some(prefixed.as_bytes()), b"{}"), Err(SignatureFault::Prefixed));
        assert_eq!(check(&verifier, Some(b""), b"{}"), Err(SignatureFault::Malformed));
        assert_eq!(check(&Verifier::new(&[Secret::new("")]), Some(b""), b"{}"), Err(SignatureFault::NoKey));
    }

    #[test]
    fn any_of_several_secrets_verifies() {
        let verifier = Verifier::new(&[Secret::new("old"), Secret::new("test-secret")]);
        assert_eq!(check(&verifier, Some(VECTORS[0].1.as_bytes()), b"null"), Ok(()));
    }
}
