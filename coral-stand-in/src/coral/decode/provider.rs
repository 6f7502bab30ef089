//! `GraphAgentProvider`: who runs an agent.

use super::Decoded;
use super::fields::Fields;
use super::remote::{amount, scoring, server, source};
use super::scalar::{one_of, text};
use super::tree::Tree;
use crate::coral::plays::Plays;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::coral) enum Provider {
    Local { runtime: &'static str },
    Linked { server: String },
    RemoteRequest,
    Remote,
}

impl Provider {
    pub(super) fn decode(tree: Tree, plays: Plays) -> Decoded<Self> {
        let runtimes: &[&str] = match plays {
            Plays::Server1_2 => &["executable", "docker", "function", "prototype"],
            Plays::Server1_1 | Plays::Cloud => &["executable", "docker", "function"],
        };
        Fields::of(tree, |fields| {
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

fn remote_request(fields: &mut Fields) -> Decoded<Provider> {
    fields.required("maxCost", amount)?;
    fields.required("serverSource", source)?;
    fields.optional("serverScoring", scoring)?;
    Ok(Provider::RemoteRequest)
}

fn remote(fields: &mut Fields) -> Decoded<Provider> {
    fields.required("server", server)?;
    fields.required("wallet", text)?;
    fields.required("maxCost", amount)?;
    fields.required("paymentSessionId", text)?;
    Ok(Provider::Remote)
}
