//! What came to pass, for tests.

use serde_json::Value;

/// What an agent saw of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seen {
    /// The id of the call.
    pub call: String,
    /// The tool that was called; empty where the answer is to no call that was waited for.
    pub tool: String,
    /// `success`, `error`, `timeout`, `cancelled`; `missing` where the turn went on without.
    pub status: &'static str,
    /// The text that the model reads.
    pub text: String,
}

/// A call that the client was asked to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallRecord {
    /// Its id.
    pub id: String,
    /// The tool.
    pub tool: String,
    /// How many answers to it were accepted.
    pub answered: usize,
}

/// A request as it came.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Request {
    /// `GET`, `POST`, `DELETE`.
    pub method: String,
    /// With its query.
    pub path: String,
    /// The value of its `Authorization`.
    pub authorization: Option<String>,
    /// The organization that it names.
    pub organization: Option<String>,
    /// Why it is made, percent-encoded, if it says so.
    pub reason: Option<String>,
    /// All of its headers, by their names in lower case; those that come twice are here twice.
    pub headers: Vec<(String, String)>,
    /// Its JSON; null without a body.
    pub body: Value,
}
