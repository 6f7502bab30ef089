//! The tools, independent of the platform.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use coral_tools::{CallContext, State, ToolError, Toolset, coral_tool, toolset};

/// The orders of a shop, by number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Orders(Arc<Mutex<BTreeMap<String, &'static str>>>);

impl Orders {
    /// Two orders: one that can be cancelled, and one that cannot.
    pub(crate) fn examples() -> Self {
        let orders = [("A1", "packed"), ("B2", "shipped")];
        Self(Arc::new(Mutex::new(orders.map(|(number, status)| (number.to_owned(), status)).into())))
    }

    fn with<T>(&self, number: &str, read: impl FnOnce(&mut &'static str) -> T) -> Result<T, ToolError> {
        let mut orders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let order = orders.get_mut(number).ok_or_else(|| ToolError::new("order not found"))?;
        Ok(read(order))
    }
}

/// Look up the status of an order.
#[coral_tool(read_only)]
fn lookup_order(
    /// The number of the order, such as `A1`.
    number: String,
    #[context] State(orders): State<Orders>,
) -> Result<String, ToolError> {
    orders.with(&number, |status| (*status).to_owned())
}

/// Cancel an order that has not been shipped.
#[coral_tool(destructive, idempotent)]
fn cancel_order(
    /// The number of the order, such as `A1`.
    number: String,
    #[context] call: CallContext,
    #[context] State(orders): State<Orders>,
) -> Result<String, ToolError> {
    orders.with(&number, |status| {
        if *status == "shipped" {
            return Err(ToolError::new("it is on its way already; it can only be sent back"));
        }
        *status = "cancelled";
        Ok(format!("cancelled for {:?}", call.origin()))
    })?
}

pub(crate) fn tools() -> Toolset<Orders> {
    toolset![lookup_order, cancel_order]
}
