//! The probe as a method of the client.

use super::report::ProbeReport;
use super::webhook_probe::WebhookProbe;
use crate::client::Coral;
use crate::session::custom_tools::CustomTools;
use crate::webhook::Secret;

impl Coral {
    /// Tests whether calls of this server would reach the webhooks of this application, before a session depends on it. Sends
    /// nothing to the server: see [`WebhookProbe`].
    ///
    /// A host that this server cannot reach is a failure, although this process can: a loopback or private address, if the
    /// server is Coral Cloud.
    ///
    /// ```no_run
    /// use coral_tools::{Coral, Secret, Toolset, toolset};
    ///
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let tools: Toolset = toolset![];
    /// let secret = Secret::from_env("CORAL_CUSTOM_TOOL_SECRET")?;
    /// let custom_tools = tools.custom_tools("https://your-app.example/coral")?;
    /// // Refuses to start if a tool is not reached.
    /// let report = Coral::from_env()?.probe_webhooks(&custom_tools, secret).await.into_result()?;
    /// println!("{report}");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn probe_webhooks(&self, tools: &CustomTools, secret: Secret) -> ProbeReport {
        let probe = WebhookProbe::new(secret);
        let probe = match self.host_scope() {
            Some(scope) => probe.for_server(scope),
            None => probe,
        };
        probe.probe(tools).await
    }
}
