//! Attributes of schemars.

#![allow(dead_code, reason = "only serde reads the fields")]

use schemars::{JsonSchema, JsonSchema_repr, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Case, holds, reads, rejected, same_schema, shown};

pub(super) const CASES: &[Case] = &[
    ("rename", "type", "ignored", rename_type),
    ("rename", "field", "rejected", rename_field),
    ("default", "field", "rejected", default),
    ("skip", "variant", "supported", skip_variant),
    ("skip", "field", "supported", skip_field),
    ("with", "type", "supported", with_type),
    ("with", "variant", "supported", with_variant),
    ("with", "field", "supported", with_field),
    ("schema_with", "field", "supported", schema_with),
    ("title", "type", "ignored", title),
    ("title", "variant", "ignored", title),
    ("title", "field", "ignored", title),
    ("description", "type", "supported", description),
    ("description", "variant", "supported", description),
    ("description", "field", "supported", description),
    ("example", "type", "supported", example),
    ("example", "field", "supported", example),
    ("extend", "type", "supported", extend),
    ("extend", "variant", "supported", extend),
    ("extend", "field", "supported", extend),
    ("transform", "type", "supported", transform),
    ("transform", "variant", "supported", transform),
    ("transform", "field", "supported", transform),
    ("inline", "type", "ignored", inline),
    ("bound", "type", "ignored", bound),
    ("crate", "type", "supported", crate_path),
    ("length", "field", "supported", validation),
    ("range", "field", "supported", validation),
    ("pattern", "field", "supported", validation),
    ("regex", "field", "supported", validation),
    ("contains", "field", "supported", validation),
    ("inner", "field", "supported", validation),
    ("required", "field", "supported", required),
    ("email", "field", "supported", formats),
    ("url", "field", "supported", formats),
    ("ip", "field", "supported", formats),
    ("ipv4", "field", "supported", formats),
    ("ipv6", "field", "supported", formats),
    ("repr", "enum", "supported", repr),
];

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Plain {
    a: u8,
}

fn rename_type() {
    #[derive(Deserialize, JsonSchema)]
    #[schemars(rename = "Other")]
    struct Renamed {
        a: u8,
    }
    same_schema::<Renamed, Plain>();
}

fn rename_field() {
    #[derive(Deserialize, JsonSchema)]
    struct Renamed {
        #[schemars(rename = "b")]
        a: Option<u8>,
    }
    rejected::<Renamed>("value.b");
    #[derive(Deserialize, JsonSchema)]
    struct Required {
        #[schemars(rename = "b")]
        a: u8,
    }
    rejected::<Required>("value.b");
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Equal {
        #[serde(rename = "b")]
        #[schemars(rename = "b")]
        a: u8,
    }
    holds::<Equal>(&[json!({ "b": 1 })], &[json!({ "a": 1 })]);
}

fn default() {
    #[derive(Deserialize, JsonSchema)]
    struct Defaulted {
        #[schemars(default)]
        a: u8,
    }
    rejected::<Defaulted>("value.a");
}

fn skip_variant() {
    #[derive(Debug, Deserialize, JsonSchema)]
    enum Skipping {
        A,
        #[schemars(skip)]
        B,
    }
    holds::<Skipping>(&[json!("A")], &[json!("B")]);
}

fn skip_field() {
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Skipping {
        a: u8,
        #[serde(default)]
        #[schemars(skip)]
        b: u8,
    }
    holds::<Skipping>(&[json!({ "a": 1 })], &[json!({ "a": 1, "b": 2 })]);
}

fn with_type() {
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(from = "u8")]
    #[schemars(with = "u8")]
    struct Number {
        number: u8,
    }
    impl From<u8> for Number {
        fn from(number: u8) -> Self {
            Self { number }
        }
    }
    same_schema::<Number, u8>();
}

fn with_variant() {
    #[derive(Debug, Deserialize, JsonSchema)]
    enum Holder {
        #[schemars(with = "u16")]
        A(u32),
    }
    holds::<Holder>(&[json!({ "A": 65_535 })], &[json!({ "A": 65_536 })]);
}

fn with_field() {
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Holder {
        #[schemars(with = "u16")]
        a: u32,
    }
    holds::<Holder>(&[json!({ "a": 65_535 })], &[json!({ "a": 65_536 })]);
}

fn schema_with() {
    fn small(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "maximum": 3 })
    }
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Holder {
        #[schemars(schema_with = "small")]
        a: u8,
    }
    holds::<Holder>(&[json!({ "a": 3 })], &[json!({ "a": 4 })]);
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[schemars(title = "T", description = "About the type.", example = json!({ "a": 1 }), extend("x-type" = 1))]
struct Annotated {
    #[schemars(title = "A", description = "About the field.", example = 2)]
    #[schemars(extend("maximum" = 9, "contentEncoding" = "base64", "readOnly" = true))]
    a: u8,
}

#[derive(Debug, Deserialize, JsonSchema)]
enum AnnotatedEnum {
    #[schemars(title = "X", description = "About the variant.", extend("x-variant" = 1))]
    X,
    Y,
}

fn title() {
    let shown = [shown::<Annotated>(), shown::<AnnotatedEnum>()].map(|schema| schema.to_string());
    assert!(shown.iter().all(|schema| !schema.contains("title")), "{shown:?}");
}

fn description() {
    let schema = shown::<Annotated>();
    assert_eq!(schema["description"], json!("About the type. Example: `{\"a\":1}`."));
    let field = "About the field. Between 0 and 9. Encoding: `base64`. Example: `2`.";
    assert_eq!(schema["properties"]["a"]["description"], json!(field));
    assert_eq!(shown::<AnnotatedEnum>()["description"], json!("One of: `Y`, `X` (About the variant)."));
}

