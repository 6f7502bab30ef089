//! A claim as it is in the query of a URL.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::error::ClaimError;

/// The key of the query's parameter.
pub(crate) const PARAMETER: &str = "coral-claim";
/// The version of the format.
pub(super) const VERSION: &str = "1";
/// The length of an HMAC-SHA256.
pub(super) const MAC_BYTES: usize = 32;
/// More than the longest claim that is made. A longer one is rejected before it is hashed.
const MAX_BYTES: usize = 2048;
/// Separates this use of a key from any other.
const LABEL: &str = "coral-tools claim";

/// Everything that a claim's signature covers. Tool and base path are not in the claim: the receiver knows them.
pub(super) struct SignedText<'a> {
    pub(super) tool: &'a str,
    pub(super) base_path: &'a str,
    /// The parts of the claim before the signature, as they are sent.
    pub(super) claim: &'a str,
}

impl<'a> SignedText<'a> {
    pub(super) fn parts(&self) -> [&'a str; 4] {
        [LABEL, self.tool, self.base_path, self.claim]
    }
}

/// The parts of a claim that was received. Nothing of it is verified.
pub(super) struct UnverifiedClaim<'a> {
    /// All parts before the signature.
    pub(super) text: &'a str,
    pub(super) version: &'a str,
    pub(super) key_id: &'a str,
    pub(super) expiry: &'a str,
    pub(super) value: &'a str,
    pub(super) signature: [u8; MAC_BYTES],
}

impl<'a> UnverifiedClaim<'a> {
    /// Finds the only claim in a query, and splits it.
    pub(super) fn in_query(query: Option<&'a str>) -> Result<Self, ClaimError> {
        let mut claims = query.unwrap_or_default().split('&').filter_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            (key == PARAMETER).then_some(value)
        });
        let claim = claims.next().ok_or(ClaimError::Missing)?;
        if claims.next().is_some() {
            return Err(ClaimError::Repeated);
        }
        Self::parse(claim).ok_or(ClaimError::Malformed)
    }

    fn parse(claim: &'a str) -> Option<Self> {
        if claim.len() > MAX_BYTES {
            return None;
        }
        let (text, signature) = claim.rsplit_once('.')?;
        let mut parts = text.split('.');
        let [version, key_id, expiry, value] = [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?.try_into().ok()?;
        parts.next().is_none().then_some(Self { text, version, key_id, expiry, value, signature })
    }
}

pub(super) fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

/// Replaces each claim in a message of a server, which may repeat a part of a request.
#[cfg(any(feature = "_api", test))]
pub(crate) fn redact(text: &str) -> String {
    let start = format!("{PARAMETER}=");
    let mut pieces = text.split(&start);
    let mut redacted = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let is_of_claim = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        redacted.push_str(&start);
        redacted.push('…');
        redacted.push_str(piece.trim_start_matches(is_of_claim));
    }
    redacted
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn claims_are_removed_from_messages_of_servers() {
        for (text, expected) in [
            ("no claim", "no claim"),
            ("coral-claim=1.a.2.b-_.c", "coral-claim=…"),
            (
                "at https://h/t?coral-claim=1.a.2.b.c\", and coral-claim=1.x&k=v",
                "at https://h/t?coral-claim=…\", and coral-claim=…&k=v",
            ),
        ] {
            assert_eq!(redact(text), expected);
        }
    }
}
