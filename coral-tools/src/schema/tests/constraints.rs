//! Constraints of `#[arg(...)]`: in the schema, enforced, and rejected if they are not valid for the type.

use std::num::NonZeroI8;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Constraint, InputSchema, Property, constrained, property, try_constrained, value_of};
use crate::rules::{CONSTRAINT_CASES, FORMATS};
use crate::schema::Bound::{Float, Int};

pub(super) fn check<T>(constraints: &[Constraint], good: &[Value], bad: &[Value])
where
    T: JsonSchema + serde::de::DeserializeOwned + std::fmt::Debug,
{
    let schema = constrained::<T>(constraints);
    super::lint::lint_root(schema.json());
    for value in good {
        assert!(value_of::<T>(&schema, value).is_ok(), "{constraints:?} rejects {value}");
    }
    for value in bad {
        assert!(value_of::<T>(&schema, value).is_err(), "{constraints:?} accepts {value}");
    }
}

#[test]
fn constraints_are_enforced() {
    check::<i64>(
        &[Constraint::Minimum(Int(-2)), Constraint::ExclusiveMaximum(Int(3))],
        &[json!(-2), json!(2)],
        &[json!(-3), json!(3)],
    );
    check::<f64>(&[Constraint::ExclusiveMinimum(Float(0.5))], &[json!(0.6)], &[json!(0.5), json!(0)]);
    check::<f64>(
        &[Constraint::MultipleOf(Float(0.01))],
        &[json!(19.99), json!(1), json!(-0.07)],
        &[json!(0.001), json!(19.995)],
    );
    check::<u32>(&[Constraint::MultipleOf(Int(5))], &[json!(0), json!(10), json!(15.0)], &[json!(4)]);
    check::<Option<u8>>(&[Constraint::Minimum(Float(2.0))], &[json!(null), json!(2)], &[json!(1)]);
    check::<NonZeroI8>(&[Constraint::Minimum(Int(-5))], &[json!(-5), json!(127)], &[json!(-6), json!(0)]);
    check::<NonZeroI8>(&[Constraint::Minimum(Int(0))], &[json!(1)], &[json!(0), json!(-1)]);
    check::<String>(
        &[Constraint::MinLength(2), Constraint::MaxLength(3)],
        &[json!("äö"), json!("🦀🦀🦀")],
        &[json!("ä"), json!("abcd")],
    );
    check::<String>(&[Constraint::Pattern(r"^\d{3}$")], &[json!("123")], &[json!("12"), json!("١٢٣")]);
    check::<Vec<u8>>(
        &[Constraint::MinItems(1), Constraint::MaxItems(2)],
        &[json!([1])],
        &[json!([]), json!([1, 2, 3])],
    );
    check::<Vec<String>>(
        &[Constraint::Items(&[Constraint::MinLength(1)])],
        &[json!([]), json!(["a", "b"])],
        &[json!(["a", ""])],
    );
    check::<Vec<f64>>(&[Constraint::UniqueItems], &[json!([1, 2])], &[json!([1, 1.0])]);
}

#[derive(Debug, Deserialize, JsonSchema)]
enum Mode {
    Fast,
}

