//! `#[arg(flatten)]` beside other arguments: a parameter whose fields are arguments.
//!
//! Only the type of the parameter knows its fields. So arguments with other names are buffered, as by `#[serde(flatten)]`.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error, IntoDeserializer, Visitor};
use serde::{Serialize, Serializer, forward_to_deserialize_any};
use serde_json::Value;

use super::arguments::{BufferedArguments, DeserializeArgument};

/// Deserializes a flattened parameter from the arguments that are its fields.
///
/// # Errors
///
/// Returns an error if the type rejects them.
pub fn flattened<T: DeserializeArgument, E: Error>(arguments: &BufferedArguments) -> Result<T, E> {
    let fields = fields::<T>();
    let is_field = |name: &String| fields.is_none_or(|fields| fields.contains(&name.as_str()));
    let arguments = arguments.iter().filter(|(name, _)| is_field(name));
    let arguments = arguments.map(|(name, value)| (name.as_str(), BufferedValue::new(value)));
    T::read(MapAccessDeserializer::new(MapDeserializer::<_, E>::new(arguments)))
}

/// Returns the names of a struct's fields, if serde reads it as a struct and not as a map.
fn fields<T: DeserializeArgument>() -> Option<&'static [&'static str]> {
    match T::read(FieldsProbe) {
        Err(Fields(fields)) => fields,
        Ok(_) => None,
    }
}

/// Ends as soon as the names of the fields are known.
struct FieldsProbe;

#[derive(Debug)]
struct Fields(Option<&'static [&'static str]>);

impl fmt::Display for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("names of fields")
    }
}

impl std::error::Error for Fields {}

impl Error for Fields {
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self(None)
    }
}

impl<'de> Deserializer<'de> for FieldsProbe {
    type Error = Fields;

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Fields> {
        Err(Fields(None))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Fields> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Fields> {
        Err(Fields((!fields.is_empty()).then_some(fields)))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq
        tuple tuple_struct map enum identifier ignored_any
    }
}

/// A deserializer of a JSON value with the error type of another one.
struct BufferedValue<'v, E>(&'v Value, PhantomData<E>);

impl<'v, E: Error> BufferedValue<'v, E> {
    fn new(value: &'v Value) -> Self {
        Self(value, PhantomData)
    }
}

impl<'de, E: Error> IntoDeserializer<'de, E> for BufferedValue<'_, E> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de, E: Error> Deserializer<'de> for BufferedValue<'_, E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (_, Some(number)) => visitor.visit_i64(number),
                _ => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_str(text),
            Value::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.iter().map(Self::new))),
            Value::Object(map) => {
                let entries = map.iter().map(|(key, value)| (key.as_str(), Self::new(value)));
                visitor.visit_map(MapDeserializer::new(entries))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        match self.0 {
            Value::String(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            Value::Object(map) => {
                let entries = map.iter().map(|(key, value)| (key.as_str(), Self::new(value)));
                MapAccessDeserializer::new(MapDeserializer::new(entries)).deserialize_enum(name, variants, visitor)
            }
            _ => self.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// Collects arguments, also those of flattened parameters, to serialize them as one object.
#[derive(Debug, Default)]
pub struct FlattenedObject(BufferedArguments);

impl FlattenedObject {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// # Errors
    ///
    /// Returns an error if the value does not serialize to JSON.
    pub fn argument<E: serde::ser::Error>(&mut self, name: &str, value: &impl Serialize) -> Result<(), E> {
        self.0.push((name.to_owned(), serde_json::to_value(value).map_err(E::custom)?));
        Ok(())
    }

    /// # Errors
    ///
    /// Returns an error if the value does not serialize to a JSON object.
    pub fn flatten<E: serde::ser::Error>(&mut self, value: &impl Serialize) -> Result<(), E> {
        match serde_json::to_value(value).map_err(E::custom)? {
            Value::Object(fields) => self.0.extend(fields),
            _ => return Err(E::custom("a flattened parameter is not an object")),
        }
        Ok(())
    }

    /// # Errors
    ///
    /// Returns an error if the serializer does.
    pub fn serialize<S: Serializer>(self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0)
    }
}
