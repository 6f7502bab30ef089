//! What a stand-in is to be.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use serde_json::Value;

use super::StandIn;
use super::agents::{Script, ScriptedAgent, script};
use super::plays::Plays;
use super::registry::{Entry, Registry, debug_agents, natural_tone_agent};
use coral_tools::Secret;

/// Sets up a [`StandIn`].
///
/// ```
/// use coral_stand_in::coral::{Plays, StandIn};
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let writer = json!({"registryAgent": {
///     "info": {"identifier": {"name": "writer", "version": "1.0.0", "registrySourceId": {"type": "local"}}},
///     "runtimes": {"docker": {"image": "writer:1.0.0"}},
///     "options": {"TITLE": {"type": "string", "required": true}},
/// }});
/// let coral = StandIn::builder()
///     .plays(Plays::Cloud)
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
pub struct StandInBuilder {
    pub(super) plays: Plays,
    pub(super) key: String,
    pub(super) custom_tool_secret: Secret,
    pub(super) webhook_secret: Secret,
    pub(super) address: SocketAddr,
    agents: Vec<(Value, Script)>,
}

impl std::fmt::Debug for StandInBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StandInBuilder")
            .field("plays", &self.plays)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Default for StandInBuilder {
    fn default() -> Self {
        Self {
            plays: Plays::default(),
            key: "stand-in-key".to_owned(),
            custom_tool_secret: Secret::new("stand-in-custom-tool-secret"),
            webhook_secret: Secret::new("stand-in-webhook-secret"),
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            agents: Vec::new(),
        }
    }
}

impl StandInBuilder {
    /// Plays another generation than coral-server 1.2.
    pub fn plays(mut self, plays: Plays) -> Self {
        self.plays = plays;
        self
    }

    /// Takes this key alone, instead of `stand-in-key`.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = key.into();
        self
    }

    /// Signs calls of custom tools with this secret.
    pub fn custom_tool_secret(mut self, secret: Secret) -> Self {
        self.custom_tool_secret = secret;
        self
    }

    /// Signs reports of a session's end with this secret.
    pub fn webhook_secret(mut self, secret: Secret) -> Self {
        self.webhook_secret = secret;
        self
    }

    /// Listens there, instead of on a free port of 127.0.0.1.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Registers an agent type and what its agents do once they are connected.
    ///
    /// `entry` is what the registry shows of it, a `RestrictedRegistryAgent`. Only `registryAgent.info.identifier` is
    /// needed, and one of `registryAgent.runtimes` for the agent to run; options that are not in it are refused. It comes
    /// before an agent of the stand-in's own with the same identifier.
    pub fn agent<F>(mut self, entry: Value, act: impl Fn(ScriptedAgent) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.agents.push((entry, script(act)));
        self
    }

    /// Starts it.
    ///
    /// # Errors
    ///
    /// Where the address cannot be listened on, or an agent's entry says less than it has to.
    pub async fn start(mut self) -> io::Result<StandIn> {
        let registry = self.registry().map_err(|fault| io::Error::new(io::ErrorKind::InvalidInput, fault))?;
        StandIn::serve(self, registry).await
    }

    fn registry(&mut self) -> Result<Registry, String> {
        let given = std::mem::take(&mut self.agents).into_iter();
        let mut entries = given.map(|(entry, script)| Entry::of(entry, script)).collect::<Result<Vec<_>, _>>()?;
        entries.extend(debug_agents()?);
        entries.push(natural_tone_agent()?);
        Ok(Registry::new(entries))
    }
}
