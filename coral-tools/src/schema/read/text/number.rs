//! Numbers.

use super::{InvalidJson, JsonText};
use crate::schema::read::parsed::ParsedNumber;

/// Numbers of this many digits are always less than 2^64.
const MAX_DIGITS: usize = 19;
/// The powers of ten that `f64` represents exactly.
const POWERS_OF_TEN: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// A number, and its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NumberText<'de> {
    pub(crate) text: &'de str,
    pub(crate) value: ParsedNumber,
}

/// Digits before the end of a number or its next part.
#[derive(Clone, Copy)]
struct Digits {
    /// Meaningless if there are more than [`MAX_DIGITS`].
    value: u64,
    count: usize,
}

impl Digits {
    #[inline]
    fn at_start_of(text: &[u8]) -> Self {
        Self { value: 0, count: 0 }.followed_by(text)
    }

    /// Appends the digits at the start of the text.
    #[inline]
    fn followed_by(self, text: &[u8]) -> Self {
        let (mut value, mut rest) = (self.value, text);
        while let [digit @ b'0'..=b'9', after @ ..] = rest {
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            rest = after;
        }
        Self { value, count: self.count + text.len() - rest.len() }
    }

    /// Returns the number with the last `fraction_digits` after the point, if one division computes it exactly.
    #[inline]
    fn with_fraction(self, is_negative: bool, fraction_digits: usize) -> Option<f64> {
        let is_exact = self.count <= MAX_DIGITS && self.value <= 1 << f64::MANTISSA_DIGITS;
        let power = POWERS_OF_TEN.get(fraction_digits).filter(|_| is_exact)?;
        let number = self.value as f64 / power;
        Some(if is_negative { -number } else { number })
    }

    /// Returns the integer, if it is not larger than `i64::MAX`. `-0` is a floating-point number.
    #[inline]
    fn as_integer(self, is_negative: bool) -> Option<ParsedNumber> {
        let value = i64::try_from(self.value).ok().filter(|_| self.count < MAX_DIGITS)?;
        match (is_negative, value) {
            (false, _) => Some(ParsedNumber::Unsigned(self.value)),
            (true, 0) => Some(ParsedNumber::Float(-0.0)),
            (true, _) => Some(ParsedNumber::Signed(-value)),
        }
    }
}

impl<'de> JsonText<'de> {
    /// Reads a number. Beyond 64 bits, integers are floating-point numbers, as in `serde_json`.
    // Arrays of numbers are common; a call would cost as much as reading two digits of each.
    #[inline(always)]
    pub(crate) fn number(&mut self) -> Result<ParsedNumber, InvalidJson> {
        let (is_negative, unsigned) = match self.rest() {
            [b'-', after @ ..] => (true, after),
            rest => (false, rest),
        };
        let digits = Digits::at_start_of(unsigned);
        let has_leading_zero = digits.count > 1 && unsigned.first() == Some(&b'0');
        if digits.count == 0 || has_leading_zero {
            return Err(InvalidJson);
        }
        let start = self.position;
        self.position += usize::from(is_negative) + digits.count;
        match unsigned.get(digits.count..) {
            Some([b'.', fraction @ ..]) => self.decimal(start, is_negative, digits, fraction),
            Some([b'e' | b'E', ..]) => self.long_decimal(start),
            _ => digits.as_integer(is_negative).map_or_else(|| self.long_integer(start), Ok),
        }
    }

    /// Reads the digits after the point of a number, and its exponent.
    #[inline(always)]
    fn decimal(
        &mut self,
        start: usize,
        is_negative: bool,
        whole: Digits,
        fraction: &[u8],
    ) -> Result<ParsedNumber, InvalidJson> {
        let digits = whole.followed_by(fraction);
        let fraction_digits = digits.count - whole.count;
        if fraction_digits == 0 {
            return Err(InvalidJson);
        }
        self.position += 1 + fraction_digits;
        let has_exponent = matches!(fraction.get(fraction_digits), Some(b'e' | b'E'));
        match digits.with_fraction(is_negative, fraction_digits) {
            Some(number) if !has_exponent => Ok(ParsedNumber::Float(number)),
            _ => self.long_decimal(start),
        }
    }

    /// Reads a number, and returns also its text.
    pub(crate) fn number_text(&mut self) -> Result<NumberText<'de>, InvalidJson> {
        let start = self.position;
        let value = self.number()?;
        Ok(NumberText { text: self.since(start), value })
    }

    /// Reads the exponent of a number, if it has one, and computes the number from its text.
    #[inline(never)]
    fn long_decimal(&mut self, start: usize) -> Result<ParsedNumber, InvalidJson> {
        if let [b'e' | b'E', after @ ..] = self.rest() {
            let sign = usize::from(matches!(after, [b'+' | b'-', ..]));
            let digits = Digits::at_start_of(&after[sign..]);
            self.position += 1 + sign + digits.count;
            if digits.count == 0 {
                return Err(InvalidJson);
            }
        }
        ParsedNumber::from_float(self.since(start)).ok_or(InvalidJson)
    }

    /// Computes an integer from its text.
    #[cold]
    fn long_integer(&self, start: usize) -> Result<ParsedNumber, InvalidJson> {
        let text = self.since(start);
        ParsedNumber::from_integer(text).or_else(|| ParsedNumber::from_float(text)).ok_or(InvalidJson)
    }
}
