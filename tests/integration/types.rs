//! Tools with every kind of type that schemas support, as parameter and as return type.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::{NonZeroI8, NonZeroI64, NonZeroU8, NonZeroU64};
use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};
use coral_tools::schemars::JsonSchema;
use coral_tools::serde::{Deserialize, Serialize};
use coral_tools::{Toolset, coral_tool, toolset};
use serde_json::{Map, Value};
use url::Url;
use uuid::Uuid;

/// The speed.
#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Mode {
    /// The highest speed.
    Fast,
    VerySlow,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Internal {
    Circle { radius: f64 },
    Square { side: f64, name: Option<String> },
    Empty,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) enum External {
    Nothing,
    One(u8),
    Two(u8, String),
    Named { at: Point },
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "t", content = "c")]
pub(crate) enum Adjacent {
    Nothing,
    One(u8),
    Named { at: Point },
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Untagged {
    Text(String),
    Number(f64),
    At(Point),
    Many(Vec<Untagged>),
}

/// A point.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Point {
    /// Degrees to the east.
    #[schemars(range(min = -180, max = 180))]
    x_axis: f64,
    #[serde(default)]
    y_axis: f64,
    label: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Strict {
    #[serde(rename = "type")]
    kind: Mode,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Newtype(u16);

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Pair(u8, String);

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Unit;

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Flattened {
    id: u64,
    #[serde(flatten)]
    point: Point,
    #[serde(flatten)]
    shape: Internal,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Rest {
    id: u64,
    #[serde(flatten)]
    rest: HashMap<String, Value>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Tree {
    name: String,
    #[serde(default)]
    children: Vec<Tree>,
    parent: Option<Box<Tree>>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "op")]
pub(crate) enum Expression {
    Number { value: f64 },
    Sum { terms: Vec<Expression> },
    Named { by: BTreeMap<String, Expression> },
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Generic<T> {
    inner: T,
    #[schemars(length(min = 1), inner(length(min = 1)))]
    tags: Vec<String>,
}

macro_rules! both_ways {
    ($($name:ident: $type:ty,)*) => {
        $(
            /// Returns its argument.
            #[coral_tool]
            fn $name(value: $type) -> $type {
                value
            }
        )*

        /// Tools that take a value of one type and return it.
        pub(crate) fn both_ways() -> Toolset {
            toolset![$($name),*]
        }
    };
}

both_ways! {
    boolean: bool,
    string: String,
    boxed_str: Box<str>,
    path: PathBuf,
    character: char,
    u8_: u8, i8_: i8, u16_: u16, i16_: i16, u32_: u32, i32_: i32, u64_: u64, i64_: i64,
    u128_: u128, i128_: i128, usize_: usize, isize_: isize,
    non_zero_u8: NonZeroU8, non_zero_u64: NonZeroU64, non_zero_i8: NonZeroI8, non_zero_i64: NonZeroI64,
    f32_: f32, f64_: f64,
    optional: Option<u8>,
    optional_struct: Option<Point>,
    optional_in_list: Vec<Option<String>>,
    list: Vec<String>,
    list_of_lists: Vec<Vec<Point>>,
    hash_set: HashSet<u8>,
    tree_set: BTreeSet<Mode>,
    array: [f64; 3],
    same_pair: (u8, u8),
    mixed_pair: (u8, String),
    map: HashMap<String, Point>,
    tree_map: BTreeMap<String, Vec<u8>>,
    map_by_number: BTreeMap<i32, String>,
    map_by_mode: HashMap<Mode, u8>,
    point: Point,
    strict: Strict,
    newtype: Newtype,
    tuple_struct: Pair,
    unit_struct: Unit,
    unit: (),
    boxed: Box<Point>,
    generic: Generic<Generic<u8>>,
    mode: Mode,
    internal: Internal,
    external: External,
    adjacent: Adjacent,
    untagged: Untagged,
    flattened: Flattened,
    rest: Rest,
    any: Value,
    any_object: Map<String, Value>,
    tree: Tree,
    forest: Vec<Tree>,
    expression: Expression,
    unique_id: Uuid,
    moment: DateTime<Utc>,
    date: NaiveDate,
    link: Url,
    ip: IpAddr, ipv4: Ipv4Addr, ipv6: Ipv6Addr,
}
