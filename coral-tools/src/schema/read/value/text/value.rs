//! [`TextValue`]: the next value of the text.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde_json::Value;

use super::{ExpectedNode, TextEntries, TextItems, TextReader, ensure, not_allowed};
use crate::schema::read::parsed::{ParsedNumber, ParsedValue};
use crate::schema::read::scalar::{admit_number, allows_bool, allows_str, string_allows};
use crate::schema::read::value::ArgumentValue;
use crate::schema::read::value::matched::MatchedValue;
use crate::schema::read::value::scalar::Scalar;
use crate::schema::read::value::type_error::TypeError;
use crate::schema::tree::constraint::Bound;
use crate::schema::tree::node::NodeKind;

/// The key of the object that `serde_json` deserializes a number from, if its feature `arbitrary_precision` is enabled.
const NUMBER_KEY: &str = "$serde_json::private::Number";

/// Whether `serde_json` keeps the digits of numbers.
static ARBITRARY_PRECISION: LazyLock<bool> =
    LazyLock::new(|| serde_json::from_str::<Value>("1.50").is_ok_and(|number| format!("{number}") == "1.50"));

/// The next value of the text.
#[derive(Debug)]
pub(crate) struct TextValue<'a, 's, 'de> {
    pub(super) reader: &'a mut TextReader<'s, 'de>,
    /// Not a union, if the value is an array or an object.
    pub(super) expected: ExpectedNode<'s>,
}

impl<'a, 's, 'de> TextValue<'a, 's, 'de> {
    /// Returns the next byte of the text, which shows the JSON type of the value.
    #[inline]
    pub(in crate::schema::read::value) fn peek(&mut self) -> Option<u8> {
        self.reader.text.peek()
    }

    fn is_number(&mut self) -> bool {
        matches!(self.peek(), Some(b'-' | b'0'..=b'9'))
    }

    pub(in crate::schema::read::value) fn is_any(&self) -> bool {
        matches!(self.expected.node.kind, NodeKind::Any)
    }

