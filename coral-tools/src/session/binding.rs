//! The value that the tools of a request are bound to.

use std::time::Duration;

use super::base_url::BaseUrl;
use super::url_grammar::parse;
use crate::build_error::BuildErrors;
use crate::claim::{ClaimKey, ClaimKeys, ClaimValue, PARAMETER};

/// The lifetime of claims of a session without a time to live.
const WITHOUT_TTL: Duration = Duration::from_secs(24 * 60 * 60);
/// How much longer than its session a claim is valid: calls may be running at the end, and clocks differ.
const SLACK: Duration = Duration::from_secs(60);

/// The lifetime of the claims of a session with this time to live.
pub(super) fn default_lifetime(ttl: Option<Duration>) -> Duration {
    ttl.map_or(WITHOUT_TTL, |ttl| ttl.saturating_add(SLACK))
}

/// The keys and the value, or the reason why it cannot be the value of a claim.
#[derive(Debug, Clone)]
pub(super) struct Binding {
    pub(super) keys: ClaimKeys,
    pub(super) value: Result<ClaimValue, BuildErrors>,
}

/// A binding without problems.
#[derive(Debug)]
pub(crate) struct CheckedBinding<'a> {
    pub(super) keys: &'a ClaimKeys,
    pub(super) value: &'a ClaimValue,
    pub(super) lifetime: Duration,
}

impl CheckedBinding<'_> {
    /// Adds the claim for a tool to its URL.
    pub(super) fn add_claim(&self, url: &BaseUrl, tool: &str) -> BaseUrl {
        url.with_parameter(PARAMETER, &self.keys.sign(tool, self.value, self.lifetime))
    }
}

impl ClaimKeys {
    /// Creates the keys of an application whose tools are called at `base_url`: the public URL of the webhooks, the same as in
    /// [`SessionRequest::tools`](crate::SessionRequest::tools). Its path is a part of what is signed. The application does not
    /// have to be served at this path: a proxy may remove a prefix. Claims are signed with `key`.
    ///
    /// # Errors
    ///
    /// Returns an error if `base_url` is not valid.
    pub fn new<U>(base_url: U, key: ClaimKey) -> Result<Self, BuildErrors>
    where
        U: TryInto<BaseUrl>,
        U::Error: Into<BuildErrors>,
    {
        let base_url = base_url.try_into().map_err(Into::into)?;
        Ok(Self::for_path(path_of(&base_url), key))
    }
}

/// Returns the path of a base URL, without slashes at its end.
pub(super) fn path_of(url: &BaseUrl) -> &str {
    // The URL has been parsed before.
    parse(url.as_str()).map_or("", |url| url.path).trim_end_matches('/')
}

#[cfg(all(test, feature = "client"))]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::{ClaimKey, ClaimKeys};
    use crate::session::agent::Agent;
    use crate::session::dialect::Dialect;
    use crate::session::request::SessionRequest;
    use crate::session::runtime::Runtime;
    use crate::toolset::Toolset;

    /// The settings of a deferred session, with its time to live, are in another request.
    #[test]
    fn claims_of_a_session_that_the_client_defers_expire_with_it() {
        let url = "https://your-app.example/coral";
        let keys = ClaimKeys::new(url, ClaimKey::new("a", [1; 32]).expect("a key")).expect("keys");
        let keys = keys.clock(|| UNIX_EPOCH + Duration::from_secs(1000));
        let tools: Toolset = Toolset::builder().build_unchecked();
        let request = SessionRequest::in_namespace("default")
            .agent(Agent::local("writer", "1.0.0", Runtime::Docker))
            .tools(&tools, url)
            .bound_to(&keys, "user")
            .ttl(Duration::from_secs(300));
        let (deferred, _settings) = request.into_deferred();
        assert_eq!(deferred.claim_lifetime, Some(Duration::from_secs(360)));
        assert!(deferred.to_json(Dialect::Server1_2).is_ok());
    }
}
