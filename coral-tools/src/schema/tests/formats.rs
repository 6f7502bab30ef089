//! Formats in the schema of a type: enforced for strings; a type that parses the string decides itself.

use std::collections::HashMap;
use std::fmt::Debug;
use std::net::{Ipv4Addr, Ipv6Addr};

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use proptest::prelude::*;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::{One, input, messages, of_struct, read, value_of};
use crate::schema::show::rules::valid_format;

macro_rules! strings_with_a_format {
    ($($name:ident $format:literal;)*) => {$(
        #[derive(Debug, PartialEq, Deserialize, JsonSchema)]
        struct $name(#[schemars(extend("format" = $format))] String);
    )*};
}

strings_with_a_format! {
    DateTimeText "date-time";
    DateText "date";
    TimeText "time";
    EmailText "email";
    HostnameText "hostname";
    Ipv4Text "ipv4";
    Ipv6Text "ipv6";
    UriText "uri";
    UuidText "uuid";
    DurationText "duration";
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "kind")]
enum Tagged<T> {
    One { value: T },
    Other,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Untagged<T> {
    Number(u8),
    List(Vec<T>),
    Plain { value: T },
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
struct Flattened<T> {
    id: u8,
    #[serde(flatten)]
    value: One<T>,
}

impl<T: JsonSchema> JsonSchema for One<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("One_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let value = generator.subschema_for::<T>();
        schemars::json_schema!({ "type": "object", "properties": { "value": value }, "required": ["value"] })
    }
}

/// Whether `T` is read, directly and in types that serde buffers, which must all agree.
fn accepts<T: JsonSchema + DeserializeOwned + Debug>(text: &str) -> bool {
    fn holds<T: JsonSchema + DeserializeOwned + Debug>(value: &Value) -> bool {
        value_of::<T>(&input::<T>().adjusted::<One<T>>(), value).is_ok()
    }
    let all = [
        holds::<T>(&json!(text)),
        holds::<Option<T>>(&json!(text)),
        holds::<Vec<Option<T>>>(&json!([text])),
        holds::<HashMap<String, T>>(&json!({ "key": text })),
        holds::<(u8, T)>(&json!([1, text])),
        holds::<Tagged<T>>(&json!({ "kind": "One", "value": text })),
        holds::<Untagged<T>>(&json!([text])),
        holds::<Untagged<T>>(&json!({ "value": text })),
        holds::<Flattened<T>>(&json!({ "id": 1, "value": text })),
    ];
    assert!(all.iter().all(|read| *read == all[0]), "{}: {text:?} is read in {all:?}", std::any::type_name::<T>());
    all[0]
}

#[test]
fn formats_of_strings_are_enforced() {
    fn enforced<T: JsonSchema + DeserializeOwned + Debug>(good: &str, bad: &[&str]) {
        assert!(accepts::<T>(good), "{good}");
        for bad in bad.iter().chain(&["invalid!", "\u{0}", ""]) {
            assert!(!accepts::<T>(bad), "{}: {bad}", std::any::type_name::<T>());
        }
    }
    enforced::<DateTimeText>("2026-01-31T09:30:00Z", &["2026-01-31 09:30:00Z", "2026-01-31"]);
    enforced::<DateText>("2026-01-31", &["2026-1-31", "2026-02-31"]);
    enforced::<TimeText>("09:30:00Z", &["09:30:00"]);
    enforced::<EmailText>("ada@example.com", &["ada"]);
    enforced::<HostnameText>("example.com", &["a_b"]);
    enforced::<Ipv4Text>("192.0.2.1", &["192.0.2.256"]);
    enforced::<Ipv6Text>("::1", &["192.0.2.1"]);
    enforced::<UriText>("https://example.com", &["https://exämple.com", "example.com"]);
    enforced::<UuidText>("67e55044-10b1-426f-9247-bb680e5fe0c8", &["67e5504410b1426f9247bb680e5fe0c8"]);
    assert!(accepts::<DurationText>("invalid!"), "documented as not enforced");
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only serde reads the fields")]
struct Message {
    #[schemars(email)]
    to: String,
    #[validate(email)]
    cc: Option<String>,
    #[garde(email)]
    bcc: Option<String>,
    #[schemars(url)]
    link: Option<String>,
    #[validate(url)]
    image: Option<String>,
    #[garde(url)]
    video: Option<String>,
    #[schemars(inner(email))]
    list: Option<Vec<String>>,
}

#[test]
fn formats_of_attributes_are_enforced() {
    let schema = of_struct::<Message>().adjusted::<Message>();
    for key in ["to", "cc", "bcc", "link", "image", "video", "list"] {
        let (good, wanted) = match key {
            "link" | "image" | "video" => ("https://example.com", "URI (example: `https://example.com/path`)"),
            _ => ("ada@example.com", "email address"),
        };
        let body = |text: &str| match key {
            "to" => json!({ "to": text }),
            "list" => json!({ "to": "ada@example.com", "list": ["ada@example.com", text] }),
            _ => json!({ "to": "ada@example.com", (key): text }),
        };
        assert!(read::<Message>(&schema, &body(good)).is_ok(), "{key}");
        let path = if key == "list" { "list[1]" } else { key };
        let reported = messages::<Message>(&schema, &body("invalid").to_string());
        assert_eq!(reported, [format!("`{path}` is not a valid {wanted}")]);
    }
}

/// The documented forms of `uuid`, `chrono` and `url`, which are more than those of the RFCs.
#[test]
fn a_type_that_parses_the_string_decides() {
    for text in ["67e5504410b1426f9247bb680e5fe0c8", "{67e55044-10b1-426f-9247-bb680e5fe0c8}"] {
        assert!(accepts::<Uuid>(text), "{text}");
    }
    assert!(accepts::<DateTime<Utc>>("2026-01-31 09:30:00Z"));
    assert!(accepts::<NaiveDate>("2026-1-31"));
    assert!(accepts::<Url>("https://exämple.com/ä"));
    let many: Vec<_> = (0..100).map(|number| format!("67e5504410b1426f9247bb680e5fe{number:03}")).collect();
    assert_eq!(
        value_of::<Vec<Uuid>>(&input::<Vec<Uuid>>().adjusted::<One<Vec<Uuid>>>(), &json!(many)).map(|list| list.len()),
        Ok(100)
    );
}

fn agrees_with_the_type<T: JsonSchema + DeserializeOwned + Debug>(text: &str) {
    let by_type = serde_json::from_value::<T>(json!(text)).is_ok();
    assert_eq!(accepts::<T>(text), by_type, "{}: {text:?}", std::any::type_name::<T>());
}

proptest! {
    // Each case builds 63 schemas.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn typed_values_are_accepted_as_by_their_types(
        date in "[+]?[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", time in "[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,3})?)?",
        joint in "[Tt ]", offset in "(Z|z|[+-][0-9]{2}:?[0-9]{2}| UTC)?", uuid in "[{]?[0-9a-f]{8}-?[0-9a-f]{4}-[0-9A-F]{4}-[0-9a-f]{4}-[0-9a-f]{12}[}]?",
        uri in "[a-z]{1,4}:[/ä|^ ]{0,3}[a-z.%\\[]{0,6}", address in "[0-9]{1,3}(\\.[0-9]{1,3}){2,3}", groups in "[0-9a-f:]{1,12}",
    ) {
        agrees_with_the_type::<NaiveDate>(&date);
        agrees_with_the_type::<DateTime<Utc>>(&format!("{date}{joint}{time}{offset}"));
        agrees_with_the_type::<DateTime<FixedOffset>>(&format!("{date}{joint}{time}{offset}"));
        agrees_with_the_type::<Uuid>(&uuid);
        agrees_with_the_type::<Url>(&uri);
        agrees_with_the_type::<Ipv4Addr>(&address);
        agrees_with_the_type::<Ipv6Addr>(&groups);
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only serde reads the fields")]
struct Booking {
    id: Uuid,
    at: DateTime<Utc>,
    days: Vec<NaiveDate>,
    #[schemars(email)]
    to: String,
    count: Option<u8>,
}

const BOOKING_PROBLEMS: [&str; 4] = [
    "`id` is not a valid UUID (example: `67e55044-10b1-426f-9247-bb680e5fe0c8`)",
    "`at` is not a valid RFC 3339 date-time (example: `2026-01-31T09:30:00Z`)",
    "`days[1]` is not a valid date (example: `2026-01-31`)",
    "`to` is not a valid email address",
];

#[test]
fn all_invalid_formats_are_reported_at_once() {
    let mut body = json!({ "id": "1", "at": "2026-01-31", "days": ["2026-01-31", "2026-02-30"], "to": "invalid" });
    let schema = of_struct::<Booking>().adjusted::<Booking>();
    assert_eq!(messages::<Booking>(&schema, &body.to_string()), BOOKING_PROBLEMS);
    // A value that the type accepts is not a problem beside others.
    body["id"] = json!("67e5504410b1426f9247bb680e5fe0c8");
    assert_eq!(messages::<Booking>(&schema, &body.to_string()), BOOKING_PROBLEMS[1..]);
    body["id"] = json!("1");
    body["count"] = json!(256);
    let all = messages::<Booking>(&schema, &body.to_string());
    assert_eq!(all[..4], BOOKING_PROBLEMS);
    assert_eq!(all[4..], ["`count` must be an integer between 0 and 255"]);
}

#[test]
fn a_value_that_its_type_accepts_is_not_reported_beside_another() {
    type Pair<T> = (Uuid, T);
    fn reported<T: JsonSchema + DeserializeOwned + Debug>(bad: &str) -> usize {
        let body = json!({ "value": ["67e5504410b1426f9247bb680e5fe0c8", bad] });
        messages::<One<Pair<T>>>(&input::<Pair<T>>().adjusted::<One<Pair<T>>>(), &body.to_string()).len()
    }
    let each = [
        reported::<DateTime<Utc>>("2026-01-31"),
        reported::<NaiveDate>("2026-02-30"),
        reported::<Ipv4Addr>("300.0.0.1"),
        reported::<Ipv6Addr>(":::"),
        reported::<Url>("example"),
        reported::<Uuid>("1"),
        reported::<TimeText>("9:30"),
        reported::<EmailText>("ada"),
        reported::<HostnameText>("-a"),
    ];
    assert_eq!(each, [1; 9]);
}

#[test]
fn invalid_formats_are_reported_inside_variants() {
    let reported = |value: Value| {
        messages::<One<Tagged<Booking>>>(
            &input::<Tagged<Booking>>().adjusted::<One<Tagged<Booking>>>(),
            &value.to_string(),
        )
    };
    let body = json!({ "id": "1", "at": "soon", "days": ["", "?"], "to": "invalid" });
    let paths: Vec<_> = reported(json!({ "value": { "kind": "One", "value": body } }));
    assert_eq!(paths.len(), 5, "{paths:?}");
    assert!(paths[0].starts_with("`value.value.id` is not a valid UUID"), "{paths:?}");
}

#[test]
fn more_invalid_formats_than_fit_are_counted() {
    let invalid = |count: usize| json!({ "value": vec!["invalid"; count] }).to_string();
    let reported =
        messages::<One<Vec<EmailText>>>(&input::<Vec<EmailText>>().adjusted::<One<Vec<EmailText>>>(), &invalid(40));
    assert_eq!((reported.len(), reported[32].as_str()), (33, "and 8 more problems"));
    let reported = messages::<One<Vec<Uuid>>>(&input::<Vec<Uuid>>().adjusted::<One<Vec<Uuid>>>(), &invalid(40));
    assert_eq!((reported.len(), reported[32].as_str()), (33, "and 8 more problems"));
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
enum EmailOrText {
    Email(EmailText),
    Text(String),
}

#[test]
fn a_variant_without_the_format_accepts_the_string() {
    let read = value_of::<EmailOrText>(&input::<EmailOrText>().adjusted::<One<EmailOrText>>(), &json!("invalid"));
    assert!(read.is_ok(), "`anyOf` allows it: {read:?}");
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
enum IdOrName {
    Id(Uuid),
    Name(String),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only serde reads the fields")]
struct Order {
    customer: IdOrName,
    count: u8,
}

#[test]
fn a_string_that_another_variant_allows_is_not_a_problem_beside_others() {
    let body = r#"{"customer":"Ada","count":"one"}"#;
    let reported = messages::<Order>(&of_struct::<Order>().adjusted::<Order>(), body);
    assert_eq!(reported, ["`count` must be an integer between 0 and 255, not a string"]);
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
enum IdOrDay {
    Id(Uuid),
    Day(NaiveDate),
    Number(u8),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only serde reads the fields")]
struct Visit {
    of: IdOrDay,
    count: u8,
}

#[test]
fn a_string_in_the_format_of_no_variant_is_a_problem_beside_others() {
    let schema = of_struct::<Visit>().adjusted::<Visit>();
    let reported = |of: &str| messages::<Visit>(&schema, &json!({"of": of, "count": "one"}).to_string());
    let count = "`count` must be an integer between 0 and 255, not a string";
    assert_eq!(reported("67e55044-10b1-426f-9247-bb680e5fe0c8"), [count]);
    assert_eq!(reported("2026-01-31"), [count]);
    let id = "`of` is not a valid UUID (example: `67e55044-10b1-426f-9247-bb680e5fe0c8`)";
    assert_eq!(reported("soon"), [id, count]);
}

/// A string whose type accepts other forms than its format.
#[derive(Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
struct Name;

impl TryFrom<String> for Name {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.chars().all(char::is_alphabetic) { Ok(Self) } else { Err("a name has only letters") }
    }
}

impl JsonSchema for Name {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Name".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "email" })
    }
}

/// A string that no sample of a schema is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
struct Code;

impl TryFrom<String> for Code {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text == "x7" { Ok(Self) } else { Err("another code") }
    }
}

/// The sample of a schema whose strings have formats, beside a field of a type that accepts no sample.
#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only serde reads the fields")]
struct WithCode<T> {
    value: T,
    code: Code,
}

#[test]
fn a_format_is_enforced_beside_a_value_that_is_always_rejected() {
    fn accepts<T: JsonSchema + DeserializeOwned + Debug>(value: &Value) -> bool {
        let schema = of_struct::<WithCode<T>>().adjusted::<WithCode<T>>();
        read::<WithCode<T>>(&schema, &json!({ "value": value, "code": "x7" })).is_ok()
    }
    assert!(accepts::<EmailText>(&json!("ada@example.com")));
    assert!(!accepts::<EmailText>(&json!("ada")));
    assert!(!accepts::<HostnameText>(&json!("-a")));
    // Types that parse the string themselves decide.
    assert!(accepts::<NaiveDate>(&json!("2026-1-31")));
    assert!(accepts::<Name>(&json!("ada")));
    let reported = messages::<One<Name>>(&input::<Name>().adjusted::<One<Name>>(), r#"{"value":"ada@example.com"}"#);
    assert_eq!(reported, ["`value` is not a valid email address"]);
    assert!(accepts::<Vec<Name>>(&json!(["ada"])));
    assert!(accepts::<HashMap<String, Name>>(&json!({ "a": "ada" })));
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only serde reads the fields")]
struct WithExample {
    #[schemars(email, example = &"invalid")]
    to: String,
}

#[test]
fn an_example_that_is_not_in_the_format_is_rejected() {
    let problems =
        super::InputSchema::from_type(super::schema_fn::<WithExample>()).expect_err("the example is invalid");
    assert!(problems[0].to_string().contains("the example is not valid"), "{problems:?}");
}

#[test]
fn agents_read_the_name_of_each_format() {
    for (format, name) in [
        ("date-time", "a valid RFC 3339 date-time (example: `2026-01-31T09:30:00Z`)"),
        ("date", "a valid date (example: `2026-01-31`)"),
        ("time", "a valid RFC 3339 time (example: `09:30:00Z`)"),
        ("partial-date-time", "a valid date and time without an offset (example: `2026-01-31T09:30:00`)"),
        ("partial-time", "a valid time without an offset (example: `09:30:00`)"),
        ("ip", "a valid IP address (example: `192.0.2.1`)"),
        ("ipv4", "a valid IPv4 address"),
        ("ipv6", "a valid IPv6 address"),
        ("uuid", "a valid UUID (example: `67e55044-10b1-426f-9247-bb680e5fe0c8`)"),
        ("uri", "a valid URI (example: `https://example.com/path`)"),
        ("email", "a valid email address"),
        ("hostname", "a valid hostname"),
        ("duration", "a valid string in the format `duration`"),
    ] {
        assert_eq!(valid_format(format), name);
    }
}
