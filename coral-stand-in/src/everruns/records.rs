//! Records of requests, calls and results, for tests.

use serde_json::Value;

/// The result of a call as the model reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToolResultRecord {
    /// The id of the call.
    pub call: String,
    /// The name of the tool; empty for a result of a call that was not pending.
    pub tool: String,
    /// `success`, `error`, `timeout`, `cancelled`, or `missing` if the turn continued without a result.
    pub status: &'static str,
    /// The text that the model reads.
    pub text: String,
}

/// A call that was requested from the client.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallRecord {
    /// The id of the call.
    pub id: String,
    /// The name of the tool.
    pub tool: String,
    /// The number of accepted results.
    pub result_count: usize,
}

/// A received request.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RequestRecord {
    /// `GET`, `POST` or `DELETE`.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The value of the header `Authorization`.
    pub authorization: Option<String>,
    /// The value of the header `X-Org-Id`.
    pub organization: Option<String>,
    /// The value of the header `Everruns-Change-Reason`, percent-encoded.
    pub reason: Option<String>,
    /// All headers, with lower-case names; a repeated header is listed repeatedly.
    pub headers: Vec<(String, String)>,
    /// The JSON body; `null` without a body.
    pub body: Value,
}
