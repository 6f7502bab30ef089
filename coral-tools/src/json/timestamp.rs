//! Timestamps in every notation that servers use.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Number, Value};

use super::{DecodeError, FromJson};
use crate::rfc3339::{Date, parse_date_time};

/// A point in time, with nanosecond precision.
///
/// Decoded from milliseconds since 1970 (UTC), with or without a fraction, or from an RFC 3339 string with any fraction
/// and offset. Timestamps are compared as points in time. Comparing the strings would be wrong, because servers write a
/// variable number of digits.
///
/// ```
/// use coral_tools::state::Timestamp;
///
/// let earlier: Timestamp = "2025-12-30T15:38:59Z".parse()?;
/// let later: Timestamp = "2025-12-30T16:38:59.005+01:00".parse()?;
/// assert!(earlier < later);
/// assert_eq!(later.unix_millis() - earlier.unix_millis(), 5);
/// assert_eq!(later.to_string(), "2025-12-30T15:38:59.005Z");
/// # Ok::<(), coral_tools::DecodeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// Seconds since 1970 (UTC).
    seconds: i64,
    nanos: u32,
}

const SECONDS_OF_DAY: i64 = 24 * 60 * 60;

/// About 262 000 years, so that every value is also one of `chrono`.
const MAX_SECONDS: i64 = 262_000 * 365 * SECONDS_OF_DAY;

impl Timestamp {
    fn new(seconds: i64, nanos: u32) -> Option<Self> {
        (-MAX_SECONDS..=MAX_SECONDS).contains(&seconds).then_some(Self { seconds, nanos })
    }

    /// The time this many milliseconds after 1970 (UTC); `None` if it is out of range, about 262 000 years from now.
    #[must_use]
    pub fn from_unix_millis(millis: i64) -> Option<Self> {
        Self::new(millis.div_euclid(1000), millis.rem_euclid(1000) as u32 * 1_000_000)
    }

    /// Whole milliseconds since 1970 (UTC).
    #[must_use]
    pub fn unix_millis(self) -> i64 {
        self.seconds * 1000 + i64::from(self.nanos / 1_000_000)
    }

    /// Milliseconds with a fraction or an exponent.
    fn from_fraction(millis: f64) -> Option<Self> {
        let seconds = (millis / 1e3).floor();
        let nanos = ((millis - seconds * 1e3) * 1e6).round().clamp(0.0, 999_999_999.0);
        // `as` saturates, and a saturated value is still out of range.
        Self::new(seconds as i64, nanos as u32)
    }

    fn from_number(number: &Number) -> Option<Self> {
        match number.as_i64() {
            Some(millis) => Self::from_unix_millis(millis),
            None => number.as_f64().and_then(Self::from_fraction),
        }
    }
}

impl FromStr for Timestamp {
    type Err = DecodeError;

    fn from_str(text: &str) -> Result<Self, DecodeError> {
        let (date, time) = parse_date_time(text).ok_or_else(|| DecodeError::new("not a valid RFC 3339 timestamp"))?;
        Ok(Self { seconds: date.unix_days() * SECONDS_OF_DAY + time.utc_seconds, nanos: time.nanos })
    }
}

impl FromJson for Timestamp {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        match &value {
            Value::String(text) => text.parse(),
            Value::Number(number) => {
                Self::from_number(number).ok_or_else(|| DecodeError::new("timestamp out of range"))
            }
            other => Err(DecodeError::expected("a timestamp", other)),
        }
    }
}

impl From<Timestamp> for SystemTime {
    fn from(timestamp: Timestamp) -> Self {
        let seconds = Duration::from_secs(timestamp.seconds.unsigned_abs());
        let whole = if timestamp.seconds < 0 { UNIX_EPOCH - seconds } else { UNIX_EPOCH + seconds };
        whole + Duration::from_nanos(timestamp.nanos.into())
    }
}

/// With the feature `chrono`.
#[cfg(feature = "chrono")]
impl From<Timestamp> for chrono::DateTime<chrono::Utc> {
    fn from(timestamp: Timestamp) -> Self {
        SystemTime::from(timestamp).into()
    }
}

/// RFC 3339 in UTC, with as many digits as needed: 0, 3, 6 or 9 of a second.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Date { year, month, day } = Date::from_unix_days(self.seconds.div_euclid(SECONDS_OF_DAY));
        // RFC 3339 has no notation for other years; ISO 8601 has.
        match year {
            0..=9999 => write!(f, "{year:04}")?,
            _ => write!(f, "{year:+05}")?,
        }
        let second = self.seconds.rem_euclid(SECONDS_OF_DAY);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        match self.nanos {
            0 => {}
            nanos if nanos % 1_000_000 == 0 => write!(f, ".{:03}", nanos / 1_000_000)?,
            nanos if nanos % 1000 == 0 => write!(f, ".{:06}", nanos / 1000)?,
            nanos => write!(f, ".{nanos:09}")?,
        }
        f.write_str("Z")
    }
}

/// As `Display`.
impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::json::{FromJson, Timestamp};

    #[test]
    fn every_notation_of_a_time_is_decoded() {
        let moment = Timestamp::from_unix_millis(1_767_109_139_005).expect("in range");
        for same in [
            json!(1_767_109_139_005_i64),
            json!(1_767_109_139_005.0),
            json!("2025-12-30T15:38:59.005Z"),
            json!("2025-12-30T15:38:59.005000Z"),
            json!("2025-12-30T15:38:59.0050000000001Z"),
            json!("2025-12-30T17:08:59.005+01:30"),
            json!("2025-12-30t15:38:59.005z"),
        ] {
            assert_eq!(Timestamp::from_json(same.clone()), Ok(moment), "{same}");
        }
    }

    #[test]
    fn timestamps_are_ordered_by_time_not_by_string() {
        let texts = ["2025-12-30T15:38:59Z", "2025-12-30T15:38:59.000005Z", "2025-12-30T15:38:59.005Z"];
        let times = texts.map(|text| text.parse::<Timestamp>().expect("time"));
        assert!(times.is_sorted() && !texts.is_sorted());
    }

    #[test]
    fn fractions_and_times_before_1970_are_supported() {
        let read = |value| Timestamp::from_json(value).map(|time| time.to_string());
        assert_eq!(read(json!(0.5)).as_deref(), Ok("1970-01-01T00:00:00.000500Z"));
        assert_eq!(read(json!(-1)).as_deref(), Ok("1969-12-31T23:59:59.999Z"));
        assert_eq!(read(json!(-0.5)).as_deref(), Ok("1969-12-31T23:59:59.999500Z"));
    }

    /// Compared with `chrono`, as another implementation.
    #[test]
    fn notations_are_those_of_chrono() {
        for millis in (-1_i64..=1).flat_map(|sign| (0..=1999).map(move |n| sign * n * n * n * 1_000_003)) {
            let ours = Timestamp::from_unix_millis(millis).expect("in range");
            let theirs = chrono::DateTime::from_timestamp_millis(millis).expect("in range");
            assert_eq!(ours.to_string(), theirs.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
            assert_eq!(chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::from(ours)), theirs);
            assert_eq!(ours.unix_millis(), millis);
            if (0..253_402_300_800_000).contains(&millis) {
                assert_eq!(theirs.to_rfc3339().parse(), Ok(ours));
            }
        }
    }

    #[test]
    fn invalid_timestamps_are_rejected() {
        for bad in [json!(1e300), json!(u64::MAX), json!("yesterday"), json!("1767109139005"), json!(true)] {
            assert!(Timestamp::from_json(bad.clone()).is_err(), "{bad}");
        }
    }
}
