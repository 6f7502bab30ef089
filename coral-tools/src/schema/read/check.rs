//! Checks a JSON value and lists all problems.

use serde_json::{Map, Value};

use crate::schema::read::problem::Problem;
use crate::schema::read::variants::{has_object_variant, is_candidate, wrong_tag};
use crate::schema::show::describe::{expected, key_forms};
use crate::schema::tree::constraint::Bound;
use crate::schema::tree::json_type::JsonType;
use crate::schema::tree::location::{Location, MAX_NAME};
use crate::schema::tree::node::{
    ArraySchema, EnumSchema, NodeKind, ObjectSchema, PropertySchema, SchemaNode, SchemaTree, UnlistedKeyRule,
};
use crate::suggest::closest;

/// The highest number of problems in the list; more are only counted.
const MAX_PROBLEMS: usize = 32;
/// Bounds the work for nested unions, whose variants are tried one after the other. A value that exceeds it is rejected.
const MAX_STEPS: usize = 200_000;
/// Additional steps for each value inside the value.
const STEPS_PER_VALUE: usize = 16;
/// The range of an `f32`, in the digits that an agent needs.
const F32_RANGE: &str = "a number between -3.4e38 and 3.4e38";

/// Returns all problems of a value.
pub(crate) fn check(tree: &SchemaTree, node: &SchemaNode, value: &Value) -> Vec<Problem> {
    let mut checker = ValueChecker {
        tree,
        location: Location::default(),
        problems: Vec::new(),
        dropped: 0,
        steps: MAX_STEPS + STEPS_PER_VALUE * size(value),
    };
    checker.node(node, value);
    let mut problems = checker.problems;
    if checker.dropped > 0 {
        problems.push(Problem::more(checker.dropped));
    }
    problems
}

/// Returns the number of values in a value, including itself.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(map) => 1 + map.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// Returns the integer that a number is equal to.
pub(crate) fn integer_value(value: &Value) -> Option<i128> {
    Bound::from_json(value)?.as_integer()
}

/// Returns the first variant that allows the value.
pub(crate) fn matching_variant<'t>(
    tree: &'t SchemaTree,
    nodes: &'t [SchemaNode],
    value: &Value,
) -> Option<&'t SchemaNode> {
    nodes.iter().find(|node| check(tree, node, value).is_empty())
}

struct ValueChecker<'t> {
    tree: &'t SchemaTree,
    location: Location,
    problems: Vec<Problem>,
    dropped: usize,
    steps: usize,
}

impl<'t> ValueChecker<'t> {
    fn node(&mut self, node: &'t SchemaNode, value: &Value) {
        let node = self.tree.resolve(node);
        if self.steps == 0 {
            return self.wrong_type(node, value);
        }
        self.steps -= 1;
        match (&node.kind, value) {
            (NodeKind::Any, _) | (NodeKind::Null, Value::Null) | (NodeKind::Boolean, Value::Bool(_)) => {}
            (NodeKind::Number(numeric), Value::Number(_)) => self.number(node, numeric, value),
            (NodeKind::String(text), Value::String(string)) => {
                self.require(text.allows(string), node, value);
            }
            (NodeKind::Enum(enum_schema), _) => self.enumeration(node, enum_schema, value),
            (NodeKind::Array(array), Value::Array(items)) => self.array(node, array, items, value),
            (NodeKind::Object(object), Value::Object(map)) => self.object(object, map),
            (NodeKind::Union(nodes), _) => self.union(node, nodes, value),
            _ => self.wrong_type(node, value),
        }
    }

