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

/// `Duration.toString` of Kotlin: `250ms`, `1.5s`, `1m 30s`, `2h`.
pub(in crate::coral) fn print_duration(duration: Duration) -> String {
    let (seconds, nanos) = (duration.as_secs(), duration.subsec_nanos());
    match (seconds, nanos) {
        (0, 0) => return "0s".to_owned(),
        (0, 1..1_000) => return format!("{nanos}ns"),
        (0, 1_000..1_000_000) => return format!("{}us", decimal(0, nanos, 3)),
        (0, _) => return format!("{}ms", decimal(0, nanos, 6)),
        _ => {}
    }
    let counts = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m")];
    let whole = counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count}{unit}"));
    let rest = (seconds % 60 > 0 || nanos > 0).then(|| format!("{}s", decimal(seconds % 60, nanos, 9)));
    whole.chain(rest).collect::<Vec<_>>().join(" ")
}

/// `seconds` and `nanos` in the unit that has `digits` digits of nanoseconds. A fraction has 1, 2, 3, 6 or 9 digits.
fn decimal(seconds: u64, nanos: u32, digits: usize) -> String {
    let scale = 10_u32.pow(u32::try_from(digits).unwrap_or(9));
    let (whole, fraction) = (seconds + u64::from(nanos / scale), nanos % scale);
    if fraction == 0 {
        return whole.to_string();
    }
    let fraction = format!("{fraction:0digits$}");
    let significant = fraction.trim_end_matches('0').len();
    let shown = if significant < 3 { significant } else { significant.div_ceil(3) * 3 };
    format!("{whole}.{}", &fraction[..shown])
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::print_duration;

    #[test]
    fn durations_are_printed_as_by_kotlin() {
        for (nanos, text) in [
            (0, "0s"),
            (7, "7ns"),
            (12_300, "12.3us"),
            (1_234_500, "1.234500ms"),
            (250_000_000, "250ms"),
            (1_500_000_000, "1.5s"),
            (1_000_000_001, "1.000000001s"),
            (5_000_000_000, "5s"),
            (90_000_000_000, "1m 30s"),
            (60_250_000_000, "1m 0.25s"),
            (7_200_000_000_000, "2h"),
            (86_460_000_000_000, "1d 1m"),
        ] {
            assert_eq!(print_duration(Duration::from_nanos(nanos)), text);
        }
    }
}
