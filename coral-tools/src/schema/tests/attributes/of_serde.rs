//! Attributes of serde.

#![allow(dead_code, reason = "only serde reads the fields")]

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::json;

use super::{Case, answer, holds, input, reads, rejected, result_names, round_trips, same_schema, shown};
use crate::schema::tests::{Maybe, One, output};

pub(super) const CASES: &[Case] = &[
    ("rename", "type", "ignored", rename_type),
    ("rename", "variant", "supported", rename_variant),
    ("rename", "field", "supported", rename_field),
    ("rename_all", "type", "supported", rename_all_type),
    ("rename_all", "variant", "supported", rename_all_variant),
    ("rename_all_fields", "type", "supported", rename_all_fields),
    ("alias", "variant", "ignored", alias_variant),
    ("alias", "field", "ignored", alias_field),
    ("default", "type", "supported", default_type),
    ("default", "field", "supported", default_field),
    ("deny_unknown_fields", "type", "supported", deny_unknown_fields),
    ("transparent", "type", "supported", transparent),
    ("tag", "enum", "supported", tag_enum),
    ("tag", "struct", "ignored", tag_struct),
    ("content", "enum", "supported", content),
    ("untagged", "type", "supported", untagged_type),
    ("untagged", "variant", "supported", untagged_variant),
    ("from", "type", "supported", from),
    ("try_from", "type", "supported", try_from),
    ("into", "type", "supported", into),
    ("remote", "type", "supported", remote),
    ("with", "variant", "supported", with_variant),
    ("with", "field", "supported", with_field),
    ("deserialize_with", "variant", "rejected", deserialize_with_variant),
    ("deserialize_with", "field", "rejected", deserialize_with_field),
    ("deserialize_with", "option", "rejected", deserialize_with_option),
    ("serialize_with", "variant", "ignored", serialize_with_variant),
    ("serialize_with", "field", "ignored", serialize_with_field),
    ("skip", "variant", "supported", skip_variant),
    ("skip", "field", "supported", skip_field),
    ("skip_deserializing", "variant", "supported", skip_deserializing_variant),
    ("skip_deserializing", "field", "supported", skip_deserializing_field),
    ("skip_serializing", "variant", "supported", skip_serializing_variant),
    ("skip_serializing", "field", "supported", skip_serializing_field),
    ("skip_serializing_if", "field", "supported", skip_serializing_if),
    ("flatten", "field", "supported", flatten_field),
    ("flatten", "option", "rejected", flatten_option),
    ("getter", "field", "supported", remote),
    ("other", "variant", "ignored", other),
    ("field_identifier", "type", "ignored", field_identifier),
    ("variant_identifier", "type", "ignored", variant_identifier),
    ("bound", "type", "ignored", bound),
    ("bound", "variant", "ignored", bound),
    ("bound", "field", "ignored", bound),
    ("borrow", "variant", "rejected", does_not_compile),
    ("borrow", "field", "rejected", does_not_compile),
    ("crate", "type", "supported", crate_path),
    ("expecting", "type", "ignored", expecting),
];

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Plain {
    a: u8,
}

fn rename_type() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(rename = "Other")]
    struct Renamed {
        a: u8,
    }
    same_schema::<Renamed, Plain>();
}

fn rename_variant() {
    #[derive(Debug, Deserialize, Serialize, JsonSchema)]
    enum Renamed {
        #[serde(rename = "first")]
        A,
        #[serde(rename(deserialize = "in", serialize = "out"))]
        B,
    }
    holds::<Renamed>(&[json!("first"), json!("in")], &[json!("A"), json!("out")]);
    assert_eq!(output::<Renamed>().json()["properties"]["result"]["enum"], json!(["first", "out"]));
}

fn rename_field() {
    #[derive(Debug, Deserialize, Serialize, JsonSchema)]
    struct Renamed {
        #[serde(rename = "first")]
        a: u8,
        #[serde(rename(deserialize = "in", serialize = "out"))]
        b: u8,
    }
    holds::<Renamed>(&[json!({ "first": 1, "in": 2 })], &[json!({ "a": 1, "in": 2 }), json!({ "first": 1, "out": 2 })]);
    assert_eq!(result_names::<Renamed>().0, ["first", "out"]);
}

