//! `GraphAgentTool`: a custom tool, in the form of each generation.

use super::Decoded;
use super::fields::Fields;
use super::scalar::{boolean, free_object, list, one_of, text};
use super::tree::Tree;
use crate::coral::plays::Plays;

/// Where calls of a tool go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::coral) struct CustomTool {
    pub(in crate::coral) url: String,
    pub(in crate::coral) signature_header: String,
    /// What agents call it, where that is not its key.
    pub(in crate::coral) name: Option<String>,
}

impl CustomTool {
    pub(super) fn decode(tree: Tree, plays: Plays) -> Decoded<Self> {
        Fields::of(tree, |fields| {
            let mut tool = fields.required("transport", transport)?;
            match plays {
                Plays::Server1_2 => described(fields)?,
                Plays::Server1_1 => fields.required("schema", |tree| schema(tree, plays))?,
                Plays::Cloud => tool.name = Some(fields.required("schema", nested)?),
            }
            Ok(tool)
        })
    }
}

fn transport(tree: Tree) -> Decoded<CustomTool> {
    Fields::of(tree, |fields| {
        fields.required("type", one_of(&["http"]))?;
        let url = fields.required("url", text)?;
        let header = fields.optional("signatureHeader", text)?;
        let signature_header = header.unwrap_or_else(|| "X-Coral-Signature".to_owned());
        Ok(CustomTool { url, signature_header, name: None })
    })
}

/// What coral-server 1.2 has beside the transport.
fn described(fields: &mut Fields) -> Decoded<()> {
    fields.optional("inputSchema", |tree| schema(tree, Plays::Server1_2))?;
    fields.optional("outputSchema", |tree| schema(tree, Plays::Server1_2))?;
    fields.nullable("description", text)?;
    fields.nullable("title", text)?;
    fields.nullable("annotations", annotations)?;
    Ok(())
}

/// The guide's `schema`; agents know the tool by the name in it.
fn nested(tree: Tree) -> Decoded<String> {
    Fields::of(tree, |fields| {
        let name = fields.required("name", text)?;
        fields.nullable("description", text)?;
        fields.required("inputSchema", |tree| schema(tree, Plays::Cloud))?;
        fields.nullable("outputSchema", |tree| schema(tree, Plays::Cloud))?;
        fields.nullable("annotations", annotations)?;
        Ok(name)
    })
}

/// `ToolSchema`: at its root only these keys, below them anything.
fn schema(tree: Tree, plays: Plays) -> Decoded<()> {
    Fields::of(tree, |fields| {
        fields.optional("type", text)?;
        fields.nullable("properties", free_object)?;
        fields.nullable("required", |tree| list(tree, text))?;
        if plays == Plays::Server1_2 {
            fields.nullable("$defs", free_object)?;
        }
        Ok(())
    })
}

fn annotations(tree: Tree) -> Decoded<()> {
    Fields::of(tree, |fields| {
        fields.nullable("title", text)?;
        for hint in ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] {
            fields.nullable(hint, boolean)?;
        }
        Ok(())
    })
}
