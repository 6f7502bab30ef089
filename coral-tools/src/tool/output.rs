//! From a function's return value to the bytes of an answer.

use std::fmt;

use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::error::ToolError;
use crate::schema::{OutputSchema, SchemaFn, SchemaProblem};

/// The value that a tool returned, as the bytes of a JSON document.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply(Vec<u8>);

impl Reply {
    /// Writes `value` as JSON.
    ///
    /// # Errors
    ///
    /// Where `value` cannot be JSON, such as a map with keys that are not strings.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Result<Self, ToolError> {
        match serde_json::to_vec(value) {
            Ok(bytes) => Ok(Self(bytes)),
            Err(error) => Err(ToolError::internal(error)),
        }
    }

    /// The JSON document.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reply").field(&format_args!("{} bytes", self.0.len())).finish()
    }
}

/// Agents were told of no value, and would never see this one.
const UNDECLARED: &str =
    "the tool replied with a value, and its definition says that it returns nothing: add `.returns::<T>()`";

/// How a value of the output type travels, so that every answer is an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As it is.
    Object,
    /// As `{"result": value}`.
    Wrapped,
    /// `()`, as `{"success": true}`.
    Unit,
}

impl Form {
    fn apply(self, reply: Reply) -> Result<Vec<u8>, ToolError> {
        match self {
            Self::Object => Ok(reply.into_bytes()),
            Self::Unit if reply.as_bytes() != b"null" => Err(ToolError::internal(UNDECLARED)),
            Self::Unit => Ok(br#"{"success":true}"#.to_vec()),
            Self::Wrapped => Ok([br#"{"result":"#, reply.as_bytes(), b"}"].concat()),
        }
    }
}

/// What a tool answers with on success.
#[derive(Debug)]
pub(crate) struct Output {
    form: Form,
    /// `None` for `()`, whose answer is fixed.
    contract: Option<OutputSchema>,
}

impl Output {
    pub(crate) fn of(schema: SchemaFn) -> Result<Self, Vec<SchemaProblem>> {
        if is_unit(schema) {
            return Ok(Self { form: Form::Unit, contract: None });
        }
        let contract = OutputSchema::of_type(schema)?;
        let form = if contract.wraps() { Form::Wrapped } else { Form::Object };
        Ok(Self { form, contract: Some(contract) })
    }

    pub(crate) fn schema(&self) -> Map<String, Value> {
        self.contract.as_ref().map_or_else(unit_schema, |contract| contract.json().clone())
    }

    /// The bytes of the answer.
    ///
    /// # Errors
    ///
    /// A value of a tool that says that it returns nothing.
    pub(crate) fn write(&self, reply: Reply) -> Result<Vec<u8>, ToolError> {
        let answer = self.form.apply(reply)?;
        if cfg!(debug_assertions) {
            self.report_drift(&answer);
        }
        Ok(answer)
    }

    /// A `Serialize` written by hand may write what the type's `JsonSchema` does not say. Nobody on the wire checks it, so
    /// debug builds, where tests run, say so.
    fn report_drift(&self, answer: &[u8]) {
        let (Some(contract), Ok(value)) = (&self.contract, serde_json::from_slice(answer)) else { return };
        for problem in contract.check(&value) {
            tracing::error!(%problem, "the tool returned what its output schema does not allow");
        }
    }
}

/// `()` is the type whose schema allows `null` alone.
fn is_unit(schema: SchemaFn) -> bool {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    schema(&mut generator).get("type") == Some(&Value::from("null"))
}

fn unit_schema() -> Map<String, Value> {
    let properties = json!({"success": {"type": "boolean"}});
    let pairs = [("type", json!("object")), ("properties", properties), ("required", json!(["success"]))];
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
