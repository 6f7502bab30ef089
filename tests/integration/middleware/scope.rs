//! The tools that a middleware is for: with clones, merged sets, changes, methods and tools made at run time.

use coral_tools::middleware::ReadOnlyCache;
use coral_tools::{BuildErrors, Call, DynamicTool, ToolError, Toolset, coral_tool, coral_tools, toolset};
use serde_json::json;

use super::{Events, Trace, fail, reject, tools};

/// Does nothing.
#[coral_tool]
fn nothing() {}

fn dynamic(name: &str) -> DynamicTool<Events> {
    let schema = json!({"type": "object", "properties": {}});
    DynamicTool::new(name, "Does nothing.", schema, |_| async { Ok::<_, ToolError>(()) })
}

async fn outcome<S: Sync>(tools: &Toolset<S>, tool: &str, state: &S) -> &'static str {
    tools.dispatch(Call::new(tool, b"{}"), state).await.label()
}

/// The middleware that a call of `tool` passes.
async fn trace(tools: &Toolset<Events>, tool: &str) -> Vec<String> {
    let events = Events::default();
    outcome(tools, tool, &events).await;
    events.take().iter().filter_map(|event| event.strip_suffix(" before").map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_middleware_for_one_tool_is_not_run_for_others() {
    let tools = tools().with_for::<fail>(Trace("a")).with_for_named("echo", Trace("b"));
    tools.check().expect("the set contains both");
    assert_eq!(trace(&tools, "fail").await, ["a"]);
    assert_eq!(trace(&tools, "echo").await, ["b"]);
}

#[tokio::test]
async fn the_set_without_middleware_is_not_changed() {
    let plain = tools();
    let limited = plain.clone().with(reject);
    let clone = limited.clone();
    let events = Events::default();
    assert_eq!(outcome(&plain, "fail", &events).await, "failed");
    assert_eq!(outcome(&limited, "fail", &events).await, "rejected");
    assert_eq!(outcome(&clone, "fail", &events).await, "rejected");
}

#[tokio::test]
async fn tools_that_are_inserted_later_have_the_middleware_of_the_set() -> Result<(), BuildErrors> {
    let plain = tools();
    let limited = plain.clone().with(Trace("all")).with_for_named("late", Trace("late"));
    assert!(limited.check().is_err(), "there is no such tool yet");
    plain.insert(dynamic("late"))?;
    limited.check()?;
    assert_eq!(trace(&limited, "late").await, ["late", "all"]);
    assert!(limited.remove("late"));
    assert_eq!(trace(&limited, "late").await, [""; 0]);
    limited.replace(&Toolset::builder().dynamic(dynamic("new")).build()?.with(Trace("other")));
    assert_eq!(trace(&limited, "new").await, ["all"]);
    Ok(())
}

#[tokio::test]
async fn merged_sets_keep_the_middleware_of_their_own_tools() -> Result<(), BuildErrors> {
    let left = tools().with(Trace("left")).with_for::<fail>(Trace("fail"));
    let right: Toolset<Events> = toolset![nothing];
    let merged = left.merge(&right.with(Trace("right")))?.with(Trace("both"));
    assert_eq!(trace(&merged, "fail").await, ["both", "fail", "left"]);
    assert_eq!(trace(&merged, "echo").await, ["both", "left"]);
    assert_eq!(trace(&merged, "nothing").await, ["both", "right"]);
    merged.insert(dynamic("late"))?;
    assert_eq!(trace(&merged, "late").await, ["both"]);
    Ok(())
}

struct Shop;

#[coral_tools]
impl Shop {
    /// Sells an article.
    #[coral_tool]
    fn sell(&self) {}
}

#[tokio::test]
async fn methods_and_tools_of_any_state_have_middleware() {
    let tools: Toolset<u32> = Shop::toolset(Shop).with_for::<ShopSell>(reject);
    tools.check().expect("the set contains the method");
    assert_eq!(outcome(&tools, "sell", &7).await, "rejected");
}

#[test]
fn a_middleware_for_a_tool_that_it_does_not_fit_is_an_error() {
    let cache = || ReadOnlyCache::new(std::time::Duration::from_secs(1));
    let tools =
        tools().with(cache()).with_for_named("ehco", reject).with_for::<fail>(cache()).with_for_named("echo", cache());
    let errors = tools.check().expect_err("two errors").to_string();
    let expected = "tool `ehco`: a middleware is for this tool, which the toolset does not contain\n\
        tool `fail`: its results cannot be cached, because it is not marked `read_only`";
    assert_eq!(errors, expected);
}
