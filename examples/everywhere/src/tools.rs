//! The tools, independent of the platform.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use coral_tools::{CallContext, IntoToolError, State, Toolset, coral_tool, toolset};
use thiserror::Error;

/// The errors that agents read.
#[derive(Debug, Error, IntoToolError)]
pub(crate) enum OrderError {
    #[error("order not found")]
    #[tool_error(display)]
    NotFound,
    #[error("the order has been shipped; it can only be returned")]
    #[tool_error(display)]
    Shipped,
}

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
    fn with_status<T>(&self, number: &str, action: impl FnOnce(&mut &'static str) -> T) -> Result<T, OrderError> {
        let mut orders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let status = orders.get_mut(number).ok_or(OrderError::NotFound)?;
        Ok(action(status))
    }
}

/// Look up the status of an order.
#[coral_tool(read_only)]
fn lookup_order(
    /// The number of the order, such as `A1`.
    number: String,
    #[context] State(orders): State<Orders>,
) -> Result<String, OrderError> {
    orders.with_status(&number, |status| (*status).to_owned())
}

/// Cancel an order that has not been shipped.
#[coral_tool(destructive, idempotent)]
fn cancel_order(
    /// The number of the order, such as `A1`.
    number: String,
    #[context] call: CallContext,
    #[context] State(orders): State<Orders>,
) -> Result<String, OrderError> {
    orders.with_status(&number, |status| {
        if *status == "shipped" {
            return Err(OrderError::Shipped);
        }
        *status = "cancelled";
        Ok(format!("cancelled by an agent on {:?}", call.origin()))
    })?
}

pub(crate) fn tools() -> Toolset<Orders> {
    toolset![lookup_order, cancel_order]
}
