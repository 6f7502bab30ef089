
#[derive(Debug, Deserialize, JsonSchema)]
struct PayOrder@ {
    /// The order.
    id: u64,
    amount: f64,
    currency: String,
    payment: Payment@,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Search@ {
    /// The words to search for.
    query: String,
    /// Each document has one of them.
    tags: Option<Vec<String>>,
    priority: Option<Priority@>,
    limit: Option<u32>,
}