fn example() {
    assert_eq!(shown::<Annotated>()["examples"], json!([{ "a": 1 }]));
    assert_eq!(shown::<Annotated>()["properties"]["a"]["examples"], json!([2]));
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Invalid {
        #[schemars(example = 256)]
        a: u8,
    }
    rejected::<Invalid>("value.a");
}

fn extend() {
    holds::<Annotated>(&[json!({ "a": 9 })], &[json!({ "a": 10 })]);
    let shown = [shown::<Annotated>(), shown::<AnnotatedEnum>()].map(|schema| schema.to_string());
    assert!(shown.iter().all(|schema| !schema.contains("x-") && !schema.contains("readOnly")), "{shown:?}");
    #[derive(Debug, Deserialize, JsonSchema)]
    #[schemars(extend("minProperties" = 1))]
    struct OnType {
        a: Option<u8>,
    }
    rejected::<OnType>("value");
    #[derive(Debug, Deserialize, JsonSchema)]
    enum OnVariant {
        #[schemars(extend("not" = { "const": 1 }))]
        A { a: u8 },
    }
    rejected::<OnVariant>("value");
    #[derive(Debug, Deserialize, JsonSchema)]
    struct OnField {
        #[schemars(extend("contains" = { "const": 1 }))]
        a: Vec<u8>,
    }
    rejected::<OnField>("value.a");
}

fn at_most_three(schema: &mut Schema) {
    schema.insert("maximum".to_owned(), json!(3));
}

fn transform() {
    #[derive(Debug, Deserialize, JsonSchema)]
    #[schemars(transform = at_most_three)]
    struct OnType(u8);
    #[derive(Debug, Deserialize, JsonSchema)]
    struct OnField {
        #[schemars(transform = at_most_three)]
        a: u8,
    }
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(untagged)]
    enum OnVariant {
        #[schemars(transform = at_most_three)]
        A(u8),
    }
    holds::<OnType>(&[json!(3)], &[json!(4)]);
    holds::<OnField>(&[json!({ "a": 3 })], &[json!({ "a": 4 })]);
    holds::<OnVariant>(&[json!(3)], &[json!(4)]);
}

fn inline() {
    #[derive(Deserialize, JsonSchema)]
    #[schemars(inline)]
    struct Inlined {
        a: u8,
    }
    same_schema::<Vec<Inlined>, Vec<Plain>>();
}

fn bound() {
    #[derive(Debug, Deserialize, JsonSchema)]
    #[schemars(bound = "T: JsonSchema")]
    struct Generic<T> {
        a: T,
    }
    same_schema::<Generic<u8>, Plain>();
}

fn crate_path() {
    use schemars as schemars_elsewhere;
    #[derive(Debug, Deserialize, JsonSchema)]
    #[schemars(crate = "schemars_elsewhere")]
    struct Elsewhere {
        a: u8,
    }
    same_schema::<Elsewhere, Plain>();
}

fn validation() {
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Limits {
        #[schemars(length(min = 1, max = 2))]
        length: String,
        #[schemars(range(min = 1, max = 2))]
        range: u8,
        #[schemars(pattern("^a$"))]
        pattern: String,
        #[schemars(regex(pattern = "^a$"))]
        regex: String,
        #[schemars(contains(pattern = "a"))]
        contains: String,
        #[schemars(inner(length(equal = 1)))]
        inner: Vec<String>,
    }
    let good = json!({ "length": "a", "range": 1, "pattern": "a", "regex": "a", "contains": "bab", "inner": ["a"] });
    let with = |key: &str, value| {
        let mut bad = good.clone();
        bad[key] = value;
        bad
    };
    let bad = [
        with("length", json!("")),
        with("range", json!(3)),
        with("pattern", json!("b")),
        with("regex", json!("b")),
        with("contains", json!("b")),
        with("inner", json!(["ab"])),
    ];
    holds::<Limits>(std::slice::from_ref(&good), &bad);
}

fn required() {
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Required {
        #[schemars(required)]
        a: Option<u8>,
    }
    holds::<Required>(&[json!({ "a": 1 })], &[json!({}), json!({ "a": null })]);
    assert_eq!(reads::<Required>(&json!({ "a": 1 })).a, Some(1));
}

fn formats() {
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Formats {
        #[schemars(email)]
        email: String,
        #[schemars(url)]
        url: String,
        #[schemars(ip)]
        ip: String,
        #[schemars(ipv4)]
        ipv4: String,
        #[schemars(ipv6)]
        ipv6: String,
    }
    let properties = &shown::<Formats>()["properties"];
    for (name, format) in [("email", "email"), ("url", "uri"), ("ipv4", "ipv4"), ("ipv6", "ipv6")] {
        assert_eq!(properties[name]["format"], json!(format));
    }
    assert_eq!(properties["ip"]["description"], json!("Format: `ip`, such as `192.0.2.1`."));
}

fn repr() {
    #[derive(Debug, Deserialize, JsonSchema_repr)]
    #[serde(try_from = "u8")]
    #[repr(u8)]
    enum Level {
        Low = 1,
        High = 9,
    }
    impl TryFrom<u8> for Level {
        type Error = &'static str;
        fn try_from(level: u8) -> Result<Self, Self::Error> {
            Ok(if level == 1 { Self::Low } else { Self::High })
        }
    }
    holds::<Level>(&[json!(1), json!(9)], &[json!(2), json!("Low")]);
}
