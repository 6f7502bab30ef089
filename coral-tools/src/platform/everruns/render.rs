//! Writes the request for a new session as JSON.

use serde_json::Value;

use crate::build_error::BuildErrors;
use crate::json::ObjectBuilder;
use crate::platform::everruns::check::check;
use crate::platform::everruns::new_session::{IdOrName, NewSession};

impl NewSession {
    /// The request body.
    ///
    /// # Errors
    ///
    /// Returns every problem of the request and its tools.
    pub fn to_json(&self) -> Result<Value, BuildErrors> {
        self.check()?;
        let body = with_id_or_name(ObjectBuilder::new(), "agent", self.agent.as_ref());
        let mut body = with_id_or_name(body, "harness", self.harness.as_ref())
            .extend(&self.plain)
            .non_empty_list("tags", &self.tags)
            .non_empty_list("capabilities", &self.capabilities)
            .non_empty_list("initial_files", &self.files)
            .non_empty("mcpServers", self.mcp_servers.clone());
        let mut hints = self.hints.clone();
        if let Some(tools) = self.client_tools() {
            body.insert("tools", tools.to_json());
            hints.insert("setup_connection".to_owned(), true.into());
        }
        Ok(body.non_empty("hints", hints).extend(&self.extra).into_value())
    }

    /// Checks the request.
    ///
    /// # Errors
    ///
    /// Returns every problem of the request and its tools.
    pub fn check(&self) -> Result<(), BuildErrors> {
        check(self)
    }
}

fn with_id_or_name(body: ObjectBuilder, object: &str, id_or_name: Option<&IdOrName>) -> ObjectBuilder {
    match id_or_name {
        Some(IdOrName::Id(id)) => body.field(&format!("{object}_id"), id.as_str()),
        Some(IdOrName::Name(name)) => body.field(&format!("{object}_name"), name.as_str()),
        None => body,
    }
}