fn rename_all_type() {
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    struct Renamed {
        first_name: u8,
    }
    holds::<Renamed>(&[json!({ "firstName": 1 })], &[json!({ "first_name": 1 })]);
}

fn rename_all_variant() {
    #[derive(Debug, Deserialize, JsonSchema)]
    enum Renamed {
        #[serde(rename_all = "camelCase")]
        A { first_name: u8 },
    }
    holds::<Renamed>(&[json!({ "A": { "firstName": 1 } })], &[json!({ "A": { "first_name": 1 } })]);
}

fn rename_all_fields() {
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(rename_all_fields = "camelCase")]
    enum Renamed {
        A { first_name: u8 },
    }
    holds::<Renamed>(&[json!({ "A": { "firstName": 1 } })], &[json!({ "A": { "first_name": 1 } })]);
}

fn alias_variant() {
    #[derive(Debug, Deserialize, JsonSchema)]
    enum Aliased {
        #[serde(alias = "b")]
        A,
    }
    assert_eq!(shown::<Aliased>()["enum"], json!(["A"]));
    holds::<Aliased>(&[json!("A")], &[json!("b")]);
}

fn alias_field() {
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Aliased {
        #[serde(alias = "alias")]
        name: u8,
    }
    holds::<Aliased>(&[json!({ "name": 1 })], &[json!({ "alias": 1 })]);
    let expected = ["unknown argument `alias`", "`name` is missing; it must be an integer between 0 and 255"];
    assert_eq!(answer::<Aliased>(&json!({ "alias": 1 })), expected);
}

fn default_type() {
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(default)]
    struct Defaulted {
        a: u8,
    }
    impl Default for Defaulted {
        fn default() -> Self {
            Self { a: 7 }
        }
    }
    holds::<Defaulted>(&[json!({}), json!({ "a": 1 }), json!({ "a": null })], &[json!({ "a": "1" })]);
    assert_eq!(shown::<Defaulted>()["properties"]["a"]["default"], json!(7));
    assert_eq!(reads::<Defaulted>(&json!({})).a, 7);
}

fn default_field() {
    #[derive(Debug, Default, Deserialize, JsonSchema)]
    struct NotShown;
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Defaulted {
        #[serde(default = "seven")]
        a: u8,
        #[serde(default)]
        b: Option<NotShown>,
        #[serde(default)]
        c: NotShown,
    }
    fn seven() -> u8 {
        7
    }
    holds::<Defaulted>(&[json!({}), json!({ "a": null })], &[json!({ "a": "1" })]);
    assert_eq!(shown::<Defaulted>()["properties"]["a"]["default"], json!(7));
    assert_eq!(shown::<Defaulted>()["properties"]["c"].get("default"), None);
    assert_eq!(reads::<Defaulted>(&json!({})).a, 7);
}

fn deny_unknown_fields() {
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        a: u8,
    }
    same_schema::<Strict, Plain>();
    holds::<Strict>(&[json!({ "a": 1 })], &[json!({ "a": 1, "b": 2 })]);
    holds::<Plain>(&[json!({ "a": 1 })], &[json!({ "a": 1, "b": 2 })]);
}

fn transparent() {
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(transparent)]
    struct Transparent {
        inner: Plain,
    }
    same_schema::<Transparent, Plain>();
    holds::<Transparent>(&[json!({ "a": 1 })], &[json!({ "inner": { "a": 1 } })]);
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(tag = "kind")]
enum Tagged {
    A { x: u8 },
    B,
}

fn tag_enum() {
    holds::<Tagged>(&[json!({ "kind": "A", "x": 1 }), json!({ "kind": "B" })], &[json!({ "x": 1 }), json!("B")]);
    round_trips::<Tagged>(&json!({ "kind": "A", "x": 1 }));
}

fn tag_struct() {
    #[derive(Debug, Deserialize, Serialize, JsonSchema)]
    #[serde(tag = "kind")]
    struct TaggedStruct {
        a: u8,
    }
    same_schema::<TaggedStruct, Plain>();
    let result = serde_json::to_value(TaggedStruct { a: 1 }).expect("it serializes");
    assert_eq!(result, json!({ "kind": "TaggedStruct", "a": 1 }));
    assert_eq!(output::<TaggedStruct>().check(&result), [], "results may have additional properties");
    assert_eq!(answer::<TaggedStruct>(&result), ["unknown argument `kind`"]);
}

