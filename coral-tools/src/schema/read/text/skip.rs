//! Values whose text is needed, or only their end.

use super::{InvalidJson, JsonText};

impl<'de> JsonText<'de> {
    /// Reads a value and returns its text.
    pub(crate) fn value_text(&mut self) -> Result<&'de str, InvalidJson> {
        self.peek();
        let start = self.position;
        self.skip_value()?;
        Ok(self.since(start))
    }

    /// Reads a value.
    pub(crate) fn skip_value(&mut self) -> Result<(), InvalidJson> {
        match self.peek() {
            Some(b'"') => self.string().map(drop),
            Some(b'-' | b'0'..=b'9') => self.number().map(drop),
            Some(b't') => self.literal("true"),
            Some(b'f') => self.literal("false"),
            Some(b'n') => self.literal("null"),
            Some(b'[') => self.skip_items(),
            Some(b'{') => self.skip_members(),
            _ => Err(InvalidJson),
        }
    }

    fn skip_items(&mut self) -> Result<(), InvalidJson> {
        self.open()?;
        let mut is_first = true;
        while self.has_next(is_first, b']')? {
            self.skip_value()?;
            is_first = false;
        }
        Ok(())
    }

    fn skip_members(&mut self) -> Result<(), InvalidJson> {
        self.open()?;
        let mut is_first = true;
        while self.has_next(is_first, b'}')? {
            self.key()?;
            self.skip_value()?;
            is_first = false;
        }
        Ok(())
    }
}
