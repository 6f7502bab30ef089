//! Decodes `customTools` as strictly as the servers of each version do: an unknown key, a missing key, or `null` for a required
//! value rejects the whole document. Some servers accept more (a boolean in quotes, a duplicate key).

use std::collections::BTreeMap;

use coral_tools::Dialect;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

type Object = Map<String, Value>;

/// Decodes the document as a server of this version does, or returns the reason why it cannot.
pub(super) fn decode(dialect: Dialect, custom_tools: &str) -> Result<(), String> {
    match dialect {
        Dialect::Server1_2 => check_tools::<Server1_2Tool>(custom_tools),
        Dialect::Server1_1 => check_tools::<Server1_1Tool>(custom_tools),
        Dialect::Server1_0 => check_tools::<Server1_0Tool>(custom_tools),
        Dialect::Cloud => check_tools::<CloudTool>(custom_tools),
        other => Err(format!("{other:?} is not supported")),
    }
}

fn check_tools<T: DeserializeOwned + CheckTool>(custom_tools: &str) -> Result<(), String> {
    let tools: BTreeMap<String, T> = serde_json::from_str(custom_tools).map_err(|error| error.to_string())?;
    tools.iter().try_for_each(|(name, tool)| tool.check(name).map_err(|error| format!("{name}: {error}")))
}

/// Rules that the types do not express.
trait CheckTool {
    fn check(&self, name: &str) -> Result<(), String>;
}

/// coral-server 1.2.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Server1_2Tool {
    transport: Transport,
    #[serde(default)]
    input_schema: Schema1_2,
    #[serde(default)]
    output_schema: Schema1_2,
    #[serde(rename = "description")]
    _description: Option<String>,
    #[serde(rename = "title")]
    _title: Option<String>,
    #[serde(rename = "annotations")]
    _annotations: Option<Annotations>,
}

impl CheckTool for Server1_2Tool {
    fn check(&self, name: &str) -> Result<(), String> {
        self.transport.check(name)?;
        self.input_schema.check()?;
        self.output_schema.check()
    }
}

/// coral-server 1.1: the schema is the input schema.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Server1_1Tool {
    transport: Transport,
    schema: SchemaBefore1_2,
}

impl CheckTool for Server1_1Tool {
    fn check(&self, name: &str) -> Result<(), String> {
        self.transport.check(name)?;
        self.schema.check()
    }
}

/// coral-server 1.0.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Server1_0Tool {
    transport: UnsignedTransport,
    tool_schema: NamedSchema,
}

impl CheckTool for Server1_0Tool {
    fn check(&self, name: &str) -> Result<(), String> {
        let UnsignedTransport::Http { url } = &self.transport;
        check_url(url, name)?;
        if self.tool_schema.output_schema.is_some() || self.tool_schema.annotations.is_some() {
            return Err("`toolSchema` has only `name`, `description` and `inputSchema`".to_owned());
        }
        self.tool_schema.check(name)
    }
}

/// The Coral Cloud API guide, and servers of its time.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CloudTool {
    transport: Transport,
    schema: NamedSchema,
}

impl CheckTool for CloudTool {
    fn check(&self, name: &str) -> Result<(), String> {
        self.transport.check(name)?;
        self.schema.check(name)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NamedSchema {
    name: String,
    #[serde(rename = "description")]
    _description: Option<String>,
    input_schema: SchemaBefore1_2,
    #[serde(default, deserialize_with = "not_null")]
    output_schema: Option<SchemaBefore1_2>,
    annotations: Option<Annotations>,
}

impl NamedSchema {
    fn check(&self, name: &str) -> Result<(), String> {
        if self.name != name {
            return Err(format!("agents would see the name `{}`", self.name));
        }
        self.input_schema.check()?;
        self.output_schema.as_ref().map_or(Ok(()), SchemaBefore1_2::check)
    }
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
enum Transport {
    Http {
        url: String,
        #[serde(rename = "signatureHeader", default)]
        _signature_header: String,
    },
}

impl Transport {
    fn check(&self, name: &str) -> Result<(), String> {
        let Self::Http { url, .. } = self;
        check_url(url, name)
    }
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
enum UnsignedTransport {
    Http { url: String },
}

/// The URL is the only place in a call that names the tool.
fn check_url(url: &str, name: &str) -> Result<(), String> {
    let absolute = url.starts_with("https://") || url.starts_with("http://");
    let named = url.split('?').next().is_some_and(|path| path.ends_with(&format!("/{name}")));
    if absolute && named { Ok(()) } else { Err(format!("calls to {url} would not reach this tool")) }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "only decoding is checked")]
struct Annotations {
    title: Option<String>,
    read_only_hint: Option<bool>,
    destructive_hint: Option<bool>,
    idempotent_hint: Option<bool>,
    open_world_hint: Option<bool>,
}

/// A root schema of 1.2.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Schema1_2 {
    #[serde(rename = "type")]
    kind: String,
    properties: Object,
    required: Vec<String>,
    #[serde(rename = "$defs")]
    definitions: Object,
}

/// A root schema of servers before 1.2, which do not support `$defs`.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct SchemaBefore1_2 {
    #[serde(rename = "type")]
    kind: String,
    properties: Object,
    required: Vec<String>,
}

impl Schema1_2 {
    fn check(&self) -> Result<(), String> {
        check_root(&self.kind, &self.properties, &self.required)?;
        let mut schemas = self.properties.values().chain(self.definitions.values());
        schemas.try_for_each(|schema| check_references(schema, &self.definitions))
    }
}

impl SchemaBefore1_2 {
    fn check(&self) -> Result<(), String> {
        check_root(&self.kind, &self.properties, &self.required)?;
        self.properties.values().try_for_each(|schema| check_references(schema, &Object::new()))
    }
}

fn check_root(kind: &str, properties: &Object, required: &[String]) -> Result<(), String> {
    if !["object", ""].contains(&kind) {
        return Err(format!("the root has type `{kind}`"));
    }
    match required.iter().find(|name| !properties.contains_key(*name)) {
        Some(name) => Err(format!("`{name}` is required and not a property")),
        None => Ok(()),
    }
}

/// Every `$ref` must refer to one of the definitions. (A property may be called `$ref`; its schema is an object.)
fn check_references(schema: &Value, definitions: &Object) -> Result<(), String> {
    match schema {
        Value::Object(object) => {
            let target = object.get("$ref").and_then(Value::as_str);
            if target.is_some_and(|to| !to.strip_prefix("#/$defs/").is_some_and(|name| definitions.contains_key(name)))
            {
                return Err(format!("`{}` refers to no definition", target.unwrap_or_default()));
            }
            object.values().try_for_each(|value| check_references(value, definitions))
        }
        Value::Array(items) => items.iter().try_for_each(|item| check_references(item, definitions)),
        _ => Ok(()),
    }
}

/// Decodes a field that may be absent but not `null`.
fn not_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
