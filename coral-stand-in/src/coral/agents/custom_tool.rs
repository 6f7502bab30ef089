//! Calls of custom tools.

use std::time::Instant;

use http::StatusCode;

use super::ScriptedAgent;
use crate::coral::decode::CustomTool;
use crate::coral::logs::Level;
use coral_tools::testing::{AgentView, Arguments, CallerError, CoralCaller, WireRequest};

impl ScriptedAgent {
    /// Calls a custom tool in a task of its own: as with a server, a call outlives its agent and its session.
    pub(super) async fn call_custom_tool(&self, name: &str, tool: &CustomTool, arguments: Arguments) -> AgentView {
        let (agent, name, tool) = (self.clone(), name.to_owned(), tool.clone());
        let call = async move { agent.run_custom_tool(&name, &tool, arguments).await };
        let view = self.session.context.tasks.run(call).await;
        view.unwrap_or_else(|| AgentView::unknown_error("the server was stopped"))
    }

    async fn run_custom_tool(&self, name: &str, tool: &CustomTool, arguments: Arguments) -> AgentView {
        let caller = CoralCaller::new(self.session.context.custom_tool_secret.clone())
            .signature_header(tool.signature_header.as_str())
            .in_namespace(self.namespace())
            .in_session(self.session_id())
            .by_agent(self.name())
            .timeout(self.session.context.call_timeout);
        let started = Instant::now();
        let mut url = tool.url.clone();
        let called = match caller.request(&tool.url, arguments) {
            Ok(request) => {
                url = format!("http://{}{}", authority(&request), request.target());
                self.log(Level::Info, format!("Calling custom tool {name}, posting to {url}"));
                self.send_call(&caller, &request).await
            }
            Err(error) => Err(error),
        };
        // An error means arguments that an MCP client would not send, or a URL that Coral cannot call, or an `https` URL.
        let view = called.unwrap_or_else(|error| AgentView::unknown_error(error.to_string()));
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (status, agent) = (view.status(), self.name());
        if view.is_error {
            let reason = view.cause().unwrap_or(&view.text);
            tracing::warn!(tool = name, agent, url = tool.url, status, duration_ms, reason, "webhook call failed");
            match view.status().and_then(|status| StatusCode::from_u16(status).ok()) {
                Some(status) if status != StatusCode::OK => {
                    self.log(Level::Warning, format!("Failed to send custom tool call to {url}, got {status}"));
                }
                _ => self.session.log_error(Some(&self.agent), format!("Error executing custom tool {name}"), reason),
            }
        } else {
            tracing::info!(tool = name, agent, url = tool.url, status, duration_ms, "webhook call");
        }
        view
    }

    /// Sends a call once the limit allows it. The timeout of the call begins then.
    async fn send_call(&self, caller: &CoralCaller, request: &WireRequest) -> Result<AgentView, CallerError> {
        let _permit = self.session.context.call_limits.acquire(authority(request)).await;
        caller.send(request).await
    }
}

fn authority(request: &WireRequest) -> &str {
    request.headers().find(|(name, _)| *name == "Host").map_or("", |(_, value)| value)
}
