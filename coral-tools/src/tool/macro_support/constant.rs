//! Constants as values of `#[coral_tool]` and `#[arg]`.

use crate::schema::Bound;

/// Integers beyond this are not exact as `f64`.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Returns a number as the bound of a constraint. Fails to compile if it is not finite.
#[must_use]
#[track_caller]
pub const fn bound(number: f64) -> Bound {
    assert!(number.is_finite(), "the value of the constraint is not a finite number");
    let int = number as i128;
    if int as f64 == number {
        assert!(number.abs() <= EXACT, "a constant for a constraint must be at most 2^53: write the number itself");
        return Bound::Int(int);
    }
    Bound::Float(number)
}

/// Returns a number of characters or items. Fails to compile if it is not one.
#[must_use]
#[track_caller]
pub const fn count(number: f64) -> u64 {
    let count = number as u64;
    assert!(
        count as f64 == number && number <= EXACT,
        "the value of the constraint is not a non-negative integer of at most 2^53"
    );
    count
}

/// Returns a title or description without white space around it.
#[must_use]
pub const fn trimmed(text: &'static str) -> &'static str {
    text.trim_ascii()
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::{EXACT, bound, count, trimmed};
    use crate::schema::Bound;

    #[test]
    fn a_bound_is_an_integer_if_it_is_whole() {
        for (number, expected) in [
            (0.0, Bound::Int(0)),
            (-3.0, Bound::Int(-3)),
            (0.5, Bound::Float(0.5)),
            (EXACT, Bound::Int(1 << 53)),
            (-EXACT, Bound::Int(-(1 << 53))),
        ] {
            assert_eq!(bound(number), expected, "{number}");
        }
        for number in [EXACT + 2.0, -EXACT - 2.0, f64::NAN, f64::INFINITY] {
            assert!(catch_unwind(|| bound(number)).is_err(), "{number}");
        }
    }

    #[test]
    fn a_count_is_a_whole_number_that_is_not_negative() {
        assert_eq!([0.0, 1.0, 80.0, EXACT].map(count), [0, 1, 80, 1 << 53]);
        for number in [-1.0, 0.5, EXACT + 2.0, f64::NAN, f64::INFINITY] {
            assert!(catch_unwind(|| count(number)).is_err(), "{number}");
        }
    }

    #[test]
    fn a_text_has_no_white_space_around_it() {
        assert_eq!(trimmed(" Adds two\n numbers.\n"), "Adds two\n numbers.");
    }
}
