//! Numbers within bounds: accepted as by arithmetic.

use proptest::prelude::*;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::{constrained, try_constrained, value_of};
use crate::schema::{Bound, Constraint};

#[test]
fn bounds_and_numbers_of_any_size_are_compared() {
    let at_most = constrained::<f64>(&[Constraint::Maximum(Bound::Int(10))]);
    let at_least = constrained::<f64>(&[Constraint::Minimum(Bound::Int(-10))]);
    for (number, is_low, is_high) in
        [(1e300, false, true), (-1e300, true, false), (9.75, true, true), (-9.75, true, true)]
    {
        assert_eq!(value_of::<f64>(&at_most, &json!(number)).is_ok(), is_low, "{number}");
        assert_eq!(value_of::<f64>(&at_least, &json!(number)).is_ok(), is_high, "{number}");
    }
    let wide = constrained::<i64>(&[Constraint::Minimum(Bound::Int((1 << 53) + 1))]);
    assert!(value_of::<i64>(&wide, &json!((1_i64 << 53) + 1)).is_ok());
    assert!(value_of::<i64>(&wide, &json!(1_i64 << 53)).is_err());
    let cents = constrained::<f64>(&[Constraint::MultipleOf(Bound::Float(0.01))]);
    assert!(value_of::<f64>(&cents, &json!(1e300)).is_ok());
    assert!(value_of::<f64>(&cents, &json!(1e-300)).is_err());
}

/// The bounds of a number, in quarters.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    low: Option<i64>,
    high: Option<i64>,
    above: Option<i64>,
    below: Option<i64>,
    unit: Option<i64>,
}

impl Bounds {
    fn constraints(self) -> Vec<Constraint> {
        let bound = |quarters: i64| match quarters % 4 {
            0 => Bound::Int((quarters / 4).into()),
            _ => Bound::Float(quarters as f64 / 4.0),
        };
        let all = [
            self.low.map(|low| Constraint::Minimum(bound(low))),
            self.high.map(|high| Constraint::Maximum(bound(high))),
            self.above.map(|above| Constraint::ExclusiveMinimum(bound(above))),
            self.below.map(|below| Constraint::ExclusiveMaximum(bound(below))),
            self.unit.map(|unit| Constraint::MultipleOf(bound(unit))),
        ];
        all.into_iter().flatten().collect()
    }

    fn allow(self, quarters: i64) -> bool {
        self.are_met(quarters) && self.unit.is_none_or(|unit| quarters % unit == 0)
    }

    fn are_met(self, quarters: i64) -> bool {
        self.low.is_none_or(|low| quarters >= low)
            && self.high.is_none_or(|high| quarters <= high)
            && self.above.is_none_or(|above| quarters > above)
            && self.below.is_none_or(|below| quarters < below)
    }
}

/// Bounds that are multiples of `step` quarters. Between two halves is a quarter.
fn bounds(step: i64) -> impl Strategy<Value = Bounds> {
    let bound = move || proptest::option::of((-3..=3_i64).prop_map(move |bound| bound * step));
    let unit = proptest::option::weighted(0.2, (1..=3_i64).prop_map(move |unit| unit * step));
    (bound(), bound(), bound(), bound(), unit).prop_map(|(low, high, above, below, unit)| Bounds {
        low,
        high,
        above,
        below,
        unit,
    })
}

/// Checks that a type accepts exactly the numbers that are `fine` and meet the bounds.
fn accepts_exactly<T>(bounds: Bounds, fine: impl Fn(i64) -> bool) -> Result<(), TestCaseError>
where
    T: JsonSchema + DeserializeOwned,
{
    let numbers = || (-20..=20_i64).filter(|quarters| fine(*quarters));
    let Ok(schema) = try_constrained::<T>(&bounds.constraints()) else {
        prop_assert!(!numbers().any(|quarters| bounds.are_met(quarters)), "{:?} are not contradictory", bounds);
        return Ok(());
    };
    prop_assert!(numbers().any(|quarters| bounds.are_met(quarters)), "{:?} are contradictory", bounds);
    for quarters in -20..=20 {
        let number = match quarters % 4 {
            0 => json!(quarters / 4),
            _ => json!(quarters as f64 / 4.0),
        };
        let is_allowed = fine(quarters) && bounds.allow(quarters);
        prop_assert_eq!(value_of::<T>(&schema, &number).is_ok(), is_allowed, "{} within {:?}", number, bounds);
    }
    Ok(())
}

proptest! {
    #[test]
    fn numbers_are_accepted_as_by_arithmetic(whole in bounds(4), half in bounds(2)) {
        accepts_exactly::<i8>(whole, |quarters| quarters % 4 == 0)?;
        accepts_exactly::<i64>(whole, |quarters| quarters % 4 == 0)?;
        accepts_exactly::<u64>(whole, |quarters| quarters % 4 == 0 && quarters >= 0)?;
        accepts_exactly::<f64>(half, |_| true)?;
        accepts_exactly::<f32>(whole, |_| true)?;
    }
}
