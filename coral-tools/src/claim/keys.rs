//! [`ClaimKeys`].

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::de::DeserializeOwned;

use super::error::ClaimError;
use super::key::ClaimKey;
use super::token::{SignedText, UnverifiedClaim, VERSION, decode, encode};
use super::value::ClaimValue;
use crate::build_error::BuildError;
use crate::context::Context;
use crate::error::ToolError;
use crate::telemetry::call_event;

/// The keys with which an application signs and verifies claims, and the path of the base URL that claims are valid for.
///
/// It is a part of the application's state, for [`Bound`](crate::Bound), and of each session request:
/// [`SessionRequest::bound_to`](crate::SessionRequest::bound_to). Processes that share the keys accept each other's claims.
/// Cheap to clone.
///
/// ```
/// use coral_tools::{ClaimKey, ClaimKeys};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let text = "0".repeat(64);
/// // `ClaimKey::from_env("2026-11", "CLAIM_KEY")?` in an application.
/// let key = ClaimKey::new("2026-11", text)?;
/// let keys = ClaimKeys::new("https://your-app.example/coral", key)?;
/// assert!(ClaimKey::new("2026-12", "too short").is_err());
/// # Ok(())
/// # }
/// ```
///
/// # Rotation
///
/// A new key replaces the old one in three steps, each of which is a deployment of all processes. No claim is rejected:
///
/// 1. Accept the new key: `ClaimKeys::new(url, old)?.also_accept(new)?`.
/// 2. Sign with the new key: `ClaimKeys::new(url, new)?.also_accept(old)?`.
/// 3. When all claims of the old key have expired, remove it: `ClaimKeys::new(url, new)?`.
///
/// If the old key has leaked, go to the third step at once. The calls of running sessions are then rejected.
#[derive(Clone)]
pub struct ClaimKeys {
    /// The path of the base URL, without slashes at its end.
    base_path: Arc<str>,
    signing_key: ClaimKey,
    also_accepted: Vec<ClaimKey>,
    clock: Clock,
}

type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

impl ClaimKeys {
    pub(crate) fn for_path(base_path: &str, signing_key: ClaimKey) -> Self {
        Self { base_path: base_path.into(), signing_key, also_accepted: Vec::new(), clock: Arc::new(SystemTime::now) }
    }

    /// Accepts the claims of another key, too.
    ///
    /// # Errors
    ///
    /// Returns an error if there is a key with the same id.
    pub fn also_accept(mut self, key: ClaimKey) -> Result<Self, BuildError> {
        if self.key(key.id()).is_some() {
            let reason = "there is another key with this id; each key needs an id of its own";
            return Err(BuildError::new(format!("claim key `{}`", key.id()), reason));
        }
        self.also_accepted.push(key);
        Ok(self)
    }

    /// Reads the time from `now`, for tests of expired claims. Default: [`SystemTime::now`].
    #[must_use]
    pub fn clock(self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self { clock: Arc::new(now), ..self }
    }

    /// Verifies the claim in the URL of a call and returns its value. [`Bound`](crate::Bound) does the same as a context parameter.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::unknown_session`], whatever is wrong with the claim. The log has the reason.
    pub fn verify<T: DeserializeOwned, S>(&self, context: &Context<'_, S>) -> Result<T, ToolError> {
        self.read(context.query(), context.tool()).map_err(|error| {
            call_event!(
                warn,
                context.call(),
                "rejected the claim of a call",
                error.type = error.label(),
                reason = error.reason()
            );
            ToolError::unknown_session()
        })
    }

    pub(super) fn read<T: DeserializeOwned>(&self, query: Option<&str>, tool: &str) -> Result<T, ClaimError> {
        let claim = UnverifiedClaim::in_query(query)?;
        let key = self.key(claim.key_id);
        let text = SignedText { tool, base_path: &self.base_path, claim: claim.text };
        // With a wrong version or an unknown key as well, so that it takes the same time.
        let is_signed = key.unwrap_or(&self.signing_key).is_signature_of(&text, &claim.signature);
        if claim.version != VERSION {
            return Err(ClaimError::UnknownVersion);
        }
        if key.is_none() {
            return Err(ClaimError::UnknownKey);
        }
        if !is_signed {
            return Err(ClaimError::Mismatch);
        }
        // Nothing is interpreted before this line.
        if self.is_past(claim.expiry) {
            return Err(ClaimError::Expired);
        }
        let json = decode(claim.value).ok_or(ClaimError::InvalidValue)?;
        serde_json::from_slice(&json).map_err(|_contains_values| ClaimError::InvalidValue)
    }

    /// Makes a claim for one tool.
    pub(crate) fn sign(&self, tool: &str, value: &ClaimValue, lifetime: Duration) -> String {
        // A clock before 1970 makes claims that have expired.
        let expiry = self.now().map_or(0, |now| now.saturating_add(lifetime.as_secs()));
        let claim = format!("{VERSION}.{}.{expiry}.{}", self.signing_key.id(), value.as_str());
        let text = SignedText { tool, base_path: &self.base_path, claim: &claim };
        let signature = encode(&self.signing_key.sign(&text));
        format!("{claim}.{signature}")
    }

    pub(crate) fn base_path(&self) -> &str {
        &self.base_path
    }

    fn key(&self, id: &str) -> Option<&ClaimKey> {
        std::iter::once(&self.signing_key).chain(&self.also_accepted).find(|key| key.id() == id)
    }

    fn is_past(&self, expiry: &str) -> bool {
        match (expiry.parse::<u64>(), self.now()) {
            (Ok(expiry), Some(now)) => now >= expiry,
            _ => true,
        }
    }

    /// Seconds since the Unix epoch.
    fn now(&self) -> Option<u64> {
        (self.clock)().duration_since(UNIX_EPOCH).ok().map(|time| time.as_secs())
    }
}

impl fmt::Debug for ClaimKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { base_path, signing_key, also_accepted, clock: _ } = self;
        f.debug_struct("ClaimKeys")
            .field("base_path", base_path)
            .field("signing_key", signing_key)
            .field("also_accepted", also_accepted)
            .finish_non_exhaustive()
    }
}
