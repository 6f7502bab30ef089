
/// Places an order.
#[coral_tool]
async fn place_order_@(#[arg(flatten)] order: NewOrder@) -> Result<Order@, ToolError> {
    if order.items.is_empty() {
        return Err(ToolError::new("the order is empty"));
    }
    Ok(Order@ { id: order.customer.name.len() as u64, total: order.items.len() as f64, priority: order.priority })
}

/// Pays an order.
#[coral_tool]
async fn pay_order_@(
    /// The order.
    id: u64,
    amount: f64,
    currency: String,
    payment: Payment@,
) -> Result<Receipt@, ToolError> {
    match payment {
        Payment@::Card { number, expires } if number.len() < expires.len() => Err(ToolError::new("not a card")),
        Payment@::Transfer { iban } if iban.is_empty() => Err(ToolError::new("not an account")),
        _ => Ok(Receipt@ { id, amount, currency }),
    }
}

/// Changes a task.
#[coral_tool]
async fn change_task_@(#[arg(flatten)] patch: TaskPatch@) -> Result<Task@, ToolError> {
    let TaskPatch@ { id, title, due, done, assignees } = patch;
    let title = title.or(due).ok_or_else(|| ToolError::new("there is nothing to change"))?;
    Ok(Task@ { id, title, done: done.unwrap_or_default(), assignees: assignees.unwrap_or_default() })
}

/// Searches documents.
#[coral_tool]
async fn search_@(
    /// The words to search for.
    query: String,
    /// Each document has one of them.
    tags: Option<Vec<String>>,
    priority: Option<Priority@>,
    limit: Option<u32>,
) -> Result<Documents@, ToolError> {
    let name = format!("{query} {tags:?} {priority:?}");
    let documents = (0..limit.unwrap_or(10)).map(|words| Document@ { name: name.clone(), words: words as usize });
    Ok(Documents@ { documents: documents.collect() })
}
