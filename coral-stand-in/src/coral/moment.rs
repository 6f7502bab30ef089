//! The time, as servers write it.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;

use super::plays::Plays;

/// A moment in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(DateTime<Utc>);

impl Moment {
    pub(super) fn now() -> Self {
        SystemTime::now().into()
    }

    pub(super) fn from_unix_millis(millis: i64) -> Option<Self> {
        DateTime::from_timestamp_millis(millis).map(Self)
    }

    /// How long it is until `millis` after this moment; nothing where that is past.
    pub(super) fn left_of(self, millis: i64) -> Duration {
        let passed = Self::now().0.signed_duration_since(self.0).num_milliseconds();
        Duration::from_millis(u64::try_from(millis.saturating_sub(passed)).unwrap_or(0))
    }

    /// A server's text has 0, 3, 6 or 9 digits of a second; Coral Cloud writes milliseconds since 1970.
    pub(super) fn written_by(self, plays: Plays) -> Value {
        match plays {
            Plays::Cloud => self.0.timestamp_millis().into(),
            Plays::Server1_2 | Plays::Server1_1 => self.text().into(),
        }
    }

    pub(super) fn text(self) -> String {
        self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }
}

impl From<SystemTime> for Moment {
    fn from(time: SystemTime) -> Self {
        Self(time.into())
    }
}

impl From<Moment> for SystemTime {
    fn from(moment: Moment) -> Self {
        moment.0.into()
    }
}
