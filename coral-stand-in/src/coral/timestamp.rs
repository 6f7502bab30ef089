//! Timestamps, as servers write them.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;

use super::emulated_version::EmulatedVersion;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Timestamp(DateTime<Utc>);

impl Timestamp {
    pub(super) fn now() -> Self {
        SystemTime::now().into()
    }

    pub(super) fn from_unix_millis(millis: i64) -> Option<Self> {
        DateTime::from_timestamp_millis(millis).map(Self)
    }

    /// The time until `millis` after this timestamp; zero if that is past.
    pub(super) fn remaining_of(self, millis: i64) -> Duration {
        let passed = Self::now().0.signed_duration_since(self.0).num_milliseconds();
        Duration::from_millis(u64::try_from(millis.saturating_sub(passed)).unwrap_or(0))
    }

    /// Coral servers write RFC 3339 with 0, 3, 6 or 9 digits of a second; Coral Cloud writes milliseconds since 1970.
    pub(super) fn to_json(self, emulated: EmulatedVersion) -> Value {
        match emulated {
            EmulatedVersion::Cloud => self.0.timestamp_millis().into(),
            EmulatedVersion::Server1_2 | EmulatedVersion::Server1_1 => self.to_rfc3339().into(),
        }
    }

    pub(super) fn to_rfc3339(self) -> String {
        self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        Self(time.into())
    }
}

impl From<Timestamp> for SystemTime {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.0.into()
    }
}
