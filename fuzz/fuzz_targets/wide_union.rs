//! Structs with many fields, for a union that serde tries in order.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! wide {
    ($name:ident: $($field:ident)*) => {
        #[derive(Debug, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name {
            $($field: Option<u8>,)*
        }
    };
}

wide!(Left: a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 left);
wide!(Right: a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 right);

/// Both variants have 30 fields in common.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Wide {
    Left(Box<Left>),
    Right(Box<Right>),
    Many(Vec<Wide>),
}
