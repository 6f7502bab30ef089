//! [`CallFields`] and `call_event!`: events that identify the call.

use crate::call::Call;

/// The call or session that an event is about, as far as it is known.
///
/// Fields of the span alone do not reach the log if its filter disables the span, as `RUST_LOG=warn` does.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct CallFields<'a> {
    pub(crate) tool: Option<&'a str>,
    pub(crate) session: Option<&'a str>,
    pub(crate) agent: Option<&'a str>,
    pub(crate) namespace: Option<&'a str>,
    pub(crate) call_id: Option<&'a str>,
}

impl<'a> CallFields<'a> {
    #[cfg(any(feature = "_api", feature = "webhook"))]
    pub(crate) fn of_session(id: &'a str) -> Self {
        Self { session: Some(id), ..Self::default() }
    }
}

impl<'a> From<&'a Call<'_>> for CallFields<'a> {
    fn from(call: &'a Call<'_>) -> Self {
        Self {
            tool: Some(call.tool()),
            session: call.session_id(),
            agent: call.agent_name(),
            namespace: call.namespace(),
            call_id: call.id(),
        }
    }
}

/// Logs an event with tool, session, agent, namespace and call id as its own fields: `call_event!(level, call, "message", field = …)`.
macro_rules! call_event {
    ($level:ident, $call:expr, $message:literal $(, $($fields:tt)+)?) => {{
        let call = $crate::telemetry::CallFields::from($call);
        tracing::$level!(
            gen_ai.tool.name = call.tool,
            gen_ai.conversation.id = call.session,
            gen_ai.agent.name = call.agent,
            coral.namespace = call.namespace,
            gen_ai.tool.call.id = call.call_id,
            $($($fields)+,)?
            $message
        );
    }};
}
pub(crate) use call_event;
