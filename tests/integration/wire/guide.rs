//! The tool in the Coral Cloud API guide.

use coral_tools::schemars::JsonSchema;
use coral_tools::serde::Serialize;
use coral_tools::{Dialect, Toolset, coral_tool, toolset};
use serde_json::{Value, json};

use super::decoder::decode;

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Submitted {
    success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    report_id: Option<String>,
}

/// Submit a completed report to the application
#[coral_tool]
fn submit_report(
    /// The title of the report
    title: String,
    /// The report content in markdown format
    content: String,
) -> Submitted {
    Submitted { success: true, report_id: Some(format!("{title}-{}", content.len())) }
}

/// `customTools.submit_report`, as in the guide.
fn printed() -> Value {
    json!({
        "transport": {
            "type": "http",
            "url": "https://your-app.com/api/coral-webhook",
            "signatureHeader": "X-Coral-Signature"
        },
        "schema": {
            "name": "submit_report",
            "description": "Submit a completed report to the application",
            "inputSchema": {
                "type": "object",
                "properties": {
                    "title": {
                        "type": "string",
                        "description": "The title of the report"
                    },
                    "content": {
                        "type": "string",
                        "description": "The report content in markdown format"
                    }
                },
                "required": ["title", "content"]
            },
            "outputSchema": {
                "type": "object",
                "properties": {
                    "success": {
                        "type": "boolean"
                    },
                    "reportId": {
                        "type": "string"
                    }
                },
                "required": ["success"]
            }
        }
    })
}

fn custom_tools(dialect: Dialect) -> Value {
    let tools: Toolset = toolset![submit_report];
    tools.custom_tools("https://your-app.com/api/coral-webhook").expect("a valid tool").to_json(dialect)
}

/// The guide's form with two additions: the tool's name in the URL, because nothing else in a call names the tool; and `null`
/// beside a string that may be absent, because a type's schema does not show that serde skips it.
fn expected() -> Value {
    let mut expected = printed();
    expected["transport"]["url"] = json!("https://your-app.com/api/coral-webhook/submit_report");
    expected["schema"]["outputSchema"]["properties"]["reportId"] =
        json!({ "anyOf": [{ "type": "string" }, { "type": "null" }] });
    expected
}

#[test]
fn the_guides_tool_is_rendered_as_in_the_guide() {
    let written = &custom_tools(Dialect::Cloud)["submit_report"];
    assert_eq!(written.to_string(), expected().to_string(), "the order of keys matters");
}

/// The same tool for coral-server 1.2, which rejects the guide's form.
#[test]
fn other_dialects_render_the_same_tool_in_their_form() {
    let entry = expected();
    let guide = &entry["schema"];
    let expected = json!({
        "transport": entry["transport"],
        "description": guide["description"],
        "inputSchema": guide["inputSchema"],
        "outputSchema": guide["outputSchema"],
    });
    assert_eq!(custom_tools(Dialect::Server1_2)["submit_report"].to_string(), expected.to_string());
    let printed = json!({ "submit_report": printed() }).to_string();
    assert!(decode(Dialect::Server1_2, &printed).is_err_and(|error| error.contains("unknown field `schema`")));
}
