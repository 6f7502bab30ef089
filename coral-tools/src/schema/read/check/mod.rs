//! Lists the problems of a value.

mod union;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;

use crate::schema::read::budget::Budget;
use crate::schema::read::matcher::{Matcher, has_duplicates};
use crate::schema::read::parsed::{ParsedValue, ValueAddress};
use crate::schema::read::problem::Problem;
use crate::schema::read::scalar;
use crate::schema::show::describe::{expected, expected_in_range, expected_near, key_forms};
use crate::schema::show::rules::valid_format;
use crate::schema::tree::json_type::JsonType;
use crate::schema::tree::location::{Location, MAX_NAME};
use crate::schema::tree::node::{
    ArraySchema, EnumSchema, NodeKind, ObjectSchema, PropertySchema, SchemaNode, SchemaTree, UnlistedKeyRule,
};
use crate::schema::tree::number::NumberSchema;
use crate::schema::tree::string::StringSchema;
use crate::suggest::closest;

/// The highest number of problems in the list; more are only counted.
pub(super) const MAX_PROBLEMS: usize = 32;
/// An integer that is in the range of its type, with a decimal point or an exponent.
const PLAIN_DIGITS: &str = "written without a decimal point and an exponent, because it exceeds 9007199254740991";
/// The range of an `f32`, in the digits that an agent needs.
const F32_RANGE: &str = "a number between -3.4e38 and 3.4e38";

type Entries<'v, 'de> = &'v [(Cow<'de, str>, ParsedValue<'de>)];

/// The strings that must be in the formats that their types declare. The types parse them, and may accept other forms.
#[derive(Debug, Clone, Copy)]
pub(crate) enum DeclaredFormats<'r> {
    Ignored,
    All,
    /// Only these strings.
    Of(&'r HashSet<ValueAddress>),
}

/// Returns all problems of a value that is not from a call, such as a result.
pub(crate) fn check(tree: &SchemaTree, node: &SchemaNode, value: &Value) -> Vec<Problem> {
    let budget = Budget::unlimited();
    problems(&Matcher::new(tree, &budget), node, &value.into(), DeclaredFormats::Ignored)
}

/// The same as [`check`], with the declared formats of types that parse strings.
pub(crate) fn check_formats(tree: &SchemaTree, node: &SchemaNode, value: &Value) -> Vec<Problem> {
    let budget = Budget::unlimited();
    problems(&Matcher::new(tree, &budget), node, &value.into(), DeclaredFormats::All)
}

/// Returns all problems of a value.
pub(crate) fn problems<'s>(
    matcher: &Matcher<'s>,
    node: &'s SchemaNode,
    value: &ParsedValue<'_>,
    formats: DeclaredFormats<'_>,
) -> Vec<Problem> {
    let mut checker = ValueChecker {
        matcher,
        formats,
        location: Location::default(),
        problems: Vec::new(),
        count: 0,
        is_counting: false,
        counts: HashMap::new(),
    };
    checker.node(node, value);
    let mut problems = checker.problems;
    if checker.count > problems.len() {
        problems.push(Problem::more(checker.count - problems.len()));
    }
    problems
}

struct ValueChecker<'a, 's> {
    matcher: &'a Matcher<'s>,
    location: Location,
    problems: Vec<Problem>,
    /// The number of problems, also of those that are not in the list.
    count: usize,
    /// Whether problems are only counted, to compare the variants of a union.
    is_counting: bool,
    formats: DeclaredFormats<'a>,
    /// The numbers of problems of the values of unions, by the addresses of value and union.
    counts: HashMap<(usize, usize), usize>,
}

