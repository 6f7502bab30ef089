//! Error types with `#[derive(IntoToolError)]`.

use std::io;

use coral_tools::{Call, IntoToolError, Outcome, ToolError, Toolset, coral_tool, toolset};
use serde_json::{Value, json};
use thiserror::Error;

const CLOSED: &str = concat!("the shop is closed", "; try tomorrow");

#[derive(Debug, Error, IntoToolError)]
enum ShopError {
    #[error("there is no order {0}; `list_orders` returns all orders")]
    #[tool_error(display)]
    NotFound(u32),
    #[error("clerk {clerk} went home")]
    #[tool_error(message = CLOSED)]
    Closed { clerk: String },
    #[error("the customer of the session is unknown")]
    #[tool_error(unknown_session)]
    UnknownCustomer,
    #[error("payment")]
    #[tool_error(transparent)]
    Payment(#[from] PaymentError),
    #[error("{0}")]
    #[tool_error(transparent)]
    Tool(ToolError),
    #[error("password=hunter2")]
    Database(#[from] io::Error),
}

impl From<ToolError> for ShopError {
    fn from(error: ToolError) -> Self {
        Self::Tool(error)
    }
}

#[derive(Debug, Error, IntoToolError)]
#[error("the card was rejected: {reason}")]
#[tool_error(display)]
struct PaymentError {
    reason: &'static str,
    source: Option<io::Error>,
}

#[derive(Debug, Error, IntoToolError)]
#[tool_error(display)]
enum DisplayedError {
    #[error("too many")]
    TooMany,
    #[error("password=hunter2")]
    #[tool_error(internal)]
    Database,
}

#[derive(Debug, Error, IntoToolError)]
#[error("password=hunter2")]
struct UnmarkedError;

fn query() -> Result<(), io::Error> {
    Err(io::Error::other("timeout"))
}

fn helper() -> Result<(), ToolError> {
    Err(ShopError::NotFound(7))?
}

type ShopResult<T> = Result<T, ShopError>;

/// Fails with the error of this name.
#[coral_tool]
async fn fail(error: String) -> ShopResult<u8> {
    match &*error {
        "not_found" => return Err(ShopError::NotFound(7)),
        "closed" => return Err(ShopError::Closed { clerk: "Ada".to_owned() }),
        "unknown_customer" => return Err(ShopError::UnknownCustomer),
        "payment" => return Err(PaymentError { reason: "it has expired", source: None }.into()),
        "tool" => return Err(ToolError::new("ask a person").into()),
        "database" => query()?,
        "helper" => helper()?,
        _ => {}
    }
    Ok(1)
}

/// Fails with a boxed error.
#[coral_tool]
fn fail_boxed() -> Result<(), Box<PaymentError>> {
    Err(Box::new(PaymentError { reason: "it is blocked", source: None }))
}

/// Fails with an error type whose variants have a default.
#[coral_tool(blocking)]
fn fail_displayed(hidden: bool) -> Result<(), DisplayedError> {
    Err(if hidden { DisplayedError::Database } else { DisplayedError::TooMany })
}

/// Fails with a struct without an attribute.
#[coral_tool]
fn fail_unmarked() -> Result<(), UnmarkedError> {
    Err(UnmarkedError)
}

async fn outcome(tool: &str, arguments: Value) -> Outcome {
    let tools: Toolset = toolset![fail, fail_boxed, fail_displayed, fail_unmarked];
    let arguments = arguments.to_string();
    tools.dispatch(Call::new(tool, arguments.as_bytes()), &()).await
}

async fn message(tool: &str, arguments: Value) -> Option<String> {
    let json: Value = serde_json::from_slice(&outcome(tool, arguments).await.into_json()).expect("JSON");
    json["error"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn the_agent_reads_the_message_that_the_variant_selects() {
    for (error, expected) in [
        ("not_found", "there is no order 7; `list_orders` returns all orders"),
        ("closed", "the shop is closed; try tomorrow"),
        ("payment", "the card was rejected: it has expired"),
        ("tool", "ask a person"),
        ("unknown_customer", "Invalid session"),
    ] {
        assert_eq!(message("fail", json!({ "error": error })).await.as_deref(), Some(expected));
    }
    assert_eq!(message("fail", json!({ "error": "none" })).await, None);
}

#[tokio::test]
async fn unmarked_variants_and_conversions_to_tool_error_in_helpers_are_hidden() {
    for error in ["database", "helper"] {
        assert_eq!(message("fail", json!({ "error": error })).await.as_deref(), Some("the tool failed"), "{error}");
    }
}

#[tokio::test]
async fn a_variant_can_be_the_error_of_an_unknown_session() {
    assert!(matches!(outcome("fail", json!({ "error": "unknown_customer" })).await, Outcome::UnknownSession));
    assert!(matches!(outcome("fail", json!({ "error": "closed" })).await, Outcome::Failed(_)));
}

#[tokio::test]
async fn structs_boxes_and_defaults_of_enums_select_messages() {
    assert_eq!(message("fail_boxed", json!({})).await.as_deref(), Some("the card was rejected: it is blocked"));
    assert_eq!(message("fail_displayed", json!({ "hidden": false })).await.as_deref(), Some("too many"));
    assert_eq!(message("fail_displayed", json!({ "hidden": true })).await.as_deref(), Some("the tool failed"));
    assert_eq!(message("fail_unmarked", json!({})).await.as_deref(), Some("the tool failed"));
}

#[test]
fn the_source_is_the_error_itself() {
    let error = ShopError::Closed { clerk: "Ada".to_owned() }.into_tool_error();
    assert_eq!(error.message(), CLOSED);
    let source = error.source().and_then(|source| source.downcast_ref::<ShopError>());
    assert!(matches!(source, Some(ShopError::Closed { clerk }) if clerk == "Ada"));
}

#[derive(Debug, Error, IntoToolError)]
#[tool_error(display)]
enum GenericError<T: std::fmt::Debug> {
    #[error("{0:?} is not allowed")]
    NotAllowed(T),
}

#[test]
fn generic_errors_are_converted() {
    assert_eq!(GenericError::NotAllowed(5_u8).into_tool_error().message(), "5 is not allowed");
}
