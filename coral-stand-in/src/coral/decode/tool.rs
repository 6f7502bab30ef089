//! `GraphAgentTool`: a custom tool, in the form of each version.

use super::DecodeResult;
use super::json_tree::JsonTree;
use super::object_reader::ObjectReader;
use super::scalar::{any_object, boolean, list, one_of, text};
use crate::coral::emulated_version::EmulatedVersion;

/// A custom tool: the destination of its calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::coral) struct CustomTool {
    pub(in crate::coral) url: String,
    pub(in crate::coral) signature_header: String,
    /// The name for agents, if it differs from the tool's key.
    pub(in crate::coral) name: Option<String>,
}

impl CustomTool {
    pub(super) fn decode(tree: JsonTree, emulated: EmulatedVersion) -> DecodeResult<Self> {
        ObjectReader::read(tree, |fields| {
            let mut tool = fields.required("transport", transport)?;
            match emulated {
                EmulatedVersion::Server1_2 => top_level_schema(fields)?,
                EmulatedVersion::Server1_1 => fields.required("schema", |tree| schema(tree, emulated))?,
                EmulatedVersion::Cloud => tool.name = Some(fields.required("schema", named_schema)?),
            }
            Ok(tool)
        })
    }
}

fn transport(tree: JsonTree) -> DecodeResult<CustomTool> {
    ObjectReader::read(tree, |fields| {
        fields.required("type", one_of(&["http"]))?;
        let url = fields.required("url", text)?;
        let header = fields.optional("signatureHeader", text)?;
        let signature_header = header.unwrap_or_else(|| "X-Coral-Signature".to_owned());
        Ok(CustomTool { url, signature_header, name: None })
    })
}

/// The fields of coral-server 1.2 next to the transport.
fn top_level_schema(fields: &mut ObjectReader) -> DecodeResult<()> {
    fields.optional("inputSchema", |tree| schema(tree, EmulatedVersion::Server1_2))?;
    fields.optional("outputSchema", |tree| schema(tree, EmulatedVersion::Server1_2))?;
    fields.nullable("description", text)?;
    fields.nullable("title", text)?;
    fields.nullable("annotations", annotations)?;
    Ok(())
}

/// The `schema` of Coral Cloud. Returns the tool's name for agents.
fn named_schema(tree: JsonTree) -> DecodeResult<String> {
    ObjectReader::read(tree, |fields| {
        let name = fields.required("name", text)?;
        fields.nullable("description", text)?;
        fields.required("inputSchema", |tree| schema(tree, EmulatedVersion::Cloud))?;
        fields.nullable("outputSchema", |tree| schema(tree, EmulatedVersion::Cloud))?;
        fields.nullable("annotations", annotations)?;
        Ok(name)
    })
}

/// `ToolSchema`: only these keys are allowed at the root, and anything below them.
fn schema(tree: JsonTree, emulated: EmulatedVersion) -> DecodeResult<()> {
    ObjectReader::read(tree, |fields| {
        fields.optional("type", text)?;
        fields.nullable("properties", any_object)?;
        fields.nullable("required", |tree| list(tree, text))?;
        if emulated == EmulatedVersion::Server1_2 {
            fields.nullable("$defs", any_object)?;
        }
        Ok(())
    })
}

fn annotations(tree: JsonTree) -> DecodeResult<()> {
    ObjectReader::read(tree, |fields| {
        fields.nullable("title", text)?;
        for hint in ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] {
            fields.nullable(hint, boolean)?;
        }
        Ok(())
    })
}
