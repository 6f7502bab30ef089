//! Placeholder until the schema module lands: see git history.
use serde_json::{Map, Value};
/// fn
pub type SchemaFn = fn(&mut schemars::SchemaGenerator) -> schemars::Schema;
#[derive(Debug, Clone)]
pub(crate) struct Property<'a> {
    pub name: &'a str,
    pub description: &'a str,
    pub limits: &'a [Limit],
    pub schema: SchemaFn,
    pub optional: bool,
    pub default: Option<Value>,
    pub example: Option<Value>,
}
/// limit
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub enum Limit {
    Minimum(Bound),
    Maximum(Bound),
    ExclusiveMinimum(Bound),
    ExclusiveMaximum(Bound),
    MultipleOf(Bound),
    MinLength(u64),
    MaxLength(u64),
    Pattern(&'static str),
    Format(&'static str),
    MinItems(u64),
    MaxItems(u64),
    UniqueItems,
}
/// bound
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub enum Bound {
    Int(i128),
    Float(f64),
}
#[derive(Debug)]
pub(crate) struct InputSchema {
    json: Map<String, Value>,
}
/// problem
#[derive(Debug, Clone)]
pub struct SchemaProblem(String);
impl std::fmt::Display for SchemaProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
/// problem
#[derive(Debug, Clone, serde::Serialize)]
pub struct Problem {
    path: String,
}
impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.path)
    }
}
impl InputSchema {
    pub(crate) fn of_properties(props: &[Property<'_>]) -> Result<Self, Vec<SchemaProblem>> {
        let mut g = schemars::generate::SchemaSettings::draft2020_12()
            .for_deserialize()
            .with(|s| s.inline_subschemas = true)
            .into_generator();
        let mut p = Map::new();
        let mut required = Vec::new();
        for prop in props {
            let mut v = (prop.schema)(&mut g).to_value();
            if let Some(o) = v.as_object_mut() {
                o.insert("description".into(), prop.description.into());
                if let Some(d) = &prop.default {
                    o.insert("default".into(), d.clone());
                }
                if let Some(d) = &prop.example {
                    o.insert("examples".into(), vec![d.clone()].into());
                }
                for l in prop.limits {
                    o.insert("x-limits".into(), format!("{l:?}").into());
                }
            }
            p.insert(prop.name.into(), v);
            if !prop.optional {
                required.push(Value::from(prop.name));
            }
        }
        let mut json = Map::new();
        json.insert("type".into(), "object".into());
        json.insert("properties".into(), p.into());
        json.insert("required".into(), required.into());
        Ok(Self { json })
    }
    pub(crate) fn of_type(schema: SchemaFn) -> Result<Self, Vec<SchemaProblem>> {
        let mut g = schemars::generate::SchemaSettings::draft2020_12()
            .for_deserialize()
            .with(|s| s.inline_subschemas = true)
            .into_generator();
        Ok(Self { json: schema(&mut g).to_value().as_object().cloned().unwrap_or_default() })
    }
    pub(crate) fn json(&self) -> &Map<String, Value> {
        &self.json
    }
    pub(crate) fn read<T: serde::de::DeserializeOwned>(&self, body: &[u8]) -> Result<T, Vec<Problem>> {
        let body = if body.is_empty() || body == b"null" { b"{}" } else { body };
        serde_json::from_slice(body).map_err(|e| vec![Problem { path: e.to_string() }])
    }
}
pub(crate) struct OutputSchema {
    json: Map<String, Value>,
}
impl OutputSchema {
    pub(crate) fn of_type(schema: SchemaFn) -> Result<Self, Vec<SchemaProblem>> {
        let mut g = schemars::generate::SchemaSettings::draft2020_12()
            .for_serialize()
            .with(|s| s.inline_subschemas = true)
            .into_generator();
        Ok(Self { json: schema(&mut g).to_value().as_object().cloned().unwrap_or_default() })
    }
    pub(crate) fn json(&self) -> &Map<String, Value> {
        &self.json
    }
    pub(crate) fn wraps(&self) -> bool {
        self.json.get("type").and_then(Value::as_str) != Some("object")
    }
}
