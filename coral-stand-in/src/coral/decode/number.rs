//! Numbers, parsed from their text as the server parses them.

/// Parses a signed integer, with kotlinx.serialization's rules: an exponent is allowed if the value is an integer, and digits
/// beyond 64 bits are only noticed if they change the sign, so that 2⁶⁴ is 0.
pub(super) fn parse_signed(text: &str) -> Option<i64> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let (digits, is_negative) = match mantissa.strip_prefix('-') {
        Some(digits) => (digits, true),
        None => (mantissa, false),
    };
    // Negative, because the smallest integer has no positive counterpart.
    let mut value = negated(digits)?;
    if let Some(exponent) = exponent {
        value = scale(value, exponent)?;
    }
    if is_negative { Some(value) } else { value.checked_neg() }
}

/// The digits as a negative number.
fn negated(digits: &str) -> Option<i64> {
    let mut value = 0_i64;
    for digit in digits.chars() {
        let digit = digit.to_digit(10)?;
        value = value.wrapping_mul(10).wrapping_sub(i64::from(digit));
        if value > 0 {
            return None;
        }
    }
    (!digits.is_empty()).then_some(value)
}

/// Multiplies with a power of ten, in a double.
fn scale(value: i64, exponent: &str) -> Option<i64> {
    #[expect(clippy::cast_precision_loss, reason = "the server uses doubles, too")]
    let scaled = value as f64 * 10_f64.powi(exponent.parse().ok()?);
    let is_integer = scaled.fract() == 0.0 && scaled.abs() <= 9_223_372_036_854_775_808.0;
    #[expect(clippy::cast_possible_truncation, reason = "an integer in the range of `i64`")]
    is_integer.then_some(scaled as i64)
}

/// Parses a floating-point number as Java does, which ignores white space around it.
pub(super) fn parse_float<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.trim_matches(|c| c <= ' ').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::parse_signed;

    #[test]
    fn integers_are_parsed_as_by_the_server() {
        for (text, value) in [
            ("50", Some(50)),
            ("-0", Some(0)),
            ("5e1", Some(50)),
            ("50e-1", Some(5)),
            ("-5E+1", Some(-50)),
            ("1e-400", Some(0)),
            ("9223372036854775807", Some(i64::MAX)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("18446744073709551616", Some(0)),
            ("9223372036854775808", None),
            ("18446744073709551615", None),
            ("+5", None),
            ("50.0", None),
            ("5e-1", None),
            ("1e30", None),
            (" 5", None),
            ("-", None),
            ("", None),
            ("five", None),
            ("5e1.5", None),
        ] {
            assert_eq!(parse_signed(text), value, "{text:?}");
        }
    }
}
