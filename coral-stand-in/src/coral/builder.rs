//! The settings of a stand-in.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde_json::Value;

use super::CoralStandIn;
use super::agent_type::AgentType;
use super::agents::{ScriptedAgent, builtin_types, script};
use super::emulated_version::EmulatedVersion;
use super::registry::{RegisteredAgent, Registry};
use super::session::{Script, Scripts};
use coral_tools::Secret;

/// The time after which debug agents of a server were measured to connect.
const DEBUG_AGENT_DELAY: Duration = Duration::from_millis(6);

/// The time limit of a server for a call of a custom tool.
const CALL_TIMEOUT: Duration = Duration::from_secs(15);

/// The builder of a [`CoralStandIn`].
///
/// ```
/// use coral_stand_in::coral::{AgentOption, AgentType, CoralStandIn, EmulatedVersion};
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let writer = AgentType::local("writer", "1.0.0").option("TITLE", AgentOption::text().required());
/// let coral = CoralStandIn::builder()
///     .emulates(EmulatedVersion::Cloud)
///     .key("my-key")
///     .agent(writer, |agent| async move {
///         let title = agent.options()["TITLE"].clone();
///         agent.call_tool("submit_report", json!({"title": title})).await;
///     })
///     .start()
///     .await?;
/// assert_eq!(coral.key(), "my-key");
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct CoralStandInBuilder {
    pub(super) emulated: EmulatedVersion,
    pub(super) key: String,
    pub(super) custom_tool_secret: Secret,
    pub(super) webhook_secret: Secret,
    pub(super) address: SocketAddr,
    pub(super) connection_delay: Duration,
    pub(super) call_timeout: Duration,
    pub(super) allows_script_panics: bool,
    agents: Vec<(Value, Script)>,
}

impl std::fmt::Debug for CoralStandInBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CoralStandInBuilder")
            .field("emulated_version", &self.emulated)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Default for CoralStandInBuilder {
    fn default() -> Self {
        Self {
            emulated: EmulatedVersion::default(),
            key: "stand-in-key".to_owned(),
            custom_tool_secret: Secret::new("stand-in-custom-tool-secret"),
            webhook_secret: Secret::new("stand-in-webhook-secret"),
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            connection_delay: DEBUG_AGENT_DELAY,
            call_timeout: CALL_TIMEOUT,
            allows_script_panics: false,
            agents: Vec::new(),
        }
    }
}

impl CoralStandInBuilder {
    /// Sets the version to emulate. Default: coral-server 1.2.
    pub fn emulates(mut self, version: EmulatedVersion) -> Self {
        self.emulated = version;
        self
    }

    /// Sets the only accepted API key. Default: `stand-in-key`.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = key.into();
        self
    }

    /// Sets the secret that signs calls of custom tools. Default: `stand-in-custom-tool-secret`.
    pub fn custom_tool_secret(mut self, secret: Secret) -> Self {
        self.custom_tool_secret = secret;
        self
    }

    /// Sets the secret that signs session-end reports. Default: `stand-in-webhook-secret`.
    pub fn webhook_secret(mut self, secret: Secret) -> Self {
        self.webhook_secret = secret;
        self
    }

    /// Sets the address to listen on. Default: a free port of 127.0.0.1.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Sets how long agents take to connect after their start; until then they are running, but not connected. Default: 6 ms, as
    /// the debug agents of a server; a Python agent takes 0.5 to 1.2 s.
    pub fn connection_delay(mut self, delay: Duration) -> Self {
        self.connection_delay = delay;
        self
    }

    /// Sets how long a call of a custom tool may take, from its connection to the end of the response. Default: 15 s, which no
    /// server can change; tests of slow tools need not wait that long.
    pub fn call_timeout(mut self, limit: Duration) -> Self {
        self.call_timeout = limit;
        self
    }

    /// Does not panic when the server is dropped after a script has panicked. The log has the panic, and its agent has stopped.
    pub fn allow_script_panics(mut self) -> Self {
        self.allows_script_panics = true;
        self
    }

    /// Registers an agent type and the script that its agents run once they are connected.
    ///
    /// The type replaces a built-in one with the same identifier. If the script panics, [`CoralStandIn`] panics when it is dropped,
    /// so that the test fails.
    pub fn agent<F>(
        mut self,
        agent: impl Into<AgentType>,
        run: impl Fn(ScriptedAgent) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (agent, program) = agent.into().into_parts();
        self.agents.push((agent, script(run, program)));
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    ///
    /// Returns an error if it cannot listen on the address, or if an agent type is invalid.
    pub async fn start(mut self) -> io::Result<CoralStandIn> {
        let types = self.agent_types();
        let (registry, scripts) = types.map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        CoralStandIn::serve(self, registry, scripts).await
    }

    fn agent_types(&mut self) -> Result<(Registry, Scripts), String> {
        let (mut agents, mut scripts) = (Vec::new(), Vec::new());
        for (json, script) in std::mem::take(&mut self.agents).into_iter().chain(builtin_types()) {
            let agent = RegisteredAgent::from_json(json)?;
            scripts.push((agent.id.clone(), script));
            agents.push(agent);
        }
        Ok((Registry::new(agents), Scripts::new(scripts)))
    }
}