impl<'s> ValueChecker<'_, 's> {
    fn node(&mut self, node: &'s SchemaNode, value: &ParsedValue<'_>) {
        let node = self.matcher.tree.resolve(node);
        if !self.matcher.budget.take(1) {
            return self.wrong_type(node, value);
        }
        match (&node.kind, value) {
            (NodeKind::Any, _) => {}
            (NodeKind::Array(array), ParsedValue::Array(items)) => self.array(node, array, items),
            (NodeKind::Object(object), ParsedValue::Object(entries)) => self.object(object, entries),
            (NodeKind::Union(union), _) => self.union(node, union, value),
            (NodeKind::Enum(enum_schema), _) => self.enumeration(node, enum_schema, value),
            (NodeKind::Number(numeric), ParsedValue::Number(_)) => self.number(node, numeric, value),
            (NodeKind::String(schema), ParsedValue::String(text)) => self.string(node, schema, text, value),
            (NodeKind::Array(_) | NodeKind::Object(_), _) => self.wrong_type(node, value),
            _ => self.scalar(node, value),
        }
    }

    /// Adds a problem. Beyond [`MAX_PROBLEMS`] it is only counted, and its message is not built.
    fn report(&mut self, problem: impl FnOnce(&Location) -> Problem) {
        self.count += 1;
        if !self.is_counting && self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem(&self.location));
        }
    }

    fn wrong_type(&mut self, node: &SchemaNode, value: &ParsedValue<'_>) {
        self.report(|location| Problem::wrong_type(location, expected(node), value.json_type()));
    }

    /// Reports a value of the right type that violates a constraint.
    fn constraint(&mut self, node: &SchemaNode, value: &ParsedValue<'_>) {
        self.report(|location| Problem::constraint(location, expected(node), value.json_type()));
    }

    fn scalar(&mut self, node: &'s SchemaNode, value: &ParsedValue<'_>) {
        if scalar::matches(self.matcher.tree, self.matcher.budget, node, value) {
            return;
        }
        match scalar::has_type(node, value) {
            true => self.constraint(node, value),
            false => self.wrong_type(node, value),
        }
    }

    fn string(&mut self, node: &SchemaNode, schema: &StringSchema, text: &str, value: &ParsedValue<'_>) {
        if !self.matcher.budget.take(schema.steps(text)) || !schema.allows_in_any_format(text) {
            return self.report(|location| Problem::constraint(location, expected(node), JsonType::String));
        }
        let is_declared = match self.formats {
            DeclaredFormats::Ignored => false,
            DeclaredFormats::All => schema.declared.is_some_and(|format| !format.allows(text)),
            DeclaredFormats::Of(rejected) => schema.declared.is_some() && rejected.contains(&value.address()),
        };
        if is_declared || schema.enforced.is_some_and(|format| !format.allows(text)) {
            let format = schema.format.as_deref().unwrap_or_default();
            self.report(|location| Problem::invalid_format(location, valid_format(format)));
        }
    }

    fn number(&mut self, node: &'s SchemaNode, numeric: &NumberSchema, value: &ParsedValue<'_>) {
        match value.number() {
            Some(number) if numeric.direct.contains(number) => {}
            Some(number) if numeric.exceeds_f32(number) => {
                self.report(|location| Problem::constraint(location, F32_RANGE.to_owned(), JsonType::Number));
            }
            Some(number) if numeric.integer && number.is_rounded_integer() && numeric.allows(number) => {
                self.report(|location| Problem::constraint(location, PLAIN_DIGITS.to_owned(), JsonType::Number));
            }
            Some(number) if numeric.exceeds_type(number) => {
                self.report(|location| Problem::constraint(location, expected_in_range(numeric), JsonType::Number));
            }
            _ => self.scalar(node, value),
        }
    }

    fn enumeration(&mut self, node: &SchemaNode, enum_schema: &EnumSchema, value: &ParsedValue<'_>) {
        if !scalar::has_type(node, value) {
            return self.wrong_type(node, value);
        }
        let is_listed = match value.as_str() {
            Some(text) => enum_schema.allows_str(text),
            None => enum_schema.values.iter().any(|own| value.equals(own)),
        };
        if is_listed {
            return;
        }
        match value.as_str().filter(|text| text.len() <= MAX_NAME) {
            Some(text) => self.report(|location| {
                let problem = Problem::constraint(location, expected_near(enum_schema, text), JsonType::String);
                problem.with_suggestion(similar_value(enum_schema, text))
            }),
            None => self.constraint(node, value),
        }
    }

    fn array(&mut self, node: &SchemaNode, array: &'s ArraySchema, items: &[ParsedValue<'_>]) {
        if !array.allows_count(items.len()) {
            self.report(|location| Problem::constraint(location, expected(node), JsonType::Array));
        } else if array.unique_items && has_duplicates(items) {
            self.report(|location| Problem::duplicate_items(location, expected(node)));
        }
        for (index, item) in items.iter().enumerate() {
            let Some(node) = array.item(index) else {
                break;
            };
            self.location.push_index(index);
            self.node(node, item);
            self.location.pop();
        }
    }

    fn object(&mut self, object: &'s ObjectSchema, entries: Entries<'_, '_>) {
        let mut seen = BTreeSet::new();
        for (key, value) in entries {
            self.location.push_key(key);
            match (seen.insert(key.as_ref()), object.field(key)) {
                (false, _) => self.report(|location| Problem::duplicate_key(location, Some(value.json_type()))),
                (true, Some((_, field))) => self.property(field, value),
                (true, None) => self.additional_property(object, entries, key, value),
            }
            self.location.pop();
        }
        for field in object.fields.iter().filter(|field| field.required && !seen.contains(field.name.as_str())) {
            self.location.push_key(&field.name);
            let node = self.matcher.tree.resolve(&field.node);
            self.report(|location| Problem::missing(location, expected(node)));
            self.location.pop();
        }
    }

    fn property(&mut self, property: &'s PropertySchema, value: &ParsedValue<'_>) {
        let is_absent = property.is_absent_by_null() && *value == ParsedValue::Null;
        if !is_absent {
            self.node(&property.node, value);
        }
    }

    fn additional_property(
        &mut self,
        object: &'s ObjectSchema,
        entries: Entries<'_, '_>,
        key: &str,
        value: &ParsedValue<'_>,
    ) {
        match object.additional(key) {
            UnlistedKeyRule::Schema(node) => self.node(node, value),
            UnlistedKeyRule::Unspecified => {}
            UnlistedKeyRule::Forbidden => {
                let found = value.json_type();
                self.report(|location| match key_forms(object) {
                    Some(forms) => Problem::invalid_key(location, forms, found),
                    None => Problem::unknown(location, found, similar_field(object, entries, key)),
                });
            }
        }
    }
}

/// Returns the value of an enum that is most similar to a string.
fn similar_value(enum_schema: &EnumSchema, text: &str) -> Option<String> {
    closest(text, enum_schema.values.iter().filter_map(Value::as_str)).map(str::to_owned)
}

/// Returns the absent field whose name is most similar to an unknown key.
fn similar_field(object: &ObjectSchema, entries: Entries<'_, '_>, key: &str) -> Option<String> {
    if key.len() > MAX_NAME {
        return None;
    }
    let is_absent = |name: &str| !entries.iter().any(|(key, _)| key == name);
    let absent = object.fields.iter().map(|field| field.name.as_str()).filter(|name| is_absent(name));
    closest(key, absent).map(str::to_owned)
}
