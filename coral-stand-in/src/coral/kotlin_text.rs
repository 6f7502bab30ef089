//! Numbers, sizes and durations as text, as in the messages of the server.

use std::fmt::{Debug, LowerExp};
use std::time::Duration;

const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];

/// `Float.toString` and `Double.toString` of Java: with an exponent below 0.001 and from 10 million.
pub(in crate::coral) fn print_float<T: Copy + Into<f64> + Debug + LowerExp>(value: T) -> String {
    let size: f64 = value.into().abs();
    if size == 0.0 || (1e-3..1e7).contains(&size) {
        return format!("{value:?}");
    }
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let fraction = if mantissa.contains('.') { "" } else { ".0" };
    format!("{mantissa}{fraction}E{exponent}")
}

/// A number of bytes with its binary unit: `1.5 KiB`.
pub(in crate::coral) fn print_size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "printed with two decimals")]
    let (mut size, mut unit) = (bytes as f64, 0);
    while size >= 1024.0 && unit + 1 < UNITS.len() {
        size /= 1024.0;
        unit += 1;
    }
    let rounded = (size * 100.0).round() / 100.0;
    format!("{rounded} {}", UNITS[unit])
}

/// A duration: `250ms`, `1.5s`, `1m 30s`, `2h`.
pub(in crate::coral) fn print_duration(duration: Duration) -> String {
    let (minutes, seconds) = (duration.as_secs() / 60, duration.as_secs_f64() % 60.0);
    if minutes == 0 && duration < Duration::from_secs(1) {
        return if duration.is_zero() { "0s".to_owned() } else { format!("{}ms", duration.as_millis()) };
    }
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let whole = [(days, "d"), (hours, "h"), (minutes, "m")].into_iter().filter(|(count, _)| *count > 0);
    let whole = whole.map(|(count, unit)| format!("{count}{unit}"));
    let seconds = (seconds > 0.0).then(|| format!("{}s", (seconds * 1000.0).round() / 1000.0));
    whole.chain(seconds).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::print_duration;

    #[test]
    fn durations_are_printed_as_by_kotlin() {
        for (millis, text) in [
            (0, "0s"),
            (250, "250ms"),
            (1500, "1.5s"),
            (5000, "5s"),
            (90_000, "1m 30s"),
            (7_200_000, "2h"),
            (86_460_000, "1d 1m"),
        ] {
            assert_eq!(print_duration(Duration::from_millis(millis)), text);
        }
    }
}
