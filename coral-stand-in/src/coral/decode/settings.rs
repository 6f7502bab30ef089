//! `SessionRuntimeSettings`: how long a session lives, and who is told that it ended.

use super::fields::Fields;
use super::scalar::{boolean, integer, one_of, text};
use super::tree::Tree;
use super::{Body, Decoded};
use crate::coral::plays::Plays;

#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::coral) struct RuntimeSettings {
    /// In milliseconds.
    pub(in crate::coral) ttl: Option<i64>,
    pub(in crate::coral) extended_end_report: bool,
    pub(in crate::coral) persistence: Persistence,
    /// Where the report goes.
    pub(in crate::coral) session_end: Option<String>,
}

/// How long a session stays after it has ended, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::coral) enum Persistence {
    #[default]
    Off,
    /// Counted from the session's creation.
    MinimumTime(i64),
    HoldAfterExit(i64),
}

impl Body for RuntimeSettings {
    const CLASS: &'static str = "org.coralprotocol.coralserver.session.SessionRuntimeSettings";

    fn decode(tree: Tree, plays: Plays) -> Decoded<Self> {
        Fields::of(tree, |fields| {
            Ok(Self {
                ttl: fields.nullable("ttl", integer)?,
                extended_end_report: fields.or_default("extendedEndReport", boolean)?,
                persistence: fields.or_default("persistenceMode", |tree| persistence(tree, plays))?,
                session_end: fields.or_default("webhooks", webhooks)?,
            })
        })
    }
}

fn persistence(tree: Tree, plays: Plays) -> Decoded<Persistence> {
    Fields::of(tree, |fields| {
        if plays == Plays::Cloud && !fields.has("mode") {
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

fn webhooks(tree: Tree) -> Decoded<Option<String>> {
    Fields::of(tree, |fields| {
        fields.nullable("sessionEnd", |tree| Fields::of(tree, |fields| fields.required("url", text)))
    })
}
