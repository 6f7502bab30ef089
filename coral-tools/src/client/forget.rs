//! Forgetting sessions that have ended.

use crate::session::RecordedTools;
use crate::telemetry::{CallFields, call_event};

/// Removes the recorded calls of a session that has ended.
pub(super) async fn forget_calls(tools: RecordedTools, session_id: String) {
    if let Err(error) = tools.store.forget_session(&session_id).await {
        let session = CallFields::of_session(&session_id);
        call_event!(warn, session, "cannot forget the calls of a session that has ended", %error);
    }
}
