//! Names of properties that come from types.

#![allow(dead_code, reason = "only the schemas matter")]

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{InputSchema, input, of_struct, schema_fn};

#[derive(Debug, Deserialize, JsonSchema)]
struct Renamed {
    #[serde(rename = "$filter")]
    filter: String,
    #[serde(rename = "page[size]")]
    page_size: Option<u8>,
    größe: u8,
    #[serde(rename = "a_name_of_77_characters_which_no_provider_of_models_accepts_as_the_name_of_an")]
    long: u8,
    #[serde(rename = "")]
    empty: u8,
    valid_name: u8,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Flattened {
    id: u8,
    #[serde(flatten)]
    renamed: Renamed,
}

const RULE: &str = "start with a letter or `_`, then use at most 63 letters, digits or `_`; rename the field with \
                    `#[serde(rename = \"…\")]`";

const NAMES: [&str; 5] =
    ["$filter", "page[size]", "größe", "a_name_of_77_characters_which_no_provider_of_models_accepts_as_t…", "\"\""];

#[test]
fn names_that_providers_reject_are_errors_at_the_top_level() {
    for schema in [schema_fn::<Renamed>(), schema_fn::<Flattened>()] {
        let problems = InputSchema::from_type(schema).expect_err("invalid names");
        assert_eq!(problems.iter().map(super::SchemaProblem::path).collect::<Vec<_>>(), NAMES);
        for problem in &problems {
            assert_eq!(problem.message(), format!("this is not a valid argument name: {RULE}"));
        }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Nested {
    items: Vec<Renamed>,
    more: HashMap<String, Renamed>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Shape {
    SmallCircle { radius: f64 },
    Square { side: f64 },
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Recursive {
    #[serde(rename = "@type")]
    kind: String,
    below: Vec<Recursive>,
}

fn warned(schema: &InputSchema) -> Vec<String> {
    schema.warnings().iter().map(|warning| warning.path().to_owned()).collect()
}

#[test]
fn names_that_some_providers_reject_are_warnings_below_the_top_level() {
    let expected: Vec<_> =
        ["items[]", "more.*"].iter().flat_map(|at| NAMES.map(|name| format!("{at}.{name}"))).collect();
    assert_eq!(warned(&of_struct::<Nested>()), expected);
    let warnings = of_struct::<Nested>().warnings();
    assert_eq!(warnings[0].message(), format!("some model providers reject this name of a property: {RULE}"));
    assert_eq!(warned(&input::<Shape>()), ["value.small-circle"]);
    assert_eq!(warned(&input::<Recursive>()), ["Recursive.@type"]);
}

#[test]
fn keys_of_maps_are_not_names_of_properties() {
    assert_eq!(warned(&input::<HashMap<String, u8>>()), [""; 0]);
    assert_eq!(warned(&input::<HashMap<u8, u8>>()), [""; 0]);
}
