//! Parses JSON and finds duplicate keys.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::schema::read::problem::Problem;
use crate::schema::tree::location::Location;

/// The value of a body, and its duplicate keys.
#[derive(Debug)]
pub(crate) struct ParsedBody {
    pub(crate) value: Value,
    /// The locations of keys that occur more than once where they must not.
    pub(crate) duplicates: Vec<Location>,
}

/// The key of numbers in `serde_json` if another crate enables its feature `arbitrary_precision`.
const NUMBER: &str = "$serde_json::private::Number";

/// The highest number of duplicate keys that are reported.
const MAX_DUPLICATES: usize = 32;

/// Parses a whole body. `matters` returns whether a key must be unique at a location.
pub(crate) fn parse(body: &[u8], matters: &dyn Fn(&Location) -> bool) -> Result<ParsedBody, Problem> {
    let mut inner = serde_json::Deserializer::from_slice(body);
    let mut reader = DuplicateKeyCollector::new(matters);
    let read = ValueSeed(&mut reader).deserialize(&mut inner);
    let value = read.and_then(|value| inner.end().map(|()| value)).map_err(|error| not_json(&error))?;
    Ok(ParsedBody { value, duplicates: reader.duplicates })
}

/// Parses one value; a duplicate key is an error.
pub(crate) fn parse_strict<'de, D: Deserializer<'de>>(inner: D) -> Result<Value, D::Error> {
    let mut reader = DuplicateKeyCollector::new(&|_| true);
    let value = ValueSeed(&mut reader).deserialize(inner)?;
    match reader.duplicates.is_empty() {
        true => Ok(value),
        false => Err(D::Error::custom("duplicate key")),
    }
}

/// Returns the position only: the message of the error could contain a value.
fn not_json(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    let text = format!("arguments are not valid JSON (line {line}, column {column}); send one JSON object");
    Problem::not_json(text)
}

struct DuplicateKeyCollector<'m> {
    matters: &'m dyn Fn(&Location) -> bool,
    location: Location,
    duplicates: Vec<Location>,
}

impl<'m> DuplicateKeyCollector<'m> {
    fn new(matters: &'m dyn Fn(&Location) -> bool) -> Self {
        Self { matters, location: Location::default(), duplicates: Vec::new() }
    }

    fn note_duplicate(&mut self) {
        let wanted = self.duplicates.len() < MAX_DUPLICATES;
        if wanted && !self.duplicates.contains(&self.location) && (self.matters)(&self.location) {
            self.duplicates.push(self.location.clone());
        }
    }
}

struct ValueSeed<'r, 'm>(&'r mut DuplicateKeyCollector<'m>);

impl<'de> DeserializeSeed<'de> for ValueSeed<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<Value, D::Error> {
        inner.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("not a number"))?;
        Ok(Value::Number(number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Value, D::Error> {
        self.deserialize(inner)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        self.0.location.push_index(0);
        while let Some(item) = items.next_element_seed(ValueSeed(self.0))? {
            list.push(item);
            self.0.location.pop();
            self.0.location.push_index(list.len());
        }
        self.0.location.pop();
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if map.is_empty() && key == NUMBER {
                let digits: String = entries.next_value()?;
                return digits.parse().map(Value::Number).map_err(A::Error::custom);
            }
            self.0.location.push_key(&key);
            if map.contains_key(&key) {
                self.0.note_duplicate();
            }
            let value = entries.next_value_seed(ValueSeed(self.0))?;
            map.insert(key, value);
            self.0.location.pop();
        }
        Ok(Value::Object(map))
    }
}
