//! Whether the server can reach the URLs of a request, as far as their hosts show.

use super::coral::Coral;
use crate::build_error::BuildError;
use crate::session::base_url::BaseUrl;
use crate::session::host::HostScope;
use crate::session::request::SessionRequest;
use crate::session::url_grammar::parse;

impl Coral {
    /// Returns warnings about a request: those of [`SessionRequest::warnings`], and URLs of webhooks that this server probably
    /// cannot reach. Sends nothing.
    ///
    /// Coral Cloud cannot reach a loopback or private address, and no server a placeholder such as `your-app.example`. The
    /// server does not check the URLs when it creates a session; [`check`](Self::check) and
    /// [`create_session`](Self::create_session) log these warnings.
    ///
    /// ```
    /// use coral_tools::{Agent, Coral, Runtime, SessionRequest, Toolset, toolset};
    ///
    /// let tools: Toolset = toolset![];
    /// let request = SessionRequest::in_namespace("default")
    ///     .agent(Agent::marketplace("writer", "1.0.0", Runtime::Docker))
    ///     .tools(&tools, "http://localhost:3000/coral")
    ///     .session_end_webhook_at("http://localhost:3000/coral/session-end");
    /// let warnings = Coral::cloud("key").warnings(&request);
    /// assert_eq!(
    ///     warnings[0].to_string(),
    ///     "session-end webhook, URL `http://localhost:3000/coral/session-end`: https://api.coralcloud.ai cannot reach \
    ///      `localhost`, which is the machine that calls it; use the public URL of the application"
    /// );
    /// ```
    #[must_use]
    pub fn warnings(&self, request: &SessionRequest) -> Vec<BuildError> {
        request.warnings().into_iter().chain(self.unreachable_urls(request)).collect()
    }

    /// Logs each URL at which the server calls a tool of a session, and those that it probably cannot reach.
    pub(super) fn log_urls(&self, request: &SessionRequest, session: &str) {
        for (tool, url) in request.tool_urls() {
            tracing::info!(session, tool, url = url.redacted(), "the server calls the tool at this URL");
        }
        self.log_unreachable_urls(request);
    }

    pub(super) fn log_unreachable_urls(&self, request: &SessionRequest) {
        for warning in self.unreachable_urls(request) {
            tracing::warn!(%warning, "the server probably cannot reach this URL");
        }
    }

    /// From where the server sends its calls: its own host. `None` if its URL is invalid.
    pub(crate) fn host_scope(&self) -> Option<HostScope> {
        parse(self.transport().server()).ok().map(|url| url.scope())
    }

    fn unreachable_urls(&self, request: &SessionRequest) -> Vec<BuildError> {
        let tools = request.tool_urls().map(|(tool, url)| (format!("tool `{tool}`"), url));
        let session_end = request.session_end_url().map(|url| ("session-end webhook".to_owned(), url.clone()));
        tools.chain(session_end).filter_map(|(subject, url)| self.unreachable_url(&subject, &url)).collect()
    }

    fn unreachable_url(&self, subject: &str, url: &BaseUrl) -> Option<BuildError> {
        let parsed = url.parsed()?;
        let scope = parsed.scope();
        if !self.host_scope()?.cannot_reach(scope) {
            return None;
        }
        let (server, host) = (self.transport().server(), &parsed.host);
        let message =
            format!("{server} cannot reach `{host}`, which is {scope}; use the public URL of the application");
        Some(BuildError::new(format!("{subject}, URL `{}`", url.redacted()), message))
    }
}
