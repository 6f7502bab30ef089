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
