//! [`Reply`] and [`ResultEncoder`]: from a returned value to the JSON object that an agent receives.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::deferred::{Deferred, DeferredReply};
use super::definition::OutputType;
use crate::call::Call;
use crate::error::ToolError;
use crate::schema::{OutputSchema, SchemaProblem};
use crate::telemetry::call_event;

/// The value that a tool returned, serialized to JSON, or a [`Deferred`] one.
pub struct Reply(ReplyContent);

enum ReplyContent {
    Json(Vec<u8>),
    Deferred(DeferredReply),
}

impl Reply {
    /// Serializes `value` to JSON.
    ///
    /// # Errors
    ///
    /// Returns an error if `value` does not serialize to JSON, for example a map with keys that are not strings.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Result<Self, ToolError> {
        match serde_json::to_vec(value) {
            Ok(bytes) => Ok(Self(ReplyContent::Json(bytes))),
            Err(error) => Err(ToolError::internal(error)),
        }
    }

    /// Replies with a result that may come after the call. The definition of the tool declares it with
    /// [`Definition::returns_deferred`](crate::Definition::returns_deferred).
    #[must_use]
    pub fn deferred<T>(deferred: Deferred<T>) -> Self {
        Self(ReplyContent::Deferred(deferred.into_reply()))
    }

    /// Returns the JSON document; no bytes if the result is deferred.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            ReplyContent::Json(json) => json,
            ReplyContent::Deferred(_) => &[],
        }
    }

    pub(crate) fn into_deferred(self) -> DeferredReply {
        match self.0 {
            ReplyContent::Deferred(deferred) => deferred,
            ReplyContent::Json(json) => DeferredReply::ready(json),
        }
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            ReplyContent::Json(json) => f.debug_tuple("Reply").field(&format_args!("{} bytes", json.len())).finish(),
            ReplyContent::Deferred(_) => f.write_str("Reply(deferred)"),
        }
    }
}

/// Agents do not know of an undeclared value, and would not receive it.
const UNDECLARED_VALUE: &str =
    "the tool replied with a value, but its definition does not declare one: add `.returns::<T>()`";

/// Its tickets would have no tool that returns their results.
const UNDECLARED_DEFERRED: &str =
    "the tool replied with a deferred result, but its definition does not declare one: add `.returns_deferred::<T>()`";

/// How a value is sent, so that every result is an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResultWrapping {
    /// The value itself, which is an object.
    Object,
    /// `{"result": value}`.
    Wrapped,
    /// `{"success": true}`, for `()`.
    Unit,
}

impl ResultWrapping {
    /// Returns the JSON object for the agent.
    pub(crate) fn apply(self, json: Vec<u8>) -> Result<Vec<u8>, ToolError> {
        match self {
            Self::Object => Ok(json),
            Self::Unit if json != b"null" => Err(ToolError::internal(UNDECLARED_VALUE)),
            Self::Unit => Ok(br#"{"success":true}"#.to_vec()),
            Self::Wrapped => Ok(wrap(json)),
        }
    }
}

/// Returns `{"result": value}`, in the allocation of the value.
fn wrap(mut json: Vec<u8>) -> Vec<u8> {
    const PREFIX: &[u8] = br#"{"result":"#;
    json.reserve_exact(PREFIX.len() + 1);
    json.extend_from_slice(PREFIX);
    json.rotate_right(PREFIX.len());
    json.push(b'}');
    json
}

/// How a tool's result is described and sent.
#[derive(Debug, Clone)]
pub(crate) struct ResultEncoder {
    wrapping: ResultWrapping,
    /// `None` for `()`, whose result is constant.
    schema: Option<OutputSchema>,
}

impl ResultEncoder {
    pub(super) fn new(output: OutputType) -> Result<Self, Vec<SchemaProblem>> {
        if output.is_unit() {
            return Ok(Self::unit());
        }
        OutputSchema::from_type(output.schema).map(Self::with_schema)
    }

    /// Creates the encoder of `()`.
    pub(crate) fn unit() -> Self {
        Self { wrapping: ResultWrapping::Unit, schema: None }
    }

    /// Creates the encoder of a result that is described by a JSON Schema.
    pub(crate) fn from_document(document: &Value) -> Result<Self, Vec<SchemaProblem>> {
        if document.get("type") == Some(&Value::from("null")) {
            return Ok(Self::unit());
        }
        OutputSchema::from_document(document).map(Self::with_schema)
    }

    fn with_schema(schema: OutputSchema) -> Self {
        let wrapping = if schema.wraps() { ResultWrapping::Wrapped } else { ResultWrapping::Object };
        Self { wrapping, schema: Some(schema) }
    }

    pub(super) fn has_property(&self, name: &str) -> bool {
        self.schema().get("properties").is_some_and(|properties| properties.get(name).is_some())
    }

    pub(crate) fn wrapping(&self) -> ResultWrapping {
        self.wrapping
    }

    /// Returns the JSON object for the agent, if it matches the schema.
    ///
    /// # Errors
    ///
    /// Returns the problems of the value.
    pub(crate) fn write_checked(&self, value: &impl Serialize) -> Result<Vec<u8>, String> {
        let json = serde_json::to_vec(value).map_err(ToolError::from).and_then(|json| self.wrapping.apply(json));
        let json = json.map_err(|error| error.source_chain().unwrap_or_else(|| error.to_string()))?;
        let problems = match (&self.schema, serde_json::from_slice(&json)) {
            (Some(schema), Ok(value)) => schema.check(&value),
            _ => Vec::new(),
        };
        match problems.first() {
            None => Ok(json),
            Some(problem) => Err(problem.to_string()),
        }
    }

    pub(crate) fn schema(&self) -> Map<String, Value> {
        self.schema.as_ref().map_or_else(unit_schema, |schema| schema.json().clone())
    }

    /// Returns the JSON object for the agent.
    ///
    /// # Errors
    ///
    /// Returns an error if the tool's definition does not declare a value, and there is one.
    pub(crate) fn write(&self, reply: Reply, call: &Call<'_>) -> Result<Vec<u8>, ToolError> {
        let ReplyContent::Json(json) = reply.0 else { return Err(ToolError::internal(UNDECLARED_DEFERRED)) };
        let json = self.wrapping.apply(json)?;
        if cfg!(debug_assertions) {
            self.log_schema_mismatch(&json, call);
        }
        Ok(json)
    }

    /// A `Serialize` written by hand may differ from the type's `JsonSchema`. No platform checks results, so debug builds
    /// do, in which tests run.
    fn log_schema_mismatch(&self, json: &[u8], call: &Call<'_>) {
        let (Some(schema), Ok(value)) = (&self.schema, serde_json::from_slice(json)) else { return };
        for problem in schema.check(&value) {
            call_event!(error, call, "the tool returned a value that does not match its output schema", %problem);
        }
    }
}

fn unit_schema() -> Map<String, Value> {
    let properties = json!({"success": {"type": "boolean"}});
    let pairs = [("type", json!("object")), ("properties", properties), ("required", json!(["success"]))];
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
