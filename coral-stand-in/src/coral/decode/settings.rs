//! `SessionRuntimeSettings`: the lifetime of a session, and its webhook.

use super::json_tree::JsonTree;
use super::object_reader::ObjectReader;
use super::scalar::{boolean, integer, one_of, text};
use super::{DecodeResult, RequestBody};
use crate::coral::emulated_version::EmulatedVersion;

#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::coral) struct RuntimeSettings {
    /// In milliseconds.
    pub(in crate::coral) ttl: Option<i64>,
    pub(in crate::coral) extended_end_report: bool,
    pub(in crate::coral) persistence: Persistence,
    /// The URL of the session-end webhook.
    pub(in crate::coral) session_end_url: Option<String>,
}

/// How long a session exists after its end, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::coral) enum Persistence {
    #[default]
    Off,
    /// Counted from the session's creation.
    MinimumTime(i64),
    HoldAfterExit(i64),
}

impl RequestBody for RuntimeSettings {
    const CLASS: &'static str = "org.coralprotocol.coralserver.session.SessionRuntimeSettings";

    fn decode(tree: JsonTree, emulated: EmulatedVersion) -> DecodeResult<Self> {
        ObjectReader::read(tree, |fields| {
            Ok(Self {
                ttl: fields.nullable("ttl", integer)?,
                extended_end_report: fields.or_default("extendedEndReport", boolean)?,
                persistence: fields.or_default("persistenceMode", |tree| persistence(tree, emulated))?,
                session_end_url: fields.or_default("webhooks", webhooks)?,
            })
        })
    }
}

fn persistence(tree: JsonTree, emulated: EmulatedVersion) -> DecodeResult<Persistence> {
    ObjectReader::read(tree, |fields| {
        if emulated == EmulatedVersion::Cloud && !fields.has("mode") {
            fields.required("type", one_of(&["HoldAfterExit"]))?;
            return fields.required("holdTime", integer).map(Persistence::HoldAfterExit);
        }
        match fields.required("mode", one_of(&["none", "minimum_time", "hold_after_exit"]))? {
            "minimum_time" => fields.required("time", integer).map(Persistence::MinimumTime),
            "hold_after_exit" => fields.required("duration", integer).map(Persistence::HoldAfterExit),
            _ => Ok(Persistence::Off),
        }
    })
}

fn webhooks(tree: JsonTree) -> DecodeResult<Option<String>> {
    ObjectReader::read(tree, |fields| {
        fields.nullable("sessionEnd", |tree| ObjectReader::read(tree, |fields| fields.required("url", text)))
    })
}