    /// Reads a value that is allowed whatever it is, and returns its text.
    pub(in crate::schema::read::value) fn into_text(self) -> Result<&'de str, TypeError> {
        ensure(self.is_any())?;
        Ok(self.reader.text.value_text()?)
    }

    /// Reads a value that is allowed whatever it is.
    pub(in crate::schema::read::value) fn skip(self) -> Result<(), TypeError> {
        ensure(self.is_any())?;
        Ok(self.reader.text.skip_value()?)
    }

    /// Returns the same value, or the object that `serde_json` deserializes a number from, if its feature `arbitrary_precision` is
    /// enabled by another crate.
    pub(in crate::schema::read::value) fn with_exact_number(mut self) -> Result<ArgumentValue<'a, 's, 'de>, TypeError> {
        if !(self.is_number() && *ARBITRARY_PRECISION) {
            return Ok(ArgumentValue::Text(self));
        }
        let Self { reader, expected } = self;
        let digits = ParsedValue::String(reader.text.number_text()?.text.into());
        let (object, matching) = reader.keep(ParsedValue::Object(vec![(NUMBER_KEY.into(), digits)]));
        Ok(ArgumentValue::Matched(MatchedValue::new(matching, expected.node, object)))
    }

    /// Reads `null`.
    fn null(&mut self) -> Result<(), TypeError> {
        self.reader.text.literal("null")?;
        ensure(self.expected.optional || self.reader.tree.allows_null(self.expected.node))
    }

    /// Reads a value that is neither an array nor an object.
    #[inline(never)]
    pub(in crate::schema::read::value) fn scalar(mut self) -> Result<Scalar<'a, 'de>, TypeError> {
        match self.peek() {
            Some(b'"') => self.string().map(Scalar::String),
            Some(b'n') => self.null().map(|()| Scalar::Null),
            Some(b't') => self.bool("true", true),
            Some(b'f') => self.bool("false", false),
            Some(b'[' | b'{') => Err(not_allowed()),
            _ => self.number().map(Scalar::from),
        }
    }

    fn bool(self, literal: &str, value: bool) -> Result<Scalar<'a, 'de>, TypeError> {
        self.reader.text.literal(literal)?;
        ensure(allows_bool(self.reader.tree, self.expected.node, value))?;
        Ok(Scalar::Bool(value))
    }

    fn string(self) -> Result<Cow<'de, str>, TypeError> {
        let Self { reader, expected } = self;
        let text = reader.text.string()?;
        ensure(match &expected.node.kind {
            NodeKind::String(schema) => string_allows(schema, reader.budget, &text),
            _ => allows_str(reader.tree, reader.budget, expected.node, &text),
        })?;
        Ok(text)
    }

    /// Reads a number for a type of at most 64 bits.
    #[inline(never)]
    pub(in crate::schema::read::value) fn number(mut self) -> Result<ParsedNumber, TypeError> {
        self.peek();
        let number = self.reader.text.number()?;
        let is_allowed = match (&self.expected.node.kind, number) {
            (NodeKind::Number(numeric), ParsedNumber::Unsigned(value)) => numeric.direct.contains_u64(value),
            (NodeKind::Number(numeric), ParsedNumber::Signed(value)) => numeric.direct.contains_i64(value),
            (NodeKind::Number(numeric), ParsedNumber::Float(_)) => numeric.direct.every_number,
            _ => false,
        };
        if is_allowed { Ok(number) } else { self.admitted(number) }
    }

    #[inline(never)]
    fn admitted(&self, number: ParsedNumber) -> Result<ParsedNumber, TypeError> {
        ParsedNumber::from_bound(self.admit(number.bound())?).ok_or_else(not_allowed)
    }

    fn admit(&self, number: Bound) -> Result<Bound, TypeError> {
        admit_number(self.reader.tree, self.expected.node, number).ok_or_else(not_allowed)
    }

    /// Reads a number for a type of 32 bits, which would not be the nearest one if it was rounded to 64 bits before.
    pub(in crate::schema::read::value) fn f32(mut self) -> Result<Scalar<'a, 'de>, TypeError> {
        if !self.is_number() {
            return self.scalar();
        }
        let number = self.reader.text.number_text()?;
        Ok(match (self.admit(number.value.bound())?, number.text.parse::<f32>()) {
            (Bound::Float(_), Ok(single)) => ParsedNumber::Float(single.into()).into(),
            (number, _) => number.into(),
        })
    }

    /// Reads a number for a type of 128 bits.
    pub(in crate::schema::read::value) fn wide_integer(mut self) -> Result<Scalar<'a, 'de>, TypeError> {
        if !self.is_number() {
            return self.scalar();
        }
        let number = self.reader.text.number_text()?;
        match (number.text.parse(), number.text.parse()) {
            (Ok(integer), _) => self.admit(Bound::Int(integer)).map(Scalar::from),
            // Beyond `i128`, numbers are allowed only without a maximum.
            (_, Ok(integer)) => ensure(self.allows_u128()).map(|()| Scalar::U128(integer)),
            _ => self.admit(number.value.bound()).map(Scalar::from),
        }
    }

    fn allows_u128(&self) -> bool {
        match &self.expected.node.kind {
            NodeKind::Any => true,
            NodeKind::Number(numeric) => numeric.is_unbounded_above(),
            _ => false,
        }
    }

    /// Reads an array.
    pub(in crate::schema::read::value) fn items(mut self) -> Result<TextItems<'a, 's, 'de>, TypeError> {
        ensure(self.peek() == Some(b'['))?;
        TextItems::new(self.reader, self.expected.node)
    }

    /// Reads an object.
    pub(in crate::schema::read::value) fn entries(mut self) -> Result<TextEntries<'a, 's, 'de>, TypeError> {
        ensure(self.peek() == Some(b'{'))?;
        TextEntries::new(self.reader, self.expected.node)
    }
}
