//! A tool for each operation of an OpenAPI description: `cargo run -p openapi`.
//!
//! The tools are known only when the program has read the description. Later the API gets another operation, and the same
//! router serves it. The program calls the tools as Coral does, without a network.
#![expect(clippy::print_stdout, reason = "this is a program for a terminal")]

mod api;
mod operation;
mod status;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::sync::Arc;

use coral_tools::testing::Harness;
use coral_tools::{BuildErrors, Toolset};
use serde_json::{Value, json};

use crate::api::Api;
use crate::status::Status;

/// The description of the API.
fn description() -> serde_json::Result<Value> {
    serde_json::from_str(include_str!("pets.json"))
}

/// The description after the API got an operation.
fn later_description() -> serde_json::Result<Value> {
    let mut description = description()?;
    description["paths"]["/pets/{id}"]["delete"] = json!({
        "operationId": "delete_pet",
        "summary": "Deletes a pet.",
        "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
    });
    Ok(description)
}

/// Returns a tool for each operation, and a method of `status`.
fn tools(description: &Value, status: &Arc<Status>) -> Result<Toolset<Api>, BuildErrors> {
    let tools = operation::tools(description)?.merge(&Status::toolset(Arc::clone(status)))?;
    status.loaded();
    Ok(tools)
}

/// Calls a tool and prints the result that an agent reads.
async fn call(harness: &Harness, tool: &str, arguments: Value) -> String {
    let response = harness.call((tool, arguments.clone())).await;
    println!("{tool} {arguments}\n    {}", response.text());
    response.text().to_owned()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let status = Arc::new(Status::default());
    let served = tools(&description()?, &status)?;
    let harness = Harness::new(&served, Api);
    call(&harness, "list_pets", json!({ "kind": "cat" })).await;
    call(&harness, "get_pet", json!({ "id": "3" })).await;
    call(&harness, "list_pets", json!({ "limit": 0, "knd": "cat" })).await;

    println!("\nthe API has another operation\n");
    served.replace(&tools(&later_description()?, &status)?);
    call(&harness, "delete_pet", json!({ "id": "1" })).await;
    call(&harness, "loads", json!({})).await;
    Ok(())
}