fn content() {
    #[derive(Debug, Deserialize, Serialize, JsonSchema)]
    #[serde(tag = "t", content = "c")]
    enum Adjacent {
        A(u8),
        B,
    }
    holds::<Adjacent>(&[json!({ "t": "A", "c": 1 }), json!({ "t": "B" })], &[json!({ "t": "A" }), json!({ "A": 1 })]);
    round_trips::<Adjacent>(&json!({ "t": "A", "c": 1 }));
}

fn untagged_type() {
    #[derive(Debug, Deserialize, Serialize, JsonSchema)]
    #[serde(untagged)]
    enum Untagged {
        Large { x: u8, y: u8 },
        Small { x: u8 },
    }
    round_trips::<Untagged>(&json!({ "x": 1, "y": 2 }));
    #[derive(Debug, Deserialize, Serialize, JsonSchema)]
    #[serde(untagged)]
    enum Dropping {
        Small { x: u8 },
        Large { x: u8, y: u8 },
    }
    rejected::<Dropping>("value");
}

fn untagged_variant() {
    #[derive(Debug, Deserialize, Serialize, JsonSchema)]
    #[serde(tag = "kind")]
    enum Mixed {
        A {
            x: u8,
        },
        #[serde(untagged)]
        Other {
            id: u8,
        },
    }
    holds::<Mixed>(&[json!({ "kind": "A", "x": 1 }), json!({ "id": 1 })], &[json!({ "kind": "Other", "id": 1 })]);
    #[derive(Debug, Deserialize, Serialize, JsonSchema)]
    #[serde(tag = "kind")]
    enum Dropping {
        A {
            x: u8,
        },
        #[serde(untagged)]
        Other {
            kind: String,
            x: u8,
            y: u8,
        },
    }
    rejected::<Dropping>("value");
}

fn from() {
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(from = "u8")]
    struct Converted {
        inner: u8,
    }
    impl From<u8> for Converted {
        fn from(inner: u8) -> Self {
            Self { inner }
        }
    }
    same_schema::<Converted, u8>();
    assert_eq!(reads::<Converted>(&json!(3)).inner, 3);
}

fn try_from() {
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(try_from = "u8")]
    struct Small(u8);
    impl TryFrom<u8> for Small {
        type Error = &'static str;
        fn try_from(number: u8) -> Result<Self, Self::Error> {
            (number < 3).then_some(Self(number)).ok_or("too large")
        }
    }
    same_schema::<Small, u8>();
    assert_eq!(reads::<Small>(&json!(2)).0, 2);
    assert!(crate::schema::tests::value_of::<Small>(&input::<Small>(), &json!(3)).is_err());
}

fn into() {
    #[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
    #[serde(into = "Plain")]
    struct Converted {
        inner: u8,
    }
    impl From<Converted> for Plain {
        fn from(converted: Converted) -> Self {
            Self { a: converted.inner }
        }
    }
    assert_eq!(result_names::<Converted>().0, ["a"]);
    holds::<Converted>(&[json!({ "inner": 1 })], &[json!({ "a": 1 })]);
}

mod elsewhere {
    #[derive(Debug)]
    pub(super) struct Elapsed {
        secs: u8,
    }
    impl Elapsed {
        pub(super) fn new(secs: u8) -> Self {
            Self { secs }
        }
        pub(super) fn secs(&self) -> u8 {
            self.secs
        }
    }
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(remote = "elsewhere::Elapsed")]
struct ElapsedDef {
    #[serde(getter = "elsewhere::Elapsed::secs")]
    secs: u8,
}

impl From<ElapsedDef> for elsewhere::Elapsed {
    fn from(def: ElapsedDef) -> Self {
        Self::new(def.secs)
    }
}

fn remote() {
    #[derive(Debug, Deserialize, Serialize, JsonSchema)]
    struct Holder {
        #[serde(with = "ElapsedDef")]
        time: elsewhere::Elapsed,
    }
    holds::<Holder>(&[json!({ "time": { "secs": 1 } })], &[json!({ "time": 1 })]);
    round_trips::<Holder>(&json!({ "time": { "secs": 1 } }));
}

