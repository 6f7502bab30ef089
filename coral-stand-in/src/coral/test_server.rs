//! A server for tests: a stand-in, or a real one.

use std::env;
use std::fmt;
use std::io;

use coral_tools::Secret;

use super::{CoralStandIn, CoralStandInBuilder};

/// The server that tests run on: a stand-in, or the real server whose URL is in `CORAL_TEST_URL`.
///
/// One test file can then run on both. The agent types of the tests have to be in the registry of the real server; scripts run only on
/// the stand-in. The key and the secrets of the real server are read from `CORAL_TEST_KEY`, `CORAL_TEST_CUSTOM_TOOL_SECRET` and
/// `CORAL_TEST_WEBHOOK_SECRET`; a variable that is not set has the value of the builder, so one variable suffices for a real
/// server that is configured with the builder's key and secrets.
///
/// ```
/// use coral_stand_in::coral::{CoralStandIn, TestServer};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let server = TestServer::start(CoralStandIn::builder()).await?;
/// // The application under test uses `server.url()` and `server.key()`.
/// # assert!(server.url().starts_with("http://"));
/// # Ok(())
/// # }
/// ```
pub struct TestServer {
    url: String,
    key: String,
    custom_tool_secret: Secret,
    webhook_secret: Secret,
    stand_in: Option<CoralStandIn>,
}

impl fmt::Debug for TestServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestServer").field("url", &self.url).field("stand_in", &self.stand_in).finish_non_exhaustive()
    }
}

impl TestServer {
    /// Starts a stand-in, or takes the real server of `CORAL_TEST_URL`, which is not started and not checked.
    ///
    /// # Errors
    ///
    /// Returns an error if the stand-in cannot start, or if a secret in the environment is empty.
    pub async fn start(builder: CoralStandInBuilder) -> io::Result<Self> {
        let Ok(url) = env::var("CORAL_TEST_URL") else {
            return builder.start().await.map(Self::from);
        };
        Ok(Self {
            url,
            key: env::var("CORAL_TEST_KEY").unwrap_or(builder.key),
            custom_tool_secret: secret("CORAL_TEST_CUSTOM_TOOL_SECRET", builder.custom_tool_secret)?,
            webhook_secret: secret("CORAL_TEST_WEBHOOK_SECRET", builder.webhook_secret)?,
            stand_in: None,
        })
    }

    /// The URL of the server.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The API key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The secret that signs calls of custom tools.
    pub fn custom_tool_secret(&self) -> Secret {
        self.custom_tool_secret.clone()
    }

    /// The secret that signs session-end reports.
    pub fn webhook_secret(&self) -> Secret {
        self.webhook_secret.clone()
    }

    /// The stand-in; `None` on a real server. Tests of what only the stand-in can do are skipped then.
    #[must_use]
    pub fn stand_in(&self) -> Option<&CoralStandIn> {
        self.stand_in.as_ref()
    }
}

impl From<CoralStandIn> for TestServer {
    fn from(stand_in: CoralStandIn) -> Self {
        Self {
            url: stand_in.url().to_owned(),
            key: stand_in.key().to_owned(),
            custom_tool_secret: stand_in.custom_tool_secret(),
            webhook_secret: stand_in.webhook_secret(),
            stand_in: Some(stand_in),
        }
    }
}

/// The secret in an environment variable, or `default` if it is not set.
fn secret(name: &str, default: Secret) -> io::Result<Secret> {
    if env::var_os(name).is_none() {
        return Ok(default);
    }
    Secret::from_env(name).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))
}
