//! Untagged enums of every pair of small structs: rejected if serde drops a key, otherwise read as one of the two.

use std::cell::RefCell;

use schemars::{Schema, SchemaGenerator};
use serde_json::{Value, json};

use super::{InputSchema, read};

thread_local! {
    static SCHEMA: RefCell<Value> = const { RefCell::new(Value::Null) };
}

fn current_schema(_: &mut SchemaGenerator) -> Schema {
    SCHEMA.with_borrow(Clone::clone).try_into().expect("a schema")
}

/// A field of a generated struct: its type, and whether it is required.
type Field = Option<(&'static str, bool)>;

/// A generated struct with the fields `a` and `b`.
#[derive(Debug, Clone, Copy)]
struct Generated {
    fields: [Field; 2],
    denies_unknown_fields: bool,
}

impl Generated {
    fn all() -> Vec<Self> {
        let fields =
            [None, Some(("integer", true)), Some(("integer", false)), Some(("string", true)), Some(("string", false))];
        let pairs = fields.iter().flat_map(|a| fields.iter().map(move |b| [*a, *b]));
        let pairs =
            pairs.flat_map(|fields| [true, false].map(|denies_unknown_fields| Self { fields, denies_unknown_fields }));
        pairs.collect()
    }

    fn schema(self) -> Value {
        let named = ["a", "b"].into_iter().zip(self.fields).filter_map(|(name, field)| Some((name, field?)));
        let properties: serde_json::Map<_, _> =
            named.clone().map(|(name, (kind, _))| (name.to_owned(), json!({ "type": kind }))).collect();
        let required: Vec<_> = named.filter(|(_, (_, required))| *required).map(|(name, _)| name).collect();
        let mut schema = json!({ "type": "object", "properties": properties, "required": required });
        if self.denies_unknown_fields {
            schema["additionalProperties"] = json!(false);
        }
        schema
    }

    /// Whether serde reads an object whose fields have these types.
    fn reads(self, sent: [Option<&str>; 2]) -> bool {
        self.fields.into_iter().zip(sent).all(|(field, sent)| match (field, sent) {
            (Some((kind, _)), Some(sent)) => kind == sent,
            (Some((_, required)), None) => !required,
            (None, Some(_)) => !self.denies_unknown_fields,
            (None, None) => true,
        })
    }

    /// Whether the struct alone allows the object.
    fn allows(self, sent: [Option<&str>; 2]) -> bool {
        self.reads(sent) && self.has_every_key(sent)
    }

    fn has_every_key(self, sent: [Option<&str>; 2]) -> bool {
        self.fields.into_iter().zip(sent).all(|(field, sent)| sent.is_none() || field.is_some())
    }
}

/// The types of `a` and `b` in the objects that are sent.
fn sent_objects() -> impl Iterator<Item = [Option<&'static str>; 2]> {
    const KINDS: [Option<&str>; 3] = [None, Some("integer"), Some("string")];
    KINDS.into_iter().flat_map(|a| KINDS.into_iter().map(move |b| [a, b]))
}

/// Whether a schema allows the object as its argument `value`.
fn is_allowed(schema: &InputSchema, sent: [Option<&str>; 2]) -> bool {
    let members = ["a", "b"].into_iter().zip(sent).filter_map(|(name, kind)| Some((name.to_owned(), kind?)));
    let members = members.map(|(name, kind)| (name, if kind == "string" { json!("x") } else { json!(1) }));
    let value: serde_json::Map<_, _> = members.collect();
    read::<Value>(schema, &json!({ "value": value })).is_ok()
}

/// Whether serde reads some value of `later` as `earlier` and drops a key.
fn hides(earlier: Generated, later: Generated) -> bool {
    sent_objects().any(|sent| {
        later.has_every_key(sent) && later.reads(sent) && earlier.reads(sent) && !earlier.has_every_key(sent)
    })
}

#[test]
fn exactly_the_pairs_of_structs_that_drop_a_key_are_rejected() {
    let (mut rejected, mut accepted) = (0, 0);
    for earlier in Generated::all() {
        for later in Generated::all() {
            let union = json!({ "anyOf": [earlier.schema(), later.schema()] });
            SCHEMA.set(json!({ "type": "object", "properties": { "value": union } }));
            let result = InputSchema::from_type(current_schema);
            assert_eq!(result.is_err(), hides(earlier, later), "{earlier:?} before {later:?}");
            *(if result.is_err() { &mut rejected } else { &mut accepted }) += 1;
            let Ok(schema) = result else { continue };
            for sent in sent_objects() {
                let expected = earlier.allows(sent) || later.allows(sent);
                assert_eq!(is_allowed(&schema, sent), expected, "{sent:?} as {earlier:?} or {later:?}");
            }
        }
    }
    assert!(rejected > 100 && accepted > 1000, "{rejected} rejected, {accepted} accepted");
}
