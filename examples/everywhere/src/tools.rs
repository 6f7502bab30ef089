//! The tools, independent of the platform.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use coral_tools::{CallContext, State, ToolError, Toolset, coral_tool, toolset};

/// The status of each order of a shop, by order number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Orders(Arc<Mutex<BTreeMap<String, &'static str>>>);

impl Orders {
    /// Two orders: one that can be cancelled, and one that cannot.
    pub(crate) fn examples() -> Self {
        let orders = [("A1", "packed"), ("B2", "shipped")];
        Self(Arc::new(Mutex::new(orders.map(|(number, status)| (number.to_owned(), status)).into())))
    }

    /// Calls `action` with the status of an order.
    fn with_status<T>(&self, number: &str, action: impl FnOnce(&mut &'static str) -> T) -> Result<T, ToolError> {
        let mut orders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let status = orders.get_mut(number).ok_or_else(|| ToolError::new("order not found"))?;
        Ok(action(status))
    }
}

/// Look up the status of an order.
#[coral_tool(read_only)]
fn lookup_order(
    /// The number of the order, such as `A1`.
    number: String,
    #[context] State(orders): State<Orders>,
) -> Result<String, ToolError> {
    orders.with_status(&number, |status| (*status).to_owned())
}

/// Cancel an order that has not been shipped.
#[coral_tool(destructive, idempotent)]
fn cancel_order(
    /// The number of the order, such as `A1`.
    number: String,
    #[context] call: CallContext,
    #[context] State(orders): State<Orders>,
) -> Result<String, ToolError> {
    orders.with_status(&number, |status| {
        if *status == "shipped" {
            return Err(ToolError::new("the order has been shipped; it can only be returned"));
        }
        *status = "cancelled";
        Ok(format!("cancelled by an agent on {:?}", call.origin()))
    })?
}

pub(crate) fn tools() -> Toolset<Orders> {
    toolset![lookup_order, cancel_order]
}
