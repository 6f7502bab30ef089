//! The provider of an agent.

#![expect(dead_code, reason = "only decoding is checked")]

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Runtime {
    Executable,
    Docker,
    Function,
    Prototype,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(super) enum AgentProvider {
    Local { runtime: Runtime },
    Linked { linked_server_name: String, runtime: Runtime },
    RemoteRequest { runtime: Runtime, max_cost: Amount, server_source: Source, server_scoring: Option<Scoring> },
    Remote { server: Server, runtime: Runtime, wallet: String, max_cost: Amount, payment_session_id: String },
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Amount {
    Usd { amount: f64 },
    Coral { amount: f64 },
    MicroCoral { amount: i64 },
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Source {
    Servers {
        servers: Vec<Server>,
    },
    #[serde(rename = "org.coralprotocol.coralserver.agent.graph.server.GraphAgentServerSource.Indexer")]
    Indexer {
        indexer: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Server {
    address: String,
    port: u16,
    secure: bool,
    attributes: Vec<Attribute>,
}

#[derive(Deserialize)]
#[serde(tag = "format", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Attribute {
    String { r#type: AttributeType, value: String },
    Number { r#type: AttributeType, value: f64 },
    Boolean { r#type: AttributeType, value: bool },
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum AttributeType {
    GeographicLocation,
    AttestedBy,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Scoring {
    Default {},
    Custom { scorers: Vec<Scorer> },
}

#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Scorer {
    IsTrue { r#type: AttributeType, effect: Flat },
    IsFalse { r#type: AttributeType, effect: Flat },
    IsPresent { r#type: AttributeType, effect: Effect },
    IsNotPresent { r#type: AttributeType, effect: Flat },
    StringEqual { r#type: AttributeType, string: String, effect: Flat },
    StringNotEqual { r#type: AttributeType, string: String, effect: Flat },
}

/// The server knows its class, so it rejects a tag.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Flat {
    weight: f64,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Effect {
    Flat { weight: f64 },
    Multiplier { weight: f64 },
}
