//! Types of other crates, and schemas written by hand.

#![allow(dead_code, reason = "only serde reads the fields")]

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{holds, holds_beyond};

#[test]
fn types_of_other_crates() {
    holds::<uuid::Uuid>(&[json!("67e55044-10b1-426f-9247-bb680e5fe0c8")], &[json!("67e55044"), json!(1)]);
    holds::<chrono::DateTime<chrono::Utc>>(
        &[json!("2026-01-31T09:30:00Z")],
        &[json!("2026-02-31T09:30:00Z"), json!("soon")],
    );
    holds::<chrono::NaiveDate>(&[json!("2026-01-31")], &[json!("2026-02-31")]);
    holds_beyond::<chrono::NaiveDateTime>(&[json!("2026-01-31T09:30:00")], &[json!(1)], &[json!("2026-01-31")]);
    holds::<url::Url>(&[json!("https://example.com/a?b#c")], &[json!("example")]);
    holds_beyond::<std::net::IpAddr>(&[json!("127.0.0.1"), json!("::1")], &[json!(1)], &[json!("300.0.0.1")]);
    holds::<std::time::Duration>(&[json!({ "secs": 1, "nanos": 0 })], &[json!({ "secs": -1, "nanos": 0 }), json!(1)]);
}

/// Written by hand, as for an enum with numbers.
#[derive(Debug, Deserialize)]
#[serde(try_from = "u8")]
struct Level(u8);

impl TryFrom<u8> for Level {
    type Error = &'static str;

    fn try_from(level: u8) -> Result<Self, Self::Error> {
        if level < 3 { Ok(Self(level)) } else { Err("too high") }
    }
}

impl JsonSchema for Level {
    fn schema_name() -> Cow<'static, str> {
        "Level".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "enum": [1, 2, 3] })
    }
}

#[test]
fn an_enum_of_integers() {
    holds_beyond::<Level>(&[json!(1), json!(2.0)], &[json!(4), json!(1.5), json!("1")], &[json!(3)]);
}
