//! Dates and times as in RFC 3339.

/// A `full-date`, in the proleptic Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Date {
    /// 0 to 9999 if parsed.
    pub(crate) year: i64,
    pub(crate) month: u32,
    pub(crate) day: u32,
}

/// A `full-time`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Time {
    /// Seconds since midnight of the same day in UTC, which is negative or more than a day for some offsets.
    pub(crate) utc_seconds: i64,
    /// Below 1 000 000 000; further digits are dropped.
    pub(crate) nanos: u32,
}

/// Parses a `date-time`.
pub(crate) fn parse_date_time(text: &str) -> Option<(Date, Time)> {
    let (date, time) = text.split_once(['T', 't'])?;
    Some((parse_date(date)?, parse_time(time)?))
}

/// Parses a `full-date`.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let [year, month, day] = parts(text, '-')?;
    let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
    (1..=days_in(year, month)).contains(&day).then_some(Date { year: year.into(), month, day })
}

fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

/// Parses a `full-time`.
pub(crate) fn parse_time(text: &str) -> Option<Time> {
    let (clock, offset) = split_offset(text)?;
    let (whole, fraction) = match clock.split_once('.') {
        Some((whole, fraction)) => (whole, nanos(fraction)?),
        None => (clock, 0),
    };
    let [hour, minute, second] = parts(whole, ':')?;
    let (hour, minute, second) = (digits(hour, 2)?, digits(minute, 2)?, digits(second, 2)?);
    let utc_minutes = i64::from(hour * 60 + minute) - offset;
    let is_valid = hour < 24 && minute < 60 && is_second(utc_minutes, second);
    is_valid.then(|| Time { utc_seconds: utc_minutes * 60 + i64::from(second), nanos: fraction })
}

/// Parses the digits after the point.
fn nanos(fraction: &str) -> Option<u32> {
    let is_valid = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let first_nine = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
    is_valid.then(|| first_nine.fold(0, |nanos, digit| nanos * 10 + u32::from(digit - b'0')))
}

/// Second 60 is a leap second, which occurs only at the end of a UTC day.
fn is_second(utc_minutes: i64, second: u32) -> bool {
    second < 60 || (second == 60 && utc_minutes.rem_euclid(24 * 60) == 24 * 60 - 1)
}

/// Splits off the offset, `Z` or `+01:30`, as minutes east of UTC.
fn split_offset(text: &str) -> Option<(&str, i64)> {
    if let Some(clock) = text.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    let at = text.rfind(['+', '-'])?;
    let (clock, offset) = text.split_at(at);
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    (hours < 24 && minutes < 60).then_some((clock, sign * i64::from(hours * 60 + minutes)))
}

/// Splits a string that has exactly three parts.
fn parts(text: &str, separator: char) -> Option<[&str; 3]> {
    let mut parts = text.split(separator);
    let three = [parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(three)
}

/// Parses a number of exactly `count` ASCII digits.
fn digits(text: &str, count: usize) -> Option<u32> {
    let fits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

/// Days in 400 years, after which the calendar repeats.
const DAYS_OF_ERA: i64 = 146_097;

impl Date {
    /// Days since 1970-01-01. Years begin in March here, so that a leap day is the last day of a year.
    pub(crate) fn unix_days(self) -> i64 {
        let year = self.year - i64::from(self.month <= 2);
        let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
        let month = i64::from(self.month + 9) % 12;
        let day = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        era * DAYS_OF_ERA + year * 365 + year / 4 - year / 100 + day - 719_468
    }

    /// The reverse of [`Date::unix_days`].
    pub(crate) fn from_unix_days(days: i64) -> Self {
        let days = days + 719_468;
        let (era, day) = (days.div_euclid(DAYS_OF_ERA), days.rem_euclid(DAYS_OF_ERA));
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let (month, is_next_year) = if month < 10 { (month + 3, false) } else { (month - 9, true) };
        Self { year: era * 400 + year + i64::from(is_next_year), month: month as u32, day: day as u32 }
    }
}

#[cfg(test)]
mod tests {
    use super::{Date, parse_date};

    #[test]
    fn every_day_of_two_eras_is_the_day_after_the_one_before() {
        let first = Date { year: 1600, month: 1, day: 1 }.unix_days();
        let mut before = Date::from_unix_days(first - 1);
        assert_eq!(before, Date { year: 1599, month: 12, day: 31 });
        for days in first..first + 2 * 146_097 {
            let date = Date::from_unix_days(days);
            assert_eq!(date.unix_days(), days);
            let text = format!("{:04}-{:02}-{:02}", date.year, date.month, date.day);
            assert_eq!(parse_date(&text), Some(date));
            let is_next = date.day == before.day + 1 && (date.year, date.month) == (before.year, before.month);
            let is_first = date.day == 1 && (date.month == before.month % 12 + 1);
            assert!(is_next || is_first, "{before:?} {date:?}");
            before = date;
        }
        assert_eq!(Date { year: 1970, month: 1, day: 1 }.unix_days(), 0);
    }
}
