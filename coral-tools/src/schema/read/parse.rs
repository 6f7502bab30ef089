//! Parses JSON to a [`ParsedValue`].

use std::borrow::Cow;

use crate::schema::read::budget::Budget;
use crate::schema::read::parsed::ParsedValue;
use crate::schema::read::text::{InvalidJson, JsonText};

/// The members of an object, in the order of the text.
type ParsedMembers<'de> = Vec<(Cow<'de, str>, ParsedValue<'de>)>;

impl<'de> JsonText<'de> {
    /// Reads a value within a budget.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not JSON, or the budget is exhausted.
    pub(crate) fn parse_value(&mut self, budget: &Budget) -> Result<ParsedValue<'de>, InvalidJson> {
        if !budget.take(1) {
            return Err(InvalidJson);
        }
        Ok(match self.peek() {
            Some(b'"') => ParsedValue::String(self.string()?),
            Some(b'[') => ParsedValue::Array(self.parse_items(budget)?),
            Some(b'{') => ParsedValue::Object(self.parse_members(budget)?),
            Some(b't') => self.literal("true").map(|()| ParsedValue::Bool(true))?,
            Some(b'f') => self.literal("false").map(|()| ParsedValue::Bool(false))?,
            Some(b'n') => self.literal("null").map(|()| ParsedValue::Null)?,
            Some(_) => ParsedValue::Number(self.number()?),
            None => return Err(InvalidJson),
        })
    }

    fn parse_items(&mut self, budget: &Budget) -> Result<Vec<ParsedValue<'de>>, InvalidJson> {
        let mut items = Vec::new();
        self.open()?;
        while self.has_next(items.is_empty(), b']')? {
            items.push(self.parse_value(budget)?);
        }
        Ok(items)
    }

    fn parse_members(&mut self, budget: &Budget) -> Result<ParsedMembers<'de>, InvalidJson> {
        let mut members = Vec::new();
        self.open()?;
        while self.has_next(members.is_empty(), b'}')? {
            let key = self.key()?;
            members.push((key, self.parse_value(budget)?));
        }
        Ok(members)
    }
}
