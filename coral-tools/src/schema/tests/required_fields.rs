//! A struct with more fields than an integer has bits.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{messages, of_struct};
use crate::schema::read::read_streaming;

macro_rules! required_fields {
    ($($name:ident)*) => {
        #[derive(Debug, PartialEq, Deserialize, JsonSchema)]
        struct Required { $($name: u8,)* last: Option<u8> }

        const REQUIRED: &[&str] = &[$(stringify!($name)),*];
    };
}

required_fields! {
    a00 a01 a02 a03 a04 a05 a06 a07 a08 a09 a10 a11 a12 a13 a14 a15 a16 a17 a18 a19 a20 a21 a22 a23 a24 a25 a26 a27 a28 a29
    a30 a31 a32 a33 a34 a35 a36 a37 a38 a39 a40 a41 a42 a43 a44 a45 a46 a47 a48 a49 a50 a51 a52 a53 a54 a55 a56 a57 a58 a59
    a60 a61 a62 a63 a64 a65 a66 a67 a68 a69
}

#[test]
fn every_missing_and_duplicate_field_of_a_large_struct_is_reported() {
    let schema = of_struct::<Required>();
    let body = |names: &[&str]| {
        let entries: Vec<_> = names.iter().map(|name| format!("\"{name}\":1")).collect();
        format!("{{{}}}", entries.join(","))
    };
    assert!(read_streaming::<Required>(&schema.tree, body(REQUIRED).as_bytes()).is_ok());
    let reversed: Vec<_> = REQUIRED.iter().rev().copied().collect();
    assert!(read_streaming::<Required>(&schema.tree, body(&reversed).as_bytes()).is_ok());
    for name in REQUIRED {
        let others: Vec<_> = REQUIRED.iter().filter(|other| *other != name).copied().collect();
        let missing = format!("`{name}` is missing; it must be an integer between 0 and 255");
        assert_eq!(messages::<Required>(&schema, &body(&others)), [missing]);
        let twice = [REQUIRED, &[name]].concat();
        assert_eq!(messages::<Required>(&schema, &body(&twice)), [format!("`{name}` is given more than once")]);
    }
}
