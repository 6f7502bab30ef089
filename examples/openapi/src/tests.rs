//! The calls of the program, and their results.

use std::sync::Arc;

use coral_tools::testing::Harness;
use serde_json::{Value, json};

use super::{Api, call, description, later_description, tools};

#[tokio::test]
async fn an_operation_is_a_tool() {
    let tools = tools(&description().expect("JSON"), &Arc::default()).expect("valid tools");
    let schema = tools.descriptor("list_pets").expect("the tool").input_schema().clone();
    assert_eq!(schema["properties"]["limit"]["default"], 10);
    let harness = Harness::new(&tools, Api);
    let cats = call(&harness, "list_pets", json!({ "kind": "cat" })).await;
    assert_eq!(cats, r#"{"result":[{"id":"1","kind":"cat","name":"Mia"}]}"#);
    let missing = call(&harness, "get_pet", json!({ "id": "3" })).await;
    assert_eq!(missing, r#"{"success":false,"error":"there is no pet at /pets/3"}"#);
    let invalid: Value =
        serde_json::from_str(&call(&harness, "list_pets", json!({ "limit": 0, "knd": "cat" })).await).expect("JSON");
    assert_eq!(invalid["details"].as_array().map(Vec::len), Some(2), "{invalid}");
}

#[tokio::test]
async fn a_later_operation_is_served_by_the_same_router() {
    let status = Arc::default();
    let served = tools(&description().expect("JSON"), &status).expect("valid tools");
    let harness = Harness::new(&served, Api);
    served.replace(&tools(&later_description().expect("JSON"), &status).expect("valid tools"));
    let deleted = call(&harness, "delete_pet", json!({ "id": "1" })).await;
    assert_eq!(deleted, r#"{"result":{"deleted":"/pets/1"}}"#);
    assert_eq!(call(&harness, "loads", json!({})).await, r#"{"result":2}"#);
}
