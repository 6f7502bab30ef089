//! The team of agents, and the tool with which it submits its prediction.

use coral_tools::{Agent, Runtime, SessionRequest, SessionValue, coral_tool};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

pub(crate) const NAMESPACE: &str = "predictions";
/// The agent that submits the prediction.
pub(crate) const INTERFACE: &str = "interface";
/// The agent that reads web pages.
const FIRECRAWL: &str = "firecrawl";

/// The markets to predict.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Question {
    title: String,
    markets: Vec<String>,
}

/// The result of a session.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Prediction {
    /// One entry for each market of the question.
    #[schemars(length(min = 1))]
    predictions: Vec<Market>,
}

/// The prediction for a market.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Market {
    /// The market, as in the question.
    market: String,
    /// Its probability, from 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    probability: f64,
    /// The reason, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reasoning: Option<String>,
}

/// Submit the prediction. Call it once, when all markets are done.
#[coral_tool(idempotent)]
pub(crate) fn send_prediction_result(
    /// The prediction.
    result: Prediction,
    #[context] _: SessionValue<()>,
);

/// Returns a request for a session of the interface, the predictors and an agent that reads web pages.
pub(crate) fn team(question: &Question, predictors: &[String]) -> SessionRequest {
    let local = |name: &str| Agent::local(name, "1.0.0", Runtime::Executable);
    let interface = local(INTERFACE).option("TASK", json!(question).to_string()).can_call::<send_prediction_result>();
    let others = predictors.iter().map(String::as_str).chain([FIRECRAWL]);
    SessionRequest::in_namespace(NAMESPACE).agent(interface).agents(others.map(local)).group_all()
}
