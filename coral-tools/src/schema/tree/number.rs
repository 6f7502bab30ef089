//! Numbers and their constraints.

use std::cmp::Ordering;

use crate::schema::tree::constraint::Bound;

/// A number: the range of its Rust type, and its constraints.
#[derive(Debug, Clone, Default)]
pub(crate) struct NumberSchema {
    pub(crate) integer: bool,
    /// Whether the number must be finite as an `f32`.
    pub(crate) is_f32: bool,
    /// The range of a wide integer type, which is enforced and not in the JSON Schema.
    pub(crate) type_min: Option<Bound>,
    pub(crate) type_max: Option<Bound>,
    pub(crate) minimum: Option<Bound>,
    pub(crate) maximum: Option<Bound>,
    pub(crate) exclusive_minimum: Option<Bound>,
    pub(crate) exclusive_maximum: Option<Bound>,
    pub(crate) multiple_of: Option<Bound>,
    /// Set when the tree is complete.
    pub(crate) direct: DirectNumbers,
}

/// The numbers that are allowed without a comparison with each constraint.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DirectNumbers {
    /// The range of the integers.
    low: i64,
    high: u64,
    /// Whether all numbers are allowed, also those with a fraction.
    pub(crate) every_number: bool,
}

impl Default for DirectNumbers {
    fn default() -> Self {
        Self { low: i64::MAX, high: 0, every_number: false }
    }
}

impl DirectNumbers {
    pub(crate) fn contains(&self, number: Bound) -> bool {
        match number {
            Bound::Int(whole) => whole >= self.low.into() && whole <= self.high.into(),
            Bound::Float(_) => self.every_number,
        }
    }

    #[inline]
    pub(crate) fn contains_u64(&self, number: u64) -> bool {
        number <= self.high && i64::try_from(number).map_or(true, |number| number >= self.low)
    }

    #[inline]
    pub(crate) fn contains_i64(&self, number: i64) -> bool {
        number >= self.low && u64::try_from(number).map_or(true, |number| number <= self.high)
    }
}

impl NumberSchema {
    /// Whether the number is allowed. The caller checks that an integer has no fraction.
    pub(crate) fn allows(&self, number: Bound) -> bool {
        let at_least = |bound| order(number, bound).is_some_and(Ordering::is_ge);
        let at_most = |bound| order(number, bound).is_some_and(Ordering::is_le);
        self.minimum.is_none_or(at_least)
            && self.maximum.is_none_or(at_most)
            && self.type_min.is_none_or(at_least)
            && self.type_max.is_none_or(at_most)
            && self.exclusive_minimum.is_none_or(|bound| order(number, bound) == Some(Ordering::Greater))
            && self.exclusive_maximum.is_none_or(|bound| order(number, bound) == Some(Ordering::Less))
            && self.multiple_of.is_none_or(|unit| number.is_multiple_of(unit))
            && !self.exceeds_f32(number)
    }

    /// Returns the numbers that are allowed without a comparison with each constraint.
    pub(crate) fn direct_numbers(&self) -> DirectNumbers {
        let nothing = DirectNumbers::default();
        if [self.exclusive_minimum, self.exclusive_maximum, self.multiple_of].iter().any(Option::is_some) {
            return nothing;
        }
        let bounds = [self.minimum, self.type_min, self.maximum, self.type_max];
        let every_number = !self.integer && !self.is_f32 && bounds.iter().all(Option::is_none);
        let (low, high) = (self.least().unwrap_or(Bound::Int(i64::MIN.into())), self.greatest());
        match (low, high.unwrap_or(Bound::Int(u64::MAX.into()))) {
            (Bound::Int(low), Bound::Int(high)) if low <= i64::MAX.into() && high >= 0 => DirectNumbers {
                low: i64::try_from(low).unwrap_or(i64::MIN),
                high: u64::try_from(high).unwrap_or(u64::MAX),
                every_number,
            },
            _ => nothing,
        }
    }

    /// Whether the number is of type `f32`, and this one is not finite as an `f32`.
    pub(crate) fn exceeds_f32(&self, number: Bound) -> bool {
        match number {
            Bound::Int(_) => false,
            Bound::Float(float) => self.is_f32 && !(float as f32).is_finite(),
        }
    }

    /// Whether the number is beyond the range of a 64-bit integer type.
    pub(crate) fn exceeds_type(&self, number: Bound) -> bool {
        let is_below = |low: Bound| order(number, low) == Some(Ordering::Less);
        let is_above = |high: Bound| order(number, high) == Some(Ordering::Greater);
        self.type_min.is_some_and(is_below) || self.type_max.is_some_and(is_above)
    }

    /// Whether the number is unbounded above.
    pub(crate) fn is_unbounded_above(&self) -> bool {
        let bounds = [self.maximum, self.type_max, self.exclusive_maximum, self.multiple_of];
        bounds.iter().all(Option::is_none)
    }

    /// Whether no number is allowed.
    pub(crate) fn is_empty(&self) -> bool {
        let lows = [self.minimum, self.type_min, self.exclusive_minimum];
        let highs = [self.maximum, self.type_max, self.exclusive_maximum];
        let is_crossed = |low: Option<Bound>, high: Option<Bound>| match (low, high) {
            (Some(low), Some(high)) => order(low, high) == Some(Ordering::Greater),
            _ => false,
        };
        lows.iter().any(|&low| highs.iter().any(|&high| is_crossed(low, high))) || self.is_pinched()
    }

    /// Whether the bounds meet at a number that one of them excludes.
    fn is_pinched(&self) -> bool {
        let (Some(low), Some(high)) = (self.least(), self.greatest()) else {
            return false;
        };
        match order(low, high) {
            Some(Ordering::Greater) => true,
            Some(Ordering::Equal) => !self.allows(low),
            _ => false,
        }
    }

    /// Returns the highest lower bound; for integers, one that is allowed itself.
    pub(crate) fn least(&self) -> Option<Bound> {
        let above = self.exclusive_minimum.map(|bound| self.step(bound, 1));
        tighter([self.minimum, self.type_min, above], Ordering::Greater)
    }

    /// Returns the lowest upper bound; for integers, one that is allowed itself.
    pub(crate) fn greatest(&self) -> Option<Bound> {
        let below = self.exclusive_maximum.map(|bound| self.step(bound, -1));
        tighter([self.maximum, self.type_max, below], Ordering::Less)
    }

    fn step(&self, bound: Bound, by: i128) -> Bound {
        match bound {
            Bound::Int(whole) if self.integer => Bound::Int(whole.saturating_add(by)),
            other => other,
        }
    }
}

fn order(a: Bound, b: Bound) -> Option<Ordering> {
    a.compare(b)
}

/// Returns the strictest bound: the greatest or the least, as `wins` selects.
pub(crate) fn tighter<const N: usize>(bounds: [Option<Bound>; N], wins: Ordering) -> Option<Bound> {
    let bounds = bounds.into_iter().flatten();
    bounds.reduce(|a, b| if order(b, a) == Some(wins) { b } else { a })
}
