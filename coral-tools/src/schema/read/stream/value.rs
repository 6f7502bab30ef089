//! Visitors that look at each value before the type does.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::map::CheckedMapAccess;
use super::seq::CheckedSeqAccess;
use super::{CheckingDeserializer, ExpectedNode, REFUSED};
use crate::schema::tree::constraint::Bound;
use crate::schema::tree::node::{EnumSchema, NodeKind};

/// The visitor of a type, and what the schema lets it see.
pub(super) struct CheckedVisitor<'s, V> {
    pub(super) place: ExpectedNode<'s>,
    pub(super) visitor: V,
}

fn keep<E: Error>(kept: bool) -> Result<(), E> {
    match kept {
        true => Ok(()),
        false => Err(E::custom(REFUSED)),
    }
}

impl<'de, V: Visitor<'de>> CheckedVisitor<'_, V> {
    fn number<E: Error>(self, number: Bound) -> Result<V::Value, E> {
        let whole = number.whole();
        let admitted = match &self.place.node.kind {
            NodeKind::Number(numeric) if numeric.integer => {
                whole.map(Bound::Int).filter(|whole| numeric.admits(*whole))
            }
            NodeKind::Number(numeric) => Some(number).filter(|number| numeric.admits(*number)),
            NodeKind::Enum(choice) => whole.filter(|whole| choice.admits_whole(*whole)).map(Bound::Int),
            _ => None,
        };
        match admitted {
            Some(number) => self.hand_on(number),
            None => Err(E::custom(REFUSED)),
        }
    }

    fn hand_on<E: Error>(self, number: Bound) -> Result<V::Value, E> {
        let whole = match number {
            Bound::Float(float) => return self.visitor.visit_f64(float),
            Bound::Int(whole) => whole,
        };
        match (u64::try_from(whole), i64::try_from(whole)) {
            (Ok(whole), _) => self.visitor.visit_u64(whole),
            (_, Ok(whole)) => self.visitor.visit_i64(whole),
            _ if whole >= 0 => self.visitor.visit_u128(whole.unsigned_abs()),
            _ => self.visitor.visit_i128(whole),
        }
    }

    fn admits_text(&self, text: &str) -> bool {
        match &self.place.node.kind {
            NodeKind::Str(rules) => rules.admits(text),
            NodeKind::Enum(choice) => choice.admits_text(text),
            _ => false,
        }
    }

    fn null<E: Error>(self) -> Result<V::Value, E> {
        keep(self.place.admits_null())?;
        self.visitor.visit_unit()
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for CheckedVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<V::Value, E> {
        keep(match &self.place.node.kind {
            NodeKind::Boolean => true,
            NodeKind::Enum(choice) => choice.values.contains(&value.into()),
            _ => false,
        })?;
        self.visitor.visit_bool(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<V::Value, E> {
        self.number(Bound::Int(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<V::Value, E> {
        self.number(Bound::Int(value.into()))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<V::Value, E> {
        self.number(Bound::Int(value))
    }

    /// Beyond `i128` only a type without limits can take it.
    fn visit_u128<E: Error>(self, value: u128) -> Result<V::Value, E> {
        if let Ok(value) = i128::try_from(value) {
            return self.visit_i128(value);
        }
        keep(matches!(&self.place.node.kind, NodeKind::Number(numeric) if numeric.has_no_end()))?;
        self.visitor.visit_u128(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<V::Value, E> {
        self.number(Bound::Float(value))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        keep(self.admits_text(text))?;
        self.visitor.visit_str(text)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<V::Value, E> {
        keep(self.admits_text(text))?;
        self.visitor.visit_borrowed_str(text)
    }

    fn visit_string<E: Error>(self, text: String) -> Result<V::Value, E> {
        keep(self.admits_text(&text))?;
        self.visitor.visit_string(text)
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.null()
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.null()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        let NodeKind::Array(list) = &self.place.node.kind else {
            return Err(A::Error::custom(REFUSED));
        };
        let mut count = 0;
        let value = self.visitor.visit_seq(CheckedSeqAccess::new(self.place, list, inner, &mut count))?;
        keep(list.admits_count(count))?;
        Ok(value)
    }

    fn visit_map<A: MapAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        let NodeKind::Object(object) = &self.place.node.kind else {
            return Err(A::Error::custom(REFUSED));
        };
        let mut entries = CheckedMapAccess::new(self.place, object, inner);
        let value = self.visitor.visit_map(&mut entries)?;
        keep(entries.are_complete())?;
        Ok(value)
    }
}

/// The visitor of an `Option`.
pub(super) struct CheckedOptionVisitor<'s, V> {
    pub(super) place: ExpectedNode<'s>,
    pub(super) visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for CheckedOptionVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        keep(self.place.admits_null())?;
        self.visitor.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        let place = self.place.present();
        self.visitor.visit_some(CheckingDeserializer { place, inner })
    }
}

/// The visitor of an enum without data, which JSON writes as a string.
pub(super) struct CheckedEnumVisitor<'s, V> {
    pub(super) choice: &'s EnumSchema,
    pub(super) visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for CheckedEnumVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        keep(self.choice.admits_text(text))?;
        self.visitor.visit_enum(StrDeserializer::new(text))
    }
}
