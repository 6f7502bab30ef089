//! Recursive types.

#![allow(dead_code, reason = "only serde reads the fields")]

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::holds;

#[derive(Debug, Deserialize, JsonSchema)]
struct TreeNode {
    name: String,
    #[serde(default)]
    children: Vec<TreeNode>,
    parent: Option<Box<TreeNode>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Left {
    right: Option<Box<Right>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Right {
    left: Vec<Left>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "op")]
enum Expression {
    Number { value: f64 },
    Not(Operand),
    Sum { terms: Vec<Expression> },
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Operand {
    of: Box<Expression>,
}

impl serde::Serialize for TreeNode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name)
    }
}

#[test]
fn recursive_types() {
    holds::<TreeNode>(
        &[
            json!({ "name": "a", "children": [{ "name": "b", "children": [] }], "parent": { "name": "c", "parent": null } }),
        ],
        &[json!({ "name": "a", "children": [{ "name": 1 }] }), json!({ "name": "a", "parent": { "nam": "" } })],
    );
    holds::<Left>(
        &[json!({}), json!({ "right": { "left": [{ "right": null }] } })],
        &[json!({ "right": { "left": [1] } })],
    );
    holds::<Expression>(
        &[json!({ "op": "Not", "of": { "op": "Sum", "terms": [{ "op": "Number", "value": 1 }] } })],
        &[json!({ "op": "Not", "of": { "op": "Sum", "terms": [{ "op": "Number" }] } })],
    );
}
