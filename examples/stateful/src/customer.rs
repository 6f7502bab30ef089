//! The customer that a session belongs to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use coral_tools::{Context, FromContext, ToolError};

use crate::App;

/// The customer of each session. The application registers a session when it creates it.
#[derive(Debug, Clone, Default)]
pub(crate) struct SessionStore {
    customers: Arc<Mutex<HashMap<String, String>>>,
}

impl SessionStore {
    /// Registers the customer of a session.
    pub(crate) fn register(&self, session: &str, customer: &str) {
        let mut customers = self.customers.lock().unwrap_or_else(PoisonError::into_inner);
        customers.insert(session.to_owned(), customer.to_owned());
    }

    fn customer(&self, session: &str) -> Option<String> {
        self.customers.lock().unwrap_or_else(PoisonError::into_inner).get(session).cloned()
    }
}

/// The customer that an agent works for: a context parameter of the application.
///
/// A tool with this parameter does not run for an unknown session.
#[derive(Debug)]
pub(crate) struct Customer(pub(crate) String);

impl FromContext<App> for Customer {
    async fn from_context(context: &Context<'_, App>) -> Result<Self, ToolError> {
        let customer = context.session_id().and_then(|session| context.state().sessions.customer(session));
        customer.map(Self).ok_or_else(ToolError::unknown_session)
    }
}
