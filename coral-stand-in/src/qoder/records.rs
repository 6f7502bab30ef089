//! Records of requests and results, for tests.

use std::collections::BTreeMap;

use serde_json::Value;

/// The result of a call as the model reads it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ToolResultRecord {
    /// The id of the session.
    pub session: String,
    /// The id of the call.
    pub call: String,
    /// The name of the tool.
    pub tool: String,
    /// The text of the result.
    pub text: String,
    /// Whether the result is an error.
    pub is_error: bool,
}

/// A received request.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RequestRecord {
    /// `GET`, `POST` or `DELETE`.
    pub method: String,
    /// The path with its query: `/api/v1/cloud/sessions?limit=100`.
    pub path: String,
    /// The headers by their lower-case names, without `authorization`.
    pub headers: BTreeMap<String, String>,
    /// The JSON body; `null` without a body.
    pub body: Value,
    /// The body as it was received.
    pub bytes: Vec<u8>,
}
