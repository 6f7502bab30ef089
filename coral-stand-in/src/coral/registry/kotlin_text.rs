//! Numbers and sizes as text, as in the messages of the server.

use std::fmt::{Debug, LowerExp};

const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];

/// `Float.toString` and `Double.toString` of Java: with an exponent below 0.001 and from 10 million.
pub(super) fn print_float<T: Copy + Into<f64> + Debug + LowerExp>(value: T) -> String {
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
pub(super) fn print_size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "printed with two decimals")]
    let (mut size, mut unit) = (bytes as f64, 0);
    while size >= 1024.0 && unit + 1 < UNITS.len() {
        size /= 1024.0;
        unit += 1;
    }
    let rounded = (size * 100.0).round() / 100.0;
    format!("{rounded} {}", UNITS[unit])
}