/// Numbers as strings.
mod quoted {
    use super::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(number: &u8, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(number)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

fn with_variant() {
    #[derive(Debug, Deserialize, Serialize, JsonSchema)]
    enum Holder {
        #[serde(with = "quoted")]
        #[schemars(with = "String")]
        A(u8),
    }
    holds::<Holder>(&[json!({ "A": "1" })], &[json!({ "A": 1 })]);
    round_trips::<Holder>(&json!({ "A": "1" }));
}

fn with_field() {
    #[derive(Debug, Deserialize, Serialize, JsonSchema)]
    struct Holder {
        #[serde(with = "quoted")]
        #[schemars(with = "String")]
        a: u8,
    }
    holds::<Holder>(&[json!({ "a": "1" })], &[json!({ "a": 1 })]);
    round_trips::<Holder>(&json!({ "a": "1" }));
}

fn deserialize_with_variant() {
    #[derive(Debug, Deserialize, JsonSchema)]
    enum Holder {
        #[serde(deserialize_with = "quoted::deserialize")]
        A(u8),
    }
    rejected::<Holder>("value.A");
    #[derive(Debug, Deserialize, JsonSchema)]
    enum Described {
        #[serde(deserialize_with = "quoted::deserialize")]
        #[schemars(with = "String")]
        A(u8),
    }
    holds::<Described>(&[json!({ "A": "1" })], &[json!({ "A": 1 })]);
}

fn deserialize_with_field() {
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Holder {
        #[serde(deserialize_with = "quoted::deserialize")]
        a: u8,
    }
    rejected::<Holder>("value.a");
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Described {
        #[serde(deserialize_with = "quoted::deserialize")]
        #[schemars(with = "String")]
        a: u8,
    }
    holds::<Described>(&[json!({ "a": "1" })], &[json!({ "a": 1 })]);
}

fn deserialize_with_option() {
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Holder {
        #[serde(deserialize_with = "Option::deserialize")]
        a: Option<u8>,
    }
    rejected::<Holder>("value.a");
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Defaulted {
        #[serde(default, deserialize_with = "Option::deserialize")]
        a: Option<u8>,
    }
    holds::<Defaulted>(&[json!({}), json!({ "a": 1 })], &[json!({ "a": "1" })]);
}

fn serialize_with_variant() {
    #[derive(Debug, Deserialize, Serialize, JsonSchema)]
    enum Holder {
        #[serde(serialize_with = "quoted::serialize")]
        A(u8),
    }
    assert_eq!(output::<Holder>().json()["properties"]["A"]["type"], json!("integer"));
}

fn serialize_with_field() {
    #[derive(Debug, Deserialize, Serialize, JsonSchema)]
    struct Holder {
        #[serde(serialize_with = "quoted::serialize")]
        a: u8,
    }
    assert_eq!(output::<Holder>().json(), output::<Plain>().json());
    #[derive(Debug, Deserialize, Serialize, JsonSchema)]
    struct Defaulted {
        #[serde(default, with = "quoted")]
        #[schemars(with = "String")]
        a: u8,
    }
    assert_eq!(shown::<Defaulted>()["properties"]["a"]["default"], json!("0"));
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
enum Skipping {
    A,
    #[serde(skip)]
    B,
    #[serde(skip_serializing)]
    Input,
    #[serde(skip_deserializing)]
    Output,
}

fn skip_variant() {
    holds::<Skipping>(&[json!("A")], &[json!("B")]);
}

fn skip_deserializing_variant() {
    holds::<Skipping>(&[json!("A")], &[json!("Output")]);
    assert_eq!(output::<Skipping>().json()["properties"]["result"]["enum"], json!(["A", "Output"]));
}

fn skip_serializing_variant() {
    holds::<Skipping>(&[json!("A"), json!("Input")], &[]);
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct SkippingFields {
    a: u8,
    #[serde(skip)]
    b: u8,
    #[serde(skip_serializing)]
    input: u8,
    #[serde(skip_deserializing)]
    output: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    maybe: Option<u8>,
}

fn skip_field() {
    holds::<SkippingFields>(&[json!({ "a": 1, "input": 2 })], &[json!({ "a": 1, "input": 2, "b": 3 })]);
}

fn skip_deserializing_field() {
    holds::<SkippingFields>(&[], &[json!({ "a": 1, "input": 2, "output": 3 })]);
    assert_eq!(result_names::<SkippingFields>().0, ["a", "output", "maybe"]);
}

fn skip_serializing_field() {
    holds::<SkippingFields>(&[], &[json!({ "a": 1 })]);
    assert_eq!(result_names::<SkippingFields>().0, ["a", "output", "maybe"]);
}

fn skip_serializing_if() {
    holds::<SkippingFields>(&[json!({ "a": 1, "input": 2, "maybe": 3 })], &[]);
    assert_eq!(result_names::<SkippingFields>().1, json!(["a", "output"]));
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Paging {
    offset: u8,
    limit: u8,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Flat<T> {
    id: u8,
    #[serde(flatten)]
    rest: T,
}

fn flatten_field() {
    holds::<Flat<Paging>>(&[json!({ "id": 1, "offset": 2, "limit": 3 })], &[json!({ "id": 1, "offset": 2 })]);
    holds::<Flat<Tagged>>(&[json!({ "id": 1, "kind": "B" })], &[json!({ "id": 1 })]);
    holds::<Flat<HashMap<String, u8>>>(&[json!({ "id": 1, "a": 2 })], &[json!({ "id": 1, "a": "2" })]);
    holds::<Flat<Option<Plain>>>(&[json!({ "id": 1 }), json!({ "id": 1, "a": 2 })], &[json!({ "a": 2 })]);
}

fn flatten_option() {
    let problems = input::<Flat<Option<Paging>>>().probe::<One<Flat<Option<Paging>>>>();
    assert_eq!(
        problems.iter().map(crate::schema::SchemaProblem::path).collect::<Vec<_>>(),
        ["value.offset", "value.limit"]
    );
}

fn other() {
    #[derive(Debug, PartialEq, Deserialize, JsonSchema)]
    enum Open {
        A,
        #[serde(other)]
        Unknown,
    }
    assert_eq!(shown::<Open>()["enum"], json!(["A", "Unknown"]));
    holds::<Open>(&[json!("A"), json!("Unknown")], &[json!("B")]);
    #[derive(Debug, PartialEq, Deserialize, JsonSchema)]
    enum Hidden {
        A,
        #[serde(other)]
        #[schemars(skip)]
        Unknown,
    }
    assert_eq!(shown::<Hidden>()["enum"], json!(["A"]));
    holds::<Hidden>(&[json!("A")], &[json!("Unknown"), json!("B")]);
}

fn field_identifier() {
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(field_identifier)]
    enum Field {
        A,
        B,
    }
    assert_eq!(shown::<Field>()["enum"], json!(["A", "B"]));
}

fn variant_identifier() {
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(variant_identifier)]
    enum Variant {
        A,
        B,
    }
    assert_eq!(shown::<Variant>()["enum"], json!(["A", "B"]));
}

fn bound() {
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(bound = "T: serde::de::DeserializeOwned")]
    struct Type<T> {
        #[serde(bound = "T: serde::de::DeserializeOwned")]
        a: T,
    }
    #[derive(Debug, Deserialize, JsonSchema)]
    enum Enum<T> {
        #[serde(bound = "T: serde::de::DeserializeOwned")]
        A(T),
        B,
    }
    same_schema::<Type<u8>, Plain>();
    holds::<Enum<u8>>(&[json!({ "A": 1 }), json!("B")], &[json!("A")]);
}

/// `tests/compile/ui/types/borrowing_type.rs` shows the error.
fn does_not_compile() {
    fn is_owned<T: serde::de::DeserializeOwned>() {}
    is_owned::<Plain>();
}

fn crate_path() {
    use serde as serde_elsewhere;
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(crate = "serde_elsewhere")]
    struct Elsewhere {
        a: u8,
    }
    same_schema::<Elsewhere, Plain>();
}

fn expecting() {
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(expecting = "words that agents do not read")]
    struct Expecting {
        a: u8,
    }
    let schema = input::<Expecting>();
    let messages = crate::schema::tests::messages::<One<Expecting>>(&schema, r#"{"value": 1}"#);
    assert_eq!(messages, ["`value` must be an object, not a number"]);
    let absent = crate::schema::tests::optional::<Expecting>();
    assert!(absent.read::<Maybe<Expecting>>(b"{}").is_ok());
}
