//! Reading the arguments of a tool written as a function: a map straight into the struct, no derive in between.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from an agent's arguments: it has no `serde::Deserialize`",
    label = "needs `serde::Deserialize`",
    note = "if the application gives this value and not the agent, mark the parameter `#[context]`",
    note = "else derive it where the type is defined, with a schema: `#[derive(serde::Deserialize, schemars::JsonSchema)]`"
)]
pub trait Readable: Sized {
    /// The value itself.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// The next value of a map.
    fn next<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<Self>, A::Error> {
        map.next_value_seed(Seed(PhantomData)).map(Some)
    }

    /// The value of an argument that was left out: what the type makes of an absent field, as serde's derive has it.
    fn absent<E: Error>(name: &'static str) -> Result<Self, E> {
        Self::read(Absent(name, PhantomData))
    }

    /// Whether the argument may be left out.
    fn is_optional() -> bool {
        Self::absent::<serde::de::value::Error>("").is_ok()
    }
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> Readable for T {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer)
    }
}

/// Reads by [`Readable`], so that a type that cannot be read is named in our words.
struct Seed<T>(PhantomData<T>);

impl<'de, T: Readable> DeserializeSeed<'de> for Seed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer)
    }
}

/// What the macro writes for the arguments of a function.
#[doc(hidden)]
pub trait Parameters: Sized {
    /// One `Option` per argument.
    type Slots;
    const STRUCT: &'static str;
    const NAMES: &'static [&'static str];
    fn empty() -> Self::Slots;
    /// Reads the value of argument `index`.
    fn fill<'de, A: MapAccess<'de>>(slots: &mut Self::Slots, index: usize, map: &mut A) -> Result<(), A::Error>;
    fn finish<E: Error>(slots: Self::Slots) -> Result<Self, E>;
}

/// A field that is not there: `None` for those who ask for an option, an error for all others.
struct Absent<E>(&'static str, PhantomData<E>);

impl<'de, E: Error> Deserializer<'de> for Absent<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, E> {
        Err(E::missing_field(self.0))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_none()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The body of the `Deserialize` that the macro writes.
#[doc(hidden)]
pub fn deserialize<'de, T: Parameters, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_struct(T::STRUCT, T::NAMES, ParametersVisitor(PhantomData))
}

struct ParametersVisitor<T>(PhantomData<T>);

impl<'de, T: Parameters> Visitor<'de> for ParametersVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of arguments")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut slots = T::empty();
        while let Some(index) = map.next_key_seed(Index(T::NAMES))? {
            if index < T::NAMES.len() {
                T::fill(&mut slots, index, &mut map)?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        T::finish(slots)
    }
}

/// Reads a key as the index of the argument of that name; past the end for no argument.
struct Index(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for Index {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Index {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an argument")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        Ok(self.0.iter().position(|known| *known == name).unwrap_or(usize::MAX))
    }
}
