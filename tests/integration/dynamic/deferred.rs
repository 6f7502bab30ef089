//! Results that come after the call.

use std::time::Duration;

use coral_tools::Deferred;
use tokio::time::sleep;

use super::*;

/// A tool that counts to a number, which takes as many minutes.
fn count() -> DynamicTool {
    let schema = json!({ "type": "object", "properties": { "to": { "type": "integer" } }, "required": ["to"] });
    let count = DynamicTool::deferred("count", "Counts.", schema, |arguments, call: CallContext| async move {
        assert_eq!(call.tool(), "count");
        let to = arguments["to"].as_u64().ok_or_else(|| ToolError::new("not a natural number"))?;
        Ok::<_, ToolError>(Deferred::new(async move {
            sleep(Duration::from_secs(60 * to)).await;
            if to > 2 { Err(ToolError::new("lost count")) } else { Ok(to) }
        }))
    });
    count.returns(json!({ "type": "integer" }))
}

fn names(tools: &Toolset) -> Vec<String> {
    tools.descriptors().map(|tool| tool.name().to_owned()).collect()
}

async fn call(tools: &Toolset, tool: &str, arguments: Value) -> Value {
    let arguments = arguments.to_string();
    let outcome = tools.dispatch(Call::new(tool, arguments.as_bytes()).in_session("s1"), &()).await;
    serde_json::from_slice(&outcome.into_json()).expect("JSON")
}

#[tokio::test(start_paused = true)]
async fn a_ticket_stands_for_the_result_of_a_tool_that_is_known_at_run_time() {
    let inserted = Toolset::builder().build().expect("no tools");
    inserted.insert(count()).expect("a valid tool");
    for tools in [toolset_of(count()).expect("a valid tool"), inserted] {
        assert_eq!(names(&tools), ["count", "count_result"]);
        let descriptor = tools.descriptor("count").expect("it");
        assert_eq!(descriptor.output_schema()["properties"]["ticket"]["properties"]["status"]["enum"][0], "working");
        assert_eq!(call(&tools, "count", json!({ "to": 0 })).await, json!({ "result": 0 }));
        for (to, expected) in [(1, json!({ "result": 1 })), (3, json!({ "success": false, "error": "lost count" }))] {
            let ticket = call(&tools, "count", json!({ "to": to })).await["ticket"].clone();
            assert_eq!((&ticket["status"], &ticket["ttlMs"]), (&json!("working"), &json!(3_600_000)));
            sleep(Duration::from_secs(60 * to)).await;
            assert_eq!(call(&tools, "count_result", json!({ "ticket": ticket["id"] })).await, expected);
        }
        let error = call(&tools, "count", json!({ "to": -1 })).await;
        assert_eq!(error, json!({ "success": false, "error": "not a natural number" }));
        assert!(tools.remove("count"));
        assert!(names(&tools).is_empty());
    }
}

#[test]
fn a_result_that_looks_like_a_ticket_or_a_name_in_use_is_an_error() {
    let ticket = json!({ "type": "object", "properties": { "ticket": { "type": "string" } }, "required": ["ticket"] });
    let error = toolset_of(count().returns(ticket)).expect_err("an error").to_string();
    assert!(error.contains("a deferred result cannot have the property"), "{error}");
    let other = || {
        DynamicTool::new("count_result", "Is in use.", json!({ "type": "object" }), |_| async { Ok::<_, ToolError>(1) })
    };
    let tools = toolset_of(other()).expect("a valid tool");
    tools.insert(count()).expect_err("a collision");
    assert_eq!(names(&tools), ["count_result"], "the set is unchanged");
}
