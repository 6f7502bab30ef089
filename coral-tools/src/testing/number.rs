//! Prints numbers as the server does.

/// Parses a number and prints it as the server does: integers of up to 64 bits exactly, other numbers as a double. `None` for a
/// number that is too large for a double.
pub(super) fn format_number(text: &str) -> Option<String> {
    if let Ok(integer) = text.parse::<i64>() {
        return Some(integer.to_string());
    }
    if let Ok(integer) = text.parse::<u64>() {
        return Some(integer.to_string());
    }
    text.parse().ok().filter(|double: &f64| double.is_finite()).map(double)
}

/// `Double.toString` of Java.
fn double(value: f64) -> String {
    let plain = value == 0.0 || (1e-3..1e7).contains(&value.abs());
    if plain {
        return format!("{value:?}");
    }
    let (mantissa, exponent) = shortest(value);
    format!("{mantissa}E{exponent}")
}

/// Mantissa and exponent with the fewest digits that parse to the same double, but at least two.
fn shortest(value: f64) -> (String, String) {
    let mut text = format!("{value:e}");
    if !text.contains('.') {
        text = format!("{value:.1e}");
    }
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.to_owned(), exponent.to_owned())
}

#[cfg(test)]
mod tests {
    use super::format_number;

    #[test]
    fn numbers_are_printed_as_by_the_server() {
        for (written, printed) in [
            ("1.00", "1.0"),
            ("1e3", "1000.0"),
            ("5.0", "5.0"),
            ("-0", "0"),
            ("-0.0", "-0.0"),
            ("1e-7", "1.0E-7"),
            ("18446744073709551616", "1.8446744073709552E19"),
            ("18446744073709551615", "18446744073709551615"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("-9223372036854775809", "-9.223372036854776E18"),
            ("1e7", "1.0E7"),
            ("9999999.5", "9999999.5"),
            ("12345678.5", "1.23456785E7"),
            ("0.001", "0.001"),
            ("1e-4", "1.0E-4"),
            ("-2.5E+20", "-2.5E20"),
            ("5e-324", "4.9E-324"),
            ("2e23", "2.0E23"),
        ] {
            assert_eq!(format_number(written).as_deref(), Some(printed), "{written}");
        }
        assert_eq!(format_number("1e400"), None);
    }
}
