
    #[tool(description = "Places an order.")]
    async fn place_order_@(&self, Parameters(order): Parameters<NewOrder@>) -> Result<Json<Order@>, ErrorData> {
        if order.items.is_empty() {
            return Err(ErrorData::invalid_params("the order is empty", None));
        }
        let (id, total) = (order.customer.name.len() as u64, order.items.len() as f64);
        Ok(Json(Order@ { id, total, priority: order.priority }))
    }

    #[tool(description = "Pays an order.")]
    async fn pay_order_@(&self, Parameters(arguments): Parameters<PayOrder@>) -> Result<Json<Receipt@>, ErrorData> {
        let PayOrder@ { id, amount, currency, payment } = arguments;
        match payment {
            Payment@::Card { number, expires } if number.len() < expires.len() => {
                Err(ErrorData::invalid_params("not a card", None))
            }
            Payment@::Transfer { iban } if iban.is_empty() => Err(ErrorData::invalid_params("not an account", None)),
            _ => Ok(Json(Receipt@ { id, amount, currency })),
        }
    }

    #[tool(description = "Changes a task.")]
    async fn change_task_@(&self, Parameters(patch): Parameters<TaskPatch@>) -> Result<Json<Task@>, ErrorData> {
        let TaskPatch@ { id, title, due, done, assignees } = patch;
        let title = title.or(due).ok_or_else(|| ErrorData::invalid_params("there is nothing to change", None))?;
        Ok(Json(Task@ { id, title, done: done.unwrap_or_default(), assignees: assignees.unwrap_or_default() }))
    }

    #[tool(description = "Searches documents.")]
    async fn search_@(&self, Parameters(arguments): Parameters<Search@>) -> Result<Json<Documents@>, ErrorData> {
        let Search@ { query, tags, priority, limit } = arguments;
        let name = format!("{query} {tags:?} {priority:?}");
        let documents = (0..limit.unwrap_or(10)).map(|words| Document@ { name: name.clone(), words: words as usize });
        Ok(Json(Documents@ { documents: documents.collect() }))
    }
