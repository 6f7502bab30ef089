//! Methods as tools: `#[coral_tools]`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use coral_tools::testing::Harness;
use coral_tools::{
    Agent, Call, CallContext, Outcome, Runtime, State, ToolError, Toolset, coral_tool, coral_tools, toolset,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

/// A shop, whose stock all its clones share.
#[derive(Debug, Clone, Default)]
struct Shop {
    sold: Arc<AtomicU32>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Sale {
    article: String,
    sold: u32,
}

#[coral_tools]
impl Shop {
    /// The number of articles in stock.
    const STOCK: u32 = 3;

    /// Sells an article.
    #[coral_tool(destructive = false, timeout = "5s")]
    async fn sell(
        &self,
        /// The name of the article.
        #[arg(min_length = 1)]
        article: String,
        #[arg(default = Self::default_count(), maximum = 3)] count: u32,
        #[context] call: CallContext,
    ) -> Result<Sale, ToolError> {
        tokio::task::yield_now().await;
        self.take(count)?;
        Ok(Sale { article: format!("{article} for {}", call.session_id()), sold: self.sold.load(Ordering::Relaxed) })
    }

    /// Returns the number of articles that are left.
    #[coral_tool(read_only, name = "stock")]
    fn remaining(&self) -> u32 {
        Self::STOCK - self.sold.load(Ordering::Relaxed)
    }

    /// Returns another shop.
    #[coral_tool(blocking, args = Thread)]
    fn thread(&self) -> bool {
        std::thread::current().name().is_some_and(|name| name.contains("tokio")) && self.remaining() <= Self::STOCK
    }

    /// Only on a platform that does not exist.
    #[cfg(target_os = "none")]
    #[coral_tool]
    fn nowhere(&self, missing: MissingType) {}

    fn take(&self, count: u32) -> Result<(), ToolError> {
        match self.remaining() >= count {
            true => _ = self.sold.fetch_add(count, Ordering::Relaxed),
            false => return Err(ToolError::new("sold out")),
        }
        Ok(())
    }

    fn default_count() -> u32 {
        1
    }
}

/// A second block of the same type, and tools with the names of the first one in another type.
#[coral_tools(toolset = admin_tools)]
impl Shop {
    /// Takes back everything.
    #[coral_tool]
    fn reset(&self, #[context] State(Admin(name)): State<Admin>) -> String {
        self.sold.store(0, Ordering::Relaxed);
        name.to_owned()
    }
}

struct Depot;

#[coral_tools]
impl Depot {
    /// Sells from the depot.
    #[coral_tool(name = "sell_from_depot")]
    fn sell(&self, articles: Vec<String>) -> usize {
        articles.len()
    }
}

/// The state of the application.
#[derive(Debug, Clone)]
struct Admin(&'static str);

fn names<S>(tools: &Toolset<S>) -> Vec<String> {
    tools.descriptors().map(|tool| tool.name().to_owned()).collect()
}

#[tokio::test]
async fn methods_are_called_on_the_value_of_the_toolset() {
    let shop = Shop::default();
    let tools: Toolset = Shop::toolset(shop.clone());
    assert!(tools.check().is_ok(), "{:?}", tools.check());
    assert_eq!(names(&tools), ["sell", "stock", "thread"]);
    let harness = Harness::new(&tools, ());
    let sale = harness.call(ShopSell { article: "tea".to_owned(), count: 2 }).await;
    let sale: Value = serde_json::from_str(sale.text()).expect("JSON");
    assert_eq!(sale["sold"], 2);
    assert_eq!(shop.remaining(), 1, "the clone shares the stock");
    assert_eq!(
        harness.call(("sell", json!({"article": "tea", "count": 2}))).await.text(),
        r#"{"success":false,"error":"sold out"}"#
    );
    let sale = harness.call(("sell", json!({"article": "tea"}))).await.text().to_owned();
    assert!(sale.contains(r#""sold":3"#), "the default count: {sale}");
    assert_eq!(harness.call(("stock", json!({}))).await.text(), r#"{"result":0}"#);
    let invalid = harness.call(("sell", json!({"article": "", "count": 4}))).await.text().to_owned();
    assert!(invalid.contains("2 arguments are invalid"), "{invalid}");
}

#[tokio::test]
async fn a_blocking_method_runs_on_a_thread_for_blocking_work() {
    let tools: Toolset = Shop::toolset(Arc::new(Shop::default()));
    let outcome = tools.dispatch(Call::new("thread", b"{}"), &()).await;
    assert_eq!(outcome.into_json(), br#"{"result":true}"#);
}

/// Counts.
#[coral_tool]
fn count() {}

#[tokio::test]
async fn toolsets_of_several_blocks_and_functions_are_merged() -> Result<(), Box<dyn std::error::Error>> {
    let shop = Arc::new(Shop::default());
    let tools: Toolset<Admin> = Shop::toolset(Arc::clone(&shop))
        .merge(&Shop::admin_tools(Arc::clone(&shop)))?
        .merge(&Depot::toolset(Depot))?
        .merge(&toolset![count])?;
    assert_eq!(names(&tools), ["sell", "stock", "thread", "reset", "sell_from_depot", "count"]);
    shop.take(3).expect("three in stock");
    let outcome = tools.dispatch(Call::new("reset", b"{}"), &Admin("root")).await;
    assert_eq!(outcome.into_json(), br#"{"result":"root"}"#);
    assert_eq!(shop.remaining(), 3);
    let outcome = tools.dispatch(Call::new("sell_from_depot", br#"{"articles": ["a"]}"#), &Admin("root")).await;
    assert!(matches!(outcome, Outcome::Success(_)), "{outcome:?}");
    Ok(())
}

#[test]
fn a_method_is_described_like_a_function() {
    let tools: Toolset = Shop::toolset(Shop::default());
    let sell = tools.descriptor("sell").expect("the tool");
    assert_eq!((sell.description(), sell.hints().destructive), ("Sells an article.", Some(false)));
    let properties = &sell.input_schema()["properties"];
    assert_eq!((&properties["article"]["type"], &properties["article"]["minLength"]), (&json!("string"), &json!(1)));
    let description = properties["article"]["description"].as_str().unwrap_or_default();
    assert!(description.starts_with("The name of the article."), "{description}");
    assert_eq!(properties["count"]["default"], 1);
    let agent = Agent::local("a", "1.0.0", Runtime::Docker).can_call::<ShopSell>();
    let request = coral_tools::SessionRequest::in_namespace("n").agent(agent).tools(&tools, "https://example.com");
    assert!(request.check().is_ok(), "{:?}", request.check());
}

#[tokio::test]
async fn a_block_may_be_inside_a_function() {
    struct Local(u8);

    #[coral_tools]
    impl Local {
        /// Returns the number.
        #[coral_tool]
        fn number(&self) -> u8 {
            self.0
        }
    }

    let tools: Toolset = Local::toolset(Local(7));
    assert_eq!(tools.dispatch(Call::new("number", b"{}"), &()).await.into_json(), br#"{"result":7}"#);
}