    /// Adds a problem. Beyond [`MAX_PROBLEMS`] it is only counted, and its message is not built.
    fn report(&mut self, problem: impl FnOnce(&Location) -> Problem) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem(&self.location));
        } else {
            self.dropped += 1;
        }
    }

    fn wrong_type(&mut self, node: &SchemaNode, value: &Value) {
        self.report(|location| Problem::wrong_type(location, expected(node), JsonType::from_value(value)));
    }

    /// Reports a value of the right type that violates a constraint.
    fn require(&mut self, is_valid: bool, node: &SchemaNode, value: &Value) {
        if !is_valid {
            self.report(|location| Problem::constraint(location, expected(node), JsonType::from_value(value)));
        }
    }

    fn number(&mut self, node: &SchemaNode, numeric: &crate::schema::tree::number::NumberSchema, value: &Value) {
        let number = Bound::from_json(value);
        if number.is_some_and(|number| numeric.exceeds_f32(number)) {
            return self.report(|location| Problem::constraint(location, F32_RANGE.to_owned(), JsonType::Number));
        }
        let is_valid = match number.map(|number| (number, number.as_integer())) {
            Some((_, Some(whole))) if numeric.integer => numeric.allows(Bound::Int(whole)),
            // The exact digits are not known here; the type reads them again.
            Some((Bound::Float(float), None)) if numeric.integer => numeric.is_huge() && float.abs() >= 1e19,
            Some((number, _)) => numeric.allows(number),
            None => false,
        };
        self.require(is_valid, node, value);
    }

    fn enumeration(&mut self, node: &SchemaNode, enum_schema: &EnumSchema, value: &Value) {
        if enum_schema.values.contains(value)
            || integer_value(value).is_some_and(|whole| enum_schema.allows_integer(whole))
        {
            return;
        }
        let same_kind = enum_schema.values.iter().any(|own| JsonType::from_value(own) == JsonType::from_value(value));
        match same_kind {
            true => self.require(false, node, value),
            false => self.wrong_type(node, value),
        }
    }

    fn array(&mut self, node: &SchemaNode, array: &'t ArraySchema, items: &[Value], value: &Value) {
        if !array.allows_count(items.len()) {
            self.require(false, node, value);
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

    fn object(&mut self, object: &'t ObjectSchema, map: &Map<String, Value>) {
        for (key, value) in map {
            self.location.push_key(key);
            match object.field(key) {
                Some((_, field)) => self.field(field, value),
                None => self.additional_property(object, map, key, value),
            }
            self.location.pop();
        }
        for field in object.fields.iter().filter(|field| field.required) {
            if !map.contains_key(&field.name) {
                self.location.push_key(&field.name);
                let node = self.tree.resolve(&field.node);
                self.report(|location| Problem::missing(location, expected(node)));
                self.location.pop();
            }
        }
    }

    fn field(&mut self, field: &'t PropertySchema, value: &Value) {
        let is_absence = self.tree.null_is_absence && value.is_null() && !field.required;
        if !is_absence {
            self.node(&field.node, value);
        }
    }

    fn additional_property(&mut self, object: &'t ObjectSchema, map: &Map<String, Value>, key: &str, value: &Value) {
        match object.additional(key) {
            UnlistedKeyRule::Schema(node) => self.node(node, value),
            UnlistedKeyRule::Unspecified => {}
            UnlistedKeyRule::Forbidden => {
                let found = JsonType::from_value(value);
                self.report(|location| match key_forms(object) {
                    Some(forms) => Problem::invalid_key(location, forms, found),
                    None => Problem::unknown(location, found, suggestion(object, map, key)),
                });
            }
        }
    }

    /// Checks a union. If only one variant can be meant, its problems are reported.
    fn union(&mut self, node: &SchemaNode, nodes: &'t [SchemaNode], value: &Value) {
        let tree = self.tree;
        let meant = nodes.iter().filter(|node| is_candidate(tree, node, value));
        let mut attempts = Vec::new();
        for variant in meant {
            let problems = self.attempt(variant, value);
            if problems.is_empty() {
                return;
            }
            attempts.push(problems);
        }
        match attempts.pop() {
            Some(problems) if attempts.is_empty() => problems.into_iter().for_each(|problem| self.report(|_| problem)),
            Some(_) => self.require(false, node, value),
            None if self.tag(nodes, value) => {}
            None if has_object_variant(tree, nodes, value) => self.require(false, node, value),
            None => self.wrong_type(node, value),
        }
    }

    /// Reports the tag of an object, if the tag is what is invalid.
    fn tag(&mut self, nodes: &'t [SchemaNode], value: &Value) -> bool {
        let Value::Object(map) = value else { return false };
        let Some((name, enum_schema)) = wrong_tag(self.tree, nodes, map) else { return false };
        let node = SchemaNode::from(NodeKind::Enum(enum_schema.clone()));
        self.location.push_key(name);
        match map.get(name) {
            Some(value) => self.enumeration(&node, &enum_schema, value),
            None => self.report(|location| Problem::missing(location, expected(&node))),
        }
        self.location.pop();
        true
    }

    /// Returns the problems of the value as this variant.
    fn attempt(&mut self, node: &'t SchemaNode, value: &Value) -> Vec<Problem> {
        let (own, dropped) = (std::mem::take(&mut self.problems), self.dropped);
        self.node(node, value);
        self.dropped = dropped;
        std::mem::replace(&mut self.problems, own)
    }
}

fn has_duplicates(items: &[Value]) -> bool {
    let mut seen = std::collections::HashSet::new();
    items.iter().any(|item| !seen.insert(canonical(item)))
}

/// Returns a string that is the same for equal values: for `1` and `1.0`, and for fields in any order.
fn canonical(value: &Value) -> String {
    match value {
        Value::Number(_) => integer_value(value).map_or_else(|| value.to_string(), |whole| whole.to_string()),
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::Object(map) => {
            let mut fields: Vec<_> = map.iter().map(|(key, value)| format!("{key:?}:{}", canonical(value))).collect();
            fields.sort_unstable();
            format!("{{{}}}", fields.join(","))
        }
        other => other.to_string(),
    }
}

/// Returns the absent field whose name is most similar to an unknown key.
fn suggestion(object: &ObjectSchema, map: &Map<String, Value>, key: &str) -> Option<String> {
    if key.len() > MAX_NAME {
        return None;
    }
    let absent = object.fields.iter().filter(|field| !map.contains_key(&field.name));
    closest(key, absent.map(|field| field.name.as_str())).map(str::to_owned)
}
