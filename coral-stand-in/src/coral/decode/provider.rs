//! `GraphAgentProvider`: the server and runtime of an agent.

use super::DecodeResult;
use super::json_tree::JsonTree;
use super::object_reader::ObjectReader;
use super::remote::{amount, scoring, server, source};
use super::scalar::{one_of, text};
use crate::coral::emulated_version::EmulatedVersion;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::coral) enum Provider {
    Local { runtime: &'static str },
    Linked { server: String },
    RemoteRequest,
    Remote,
}

impl Provider {
    pub(super) fn decode(tree: JsonTree, emulated: EmulatedVersion) -> DecodeResult<Self> {
        let runtimes: &[&str] = match emulated {
            EmulatedVersion::Server1_2 => &["executable", "docker", "function", "prototype"],
            EmulatedVersion::Server1_1 | EmulatedVersion::Cloud => &["executable", "docker", "function"],
        };
        ObjectReader::read(tree, |fields| {
            let kind = fields.required("type", one_of(&["local", "linked", "remote_request", "remote"]))?;
            let runtime = fields.required("runtime", one_of(runtimes))?;
            match kind {
                "local" => Ok(Self::Local { runtime }),
                "linked" => fields.required("linkedServerName", text).map(|server| Self::Linked { server }),
                "remote_request" => remote_request(fields),
                _ => remote(fields),
            }
        })
    }
}

fn remote_request(fields: &mut ObjectReader) -> DecodeResult<Provider> {
    fields.required("maxCost", amount)?;
    fields.required("serverSource", source)?;
    fields.nullable("serverScoring", scoring)?;
    Ok(Provider::RemoteRequest)
}

fn remote(fields: &mut ObjectReader) -> DecodeResult<Provider> {
    fields.required("server", server)?;
    fields.required("wallet", text)?;
    fields.required("maxCost", amount)?;
    fields.required("paymentSessionId", text)?;
    Ok(Provider::Remote)
}