fn rejection<T: JsonSchema>(constraints: &[Constraint]) -> String {
    let problems = try_constrained::<T>(constraints).expect_err("the constraints should be rejected");
    assert!(problems.iter().all(|problem| problem.path() == "value"), "{problems:?}");
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

#[test]
fn invalid_constraints_are_rejected() {
    let misplaced = "`value`: `min_length` applies to strings only; remove it or change the type";
    assert_eq!(rejection::<u8>(&[Constraint::MinLength(1)]), misplaced);
    assert!(rejection::<String>(&[Constraint::Minimum(Int(1))]).contains("applies to numbers only"));
    assert!(rejection::<String>(&[Constraint::MinItems(1)]).contains("applies to arrays only"));
    assert!(rejection::<Mode>(&[Constraint::MinLength(1)]).contains("applies to strings only"));
    assert!(rejection::<Value>(&[Constraint::MaxItems(1)]).contains("applies to arrays only"));
    assert!(rejection::<bool>(&[Constraint::Maximum(Int(1))]).contains("applies to numbers only"));
    assert!(rejection::<u8>(&[Constraint::Minimum(Int(300))]).contains("exclude every number"));
    assert!(
        rejection::<i64>(&[Constraint::Minimum(Int(2)), Constraint::Maximum(Int(1))]).contains("exclude every number")
    );
    assert!(
        rejection::<i64>(&[Constraint::ExclusiveMinimum(Int(1)), Constraint::ExclusiveMaximum(Int(2))])
            .contains("exclude every number")
    );
    assert!(rejection::<i64>(&[Constraint::Minimum(Float(0.5))]).contains("whole number"));
    assert!(rejection::<f64>(&[Constraint::Minimum(Float(f64::NAN))]).contains("JSON"));
    assert!(rejection::<f64>(&[Constraint::MultipleOf(Int(0))]).contains("greater than zero"));
    assert!(
        rejection::<String>(&[Constraint::MinLength(2), Constraint::MaxLength(1)])
            .contains("would have to be at least")
    );
    assert!(rejection::<char>(&[Constraint::MinLength(2)]).contains("would have to be at least"));
    assert!(rejection::<[u8; 2]>(&[Constraint::MinItems(3)]).contains("would have to be at least"));
    assert!(rejection::<String>(&[Constraint::Pattern("(")]).contains("`pattern` is not valid"));
    assert!(rejection::<String>(&[Constraint::Pattern("(?i)a")]).contains("not part of JSON Schema"));
    assert!(rejection::<String>(&[Constraint::Format("phone")]).contains("unknown format `phone`"));
    assert!(rejection::<uuid::Uuid>(&[Constraint::Format("date")]).contains("already has a different `format`"));
}

/// Converts a constraint written as in `#[arg(key = value)]`.
fn parse_constraint(key: &'static str, value: &'static str) -> Constraint {
    let bound = || value.parse().map(Int).or_else(|_| value.parse().map(Float)).expect("a number");
    let count = || value.parse().expect("a count");
    let string = || {
        let string: String = serde_json::from_str(value).expect("a string");
        &*string.leak()
    };
    match key {
        "minimum" => Constraint::Minimum(bound()),
        "maximum" => Constraint::Maximum(bound()),
        "exclusive_minimum" => Constraint::ExclusiveMinimum(bound()),
        "exclusive_maximum" => Constraint::ExclusiveMaximum(bound()),
        "multiple_of" => Constraint::MultipleOf(bound()),
        "min_length" => Constraint::MinLength(count()),
        "max_length" => Constraint::MaxLength(count()),
        "min_items" => Constraint::MinItems(count()),
        "max_items" => Constraint::MaxItems(count()),
        "pattern" => Constraint::Pattern(string()),
        "format" => Constraint::Format(string()),
        other => panic!("no constraint `{other}`"),
    }
}

/// `coral-tools-derive/src/tests.rs` has the same test for the macro.
#[test]
fn constraints_follow_the_rules_of_the_macro() {
    for (ty, constraints, is_valid) in CONSTRAINT_CASES {
        let constraints = constraints.iter().map(|(key, value)| parse_constraint(key, value));
        let constraints: Vec<_> = constraints.collect();
        let schema = match *ty {
            "i64" => try_constrained::<i64>(&constraints),
            "f64" => try_constrained::<f64>(&constraints),
            "String" => try_constrained::<String>(&constraints),
            "Vec<u8>" => try_constrained::<Vec<u8>>(&constraints),
            other => panic!("no type `{other}`"),
        };
        assert_eq!(schema.is_ok(), *is_valid, "{ty}: {constraints:?}");
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only the schema matters")]
struct Even(#[schemars(extend("multipleOf" = 2))] i64);

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only the schema matters")]
struct Code(#[schemars(regex(pattern = "^a"))] String);

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only the schema matters")]
struct Day(#[schemars(extend("format" = "date"))] String);

#[test]
fn a_constraint_that_fits_no_variant_of_a_type_is_rejected() {
    let error = |problems: Vec<crate::schema::SchemaProblem>| problems[0].message().to_owned();
    let reported = try_constrained::<Option<String>>(&[Constraint::Minimum(Int(1))]).map_err(error);
    let wrong_type = "`minimum` applies to numbers only; remove it or change the type";
    assert_eq!(reported.err().as_deref(), Some(wrong_type));
    let reported = try_constrained::<NonZeroI8>(&[Constraint::Minimum(Int(200))]).map_err(error);
    assert!(reported.is_err_and(|message| message.contains("exclude every number")));
    assert!(try_constrained::<NonZeroI8>(&[Constraint::Minimum(Int(1))]).is_ok(), "one of its ranges is left");
    assert!(try_constrained::<Option<u8>>(&[Constraint::Minimum(Int(1))]).is_ok());
}

#[test]
fn a_constraint_that_the_type_has_may_be_repeated_but_not_changed() {
    fn apply<T: JsonSchema>(constraint: Constraint) -> Result<(), String> {
        try_constrained::<T>(&[constraint]).map(drop).map_err(|problems| problems[0].to_string())
    }
    let conflict = |name: &str| Err(format!("`value`: the type already has a different `{name}`"));
    assert_eq!(apply::<Even>(Constraint::MultipleOf(Int(2))), Ok(()));
    assert_eq!(apply::<Even>(Constraint::MultipleOf(Int(3))), conflict("multiple_of"));
    assert_eq!(apply::<Code>(Constraint::Pattern("^a")), Ok(()));
    assert_eq!(apply::<Code>(Constraint::Pattern("^b")), conflict("pattern"));
    assert_eq!(apply::<Day>(Constraint::Format("date")), Ok(()));
    assert_eq!(apply::<Day>(Constraint::Format("time")), conflict("format"));
}

#[test]
fn every_format_of_the_macro_is_known() {
    for name in FORMATS {
        assert!(try_constrained::<String>(&[Constraint::Format(name)]).is_ok(), "{name}");
    }
}

fn with(default: Option<Value>, example: Option<Value>) -> Result<InputSchema, String> {
    let constraints = [Constraint::Minimum(Int(10))];
    let property = Property { optional: true, default, example, ..property::<Option<u8>>("value", &constraints) };
    InputSchema::from_properties(&[property]).map_err(|problems| problems[0].to_string())
}

#[test]
fn defaults_and_examples_must_be_valid() {
    assert!(with(Some(json!(10)), Some(json!(255))).is_ok());
    let reported = with(Some(json!(9)), None).expect_err("too small");
    assert_eq!(
        reported,
        "`value`: the default is not valid for the schema: expected an integer between 10 and 255; change the default or the constraints"
    );
    assert!(with(None, Some(json!("a"))).expect_err("not a number").contains("the example is not valid"));
    let schema = with(Some(Value::Null), None).expect("null is not a default");
    assert!(schema.json()["properties"]["value"].get("default").is_none());
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only the schema matters")]
struct Weights {
    first: f32,
    rest: Vec<Option<f32>>,
    exact: f64,
}

#[test]
fn f32_defaults_have_the_digits_of_an_f32() {
    let constraints = [Constraint::Minimum(Float(0.7))];
    // serde_json serializes an `f32` so, unless another crate enables `arbitrary_precision`.
    let single = json!(f64::from(0.7_f32));
    assert_ne!(single, json!(0.7), "JSON has other digits");
    let default =
        Property { optional: true, default: Some(single.clone()), ..property::<f32>("default", &constraints) };
    let example = Property { example: Some(single), ..property::<f32>("example", &constraints) };
    let inside =
        json!({ "first": f64::from(0.1_f32), "rest": [f64::from(0.2_f32), null], "exact": f64::from(0.3_f32) });
    let inside = Property { optional: true, default: Some(inside), ..property::<Weights>("inside", &[]) };
    let whole = Property { optional: true, default: Some(json!(1)), ..property::<f32>("whole", &[]) };
    let schema = InputSchema::from_properties(&[default, example, inside, whole]).expect("a sound tool");
    let shown = &schema.json()["properties"];
    assert_eq!(shown["default"]["default"], 0.7);
    assert_eq!(shown["example"]["examples"], json!([0.7]));
    assert_eq!(shown["whole"]["default"].to_string(), "1");
    assert_eq!(
        shown["inside"]["default"].to_string(),
        r#"{"first":0.1,"rest":[0.2,null],"exact":0.30000001192092896}"#
    );
}
