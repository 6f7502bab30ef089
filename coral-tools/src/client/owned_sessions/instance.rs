//! [`Instance`]: finds the sessions of an instance of the application by their annotations.

use std::sync::{Arc, LazyLock};

use uuid::Uuid;

use crate::session::request::SessionRequest;
use crate::state::SessionState;

const INSTANCE: &str = "coral-tools.instance";
const PROCESS: &str = "coral-tools.process";

/// The id of this process, which a session has from its creation on, before the application knows its id.
static PROCESS_ID: LazyLock<String> = LazyLock::new(|| Uuid::new_v4().to_string());

/// The name of this instance of the application.
#[derive(Debug, Clone)]
pub(super) struct Instance(Arc<str>);

impl Instance {
    pub(super) fn new(name: String) -> Self {
        Self(name.into())
    }

    /// Adds the annotations of the instance and of this process to a request.
    pub(super) fn annotate(&self, request: SessionRequest) -> SessionRequest {
        request.annotation(INSTANCE, &*self.0).annotation(PROCESS, &**PROCESS_ID)
    }

    /// Whether another process of this instance has opened a session, which runs.
    pub(super) fn has_left_over(&self, session: &SessionState) -> bool {
        let annotation = |key| session.annotations.get(key).map(String::as_str);
        let is_of_this_process = annotation(PROCESS).is_none_or(|process| process == PROCESS_ID.as_str());
        annotation(INSTANCE) == Some(&*self.0) && !is_of_this_process && !session.is_closing()
    }
}
