
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Priority@ {
    Low,
    Normal,
    High,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Address@ {
    street: String,
    city: String,
    /// An ISO 3166 code.
    country: String,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Customer@ {
    name: String,
    email: Option<String>,
    address: Address@,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Item@ {
    sku: String,
    quantity: u32,
    note: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct NewOrder@ {
    customer: Customer@,
    /// The ordered items.
    items: Vec<Item@>,
    priority: Priority@,
    gift: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Order@ {
    id: u64,
    total: f64,
    priority: Priority@,
}

/// How an order is paid.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Payment@ {
    Card { number: String, expires: String },
    Transfer { iban: String },
    Cash,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Receipt@ {
    id: u64,
    amount: f64,
    currency: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct TaskPatch@ {
    id: u64,
    title: Option<String>,
    /// A date such as 2026-01-31.
    due: Option<String>,
    done: Option<bool>,
    assignees: Option<Vec<String>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Task@ {
    id: u64,
    title: String,
    done: bool,
    assignees: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Document@ {
    name: String,
    words: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Documents@ {
    documents: Vec<Document@>,
}
