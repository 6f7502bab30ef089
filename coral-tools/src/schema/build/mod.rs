//! Builds the schema tree of a tool's arguments or result.

mod apply_constraint;
mod complete;
mod document;
mod first_match;
mod names;
mod normalize;
pub(super) mod problem;
pub(super) mod warnings;

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use crate::schema::build::apply_constraint::apply;
use crate::schema::build::normalize::{Normalizer, SchemaDirection, reference_to};
use crate::schema::build::problem::SchemaProblem;
use crate::schema::read::check::check_formats;
use crate::schema::read::problem::Problem;
use crate::schema::show::f32_display::with_f32_digits;
use crate::schema::tree::location::Location;
use crate::schema::tree::node::{
    AdditionalProperties, NodeKind, NullRule, ObjectSchema, PropertySchema, SchemaNode, SchemaTree,
};
use crate::schema::{Property, SchemaFn};

pub(crate) use crate::schema::build::normalize::KEEPS_NULL;

type TreeResult = Result<SchemaTree, Vec<SchemaProblem>>;

/// Builds the tree of a tool whose arguments are separate parameters.
pub(crate) fn from_properties(properties: &[Property<'_>]) -> TreeResult {
    let mut generator = generator(SchemaDirection::Input);
    let schemas: Vec<Value> = properties.iter().map(|property| subschema(&mut generator, property.schema)).collect();
    let mut normalizer = Normalizer::new(SchemaDirection::Input, generator.take_definitions(false));
    let mut fields: Vec<PropertySchema> = Vec::new();
    for (property, schema) in properties.iter().zip(&schemas) {
        let added = match property.flatten {
            true => flattened_fields(&mut normalizer, property, schema),
            false => vec![field(&mut normalizer, property, schema)],
        };
        for field in added {
            if fields.iter().any(|earlier| earlier.name == field.name) {
                normalizer.problem(&Location::from_key(&field.name), "two arguments have this name; rename one");
            }
            fields.push(field);
        }
    }
    let additional = AdditionalProperties::Forbidden;
    let tree = normalizer.finish(NodeKind::Object(ObjectSchema::new(fields, additional)).into())?;
    check_tree(tree)
}

/// Builds the tree of a tool whose arguments are the fields of one struct.
pub(crate) fn input_tree(schema: SchemaFn) -> TreeResult {
    let (mut normalizer, schema) = generate(schema, SchemaDirection::Input);
    let root = normalizer.root(&schema, &Location::default());
    require_plain_object(&mut normalizer, &root);
    check_tree(normalizer.finish(root)?)
}

/// Builds the tree of a tool whose arguments are described by a JSON Schema.
pub(crate) fn input_tree_of_document(document: &Value) -> TreeResult {
    let (mut normalizer, schema) = document::read(document, SchemaDirection::Input)?;
    let root = normalizer.root(&schema, &Location::default());
    require_plain_object(&mut normalizer, &root);
    check_document_tree(normalizer.finish(root)?)
}

/// Builds the tree of a result. The flag is set if the value is wrapped in `{"result": value}`.
pub(crate) fn output_tree(schema: SchemaFn) -> Result<(SchemaTree, bool), Vec<SchemaProblem>> {
    let (normalizer, schema) = generate(schema, SchemaDirection::Output);
    wrapped_tree(normalizer, &schema)
}

/// Builds the tree of a result that is described by a JSON Schema, like [`output_tree`].
pub(crate) fn output_tree_of_document(document: &Value) -> Result<(SchemaTree, bool), Vec<SchemaProblem>> {
    let (normalizer, schema) = document::read(document, SchemaDirection::Output)?;
    wrapped_tree(normalizer, &schema)
}

fn wrapped_tree(mut normalizer: Normalizer, schema: &Value) -> Result<(SchemaTree, bool), Vec<SchemaProblem>> {
    let root = normalizer.root(schema, &Location::default());
    if is_plain(&root) {
        return Ok((normalizer.finish(root)?, false));
    }
    // The node is built again, because only the root of the first one has its recursive type inlined.
    let result = normalizer.node(schema, &Location::default());
    let fields = vec![normalizer.field("result", result, true)];
    let additional = AdditionalProperties::Unspecified;
    let tree = normalizer.finish(NodeKind::Object(ObjectSchema::new(fields, additional)).into())?;
    Ok((tree, true))
}

fn generator(direction: SchemaDirection) -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12();
    let settings = match direction {
        SchemaDirection::Input => settings.for_deserialize(),
        SchemaDirection::Output => settings.for_serialize(),
    };
    settings.into_generator()
}

fn generate(schema: SchemaFn, direction: SchemaDirection) -> (Normalizer, Value) {
    let mut generator = generator(direction);
    let schema = subschema(&mut generator, schema);
    let definitions: Map<String, Value> = generator.take_definitions(false);
    (Normalizer::new(direction, definitions), schema)
}

/// Generates the schema of a type, or a reference to it if the type is recursive.
///
/// The same as `generator.subschema_for::<T>()`, of which the compiler would generate much code for each type.
fn subschema(generator: &mut SchemaGenerator, schema: SchemaFn) -> Value {
    let schema = schema(generator).to_value();
    match generator.definitions().iter().find(|(_, definition)| **definition == schema) {
        Some((name, _)) => reference_to(name),
        None => schema,
    }
}

/// Whether the root is an object without additional properties. The JSON Schema of the root has only `properties` and
/// `required`.
fn is_plain(root: &SchemaNode) -> bool {
    match &root.kind {
        NodeKind::Object(object) => !matches!(object.additional, AdditionalProperties::Schema { .. }),
        _ => false,
    }
}

fn require_plain_object(normalizer: &mut Normalizer, root: &SchemaNode) {
    let message = match &root.kind {
        _ if is_plain(root) => return,
        NodeKind::Object(_) => "a tool's input cannot have arbitrary keys at the top level; put the map in a field",
        NodeKind::Union(_) => "a tool's input must be a struct at the top level; put the enum in a field",
        _ => "a tool's input must be an object at the top level; put the value in a field",
    };
    normalizer.problem(&Location::default(), message);
}

/// Builds the arguments that are the fields of a flattened parameter.
fn flattened_fields(normalizer: &mut Normalizer, property: &Property<'_>, schema: &Value) -> Vec<PropertySchema> {
    let node = normalizer.root(schema, &Location::default());
    match node.kind {
        NodeKind::Object(object) if !matches!(object.additional, AdditionalProperties::Schema { .. }) => object.fields,
        _ => {
            let message =
                "a parameter with `flatten` must be a struct with named fields; take the value without `flatten`";
            normalizer.problem(&Location::from_key(property.name), message);
            Vec::new()
        }
    }
}

/// Builds one argument; its description, default and example override those of its type.
fn field(normalizer: &mut Normalizer, property: &Property<'_>, schema: &Value) -> PropertySchema {
    let location = Location::from_key(property.name);
    let mut node = normalizer.node(schema, &location);
    node.annotations.keeps_null |= property.keeps_null;
    let mut field = normalizer.field(property.name, node, !property.optional);
    if property.has_other_default() && field.null == NullRule::AbsentByType {
        field.null = NullRule::Absent;
    }
    for constraint in property.constraints {
        if let Err(error) = apply(*constraint, &mut field.node) {
            normalizer.problem(&location, error.to_string());
        }
    }
    let SchemaNode { kind, annotations } = &mut field.node;
    if !property.description.trim().is_empty() {
        annotations.description = Some(property.description.to_owned());
    }
    if let Some(default) = property.default.as_ref().filter(|default| !default.is_null()) {
        annotations.default = Some(with_f32_digits(kind, default.clone()));
    }
    if let Some(example) = &property.example {
        annotations.examples = vec![with_f32_digits(kind, example.clone())];
    }
    field
}

/// Rejects a tree of arguments whose schema is valid, but not what the type reads or what model providers accept.
fn check_tree(tree: SchemaTree) -> TreeResult {
    let mut problems = Vec::new();
    names::reject_invalid_arguments(&tree, &mut problems);
    first_match::reject_dropped_keys(&tree, &mut problems);
    finish_check(tree, problems)
}

/// Like [`check_tree`], without the rules for what a type reads.
fn check_document_tree(tree: SchemaTree) -> TreeResult {
    let mut problems = Vec::new();
    names::reject_invalid_arguments(&tree, &mut problems);
    finish_check(tree, problems)
}

fn finish_check(tree: SchemaTree, mut problems: Vec<SchemaProblem>) -> TreeResult {
    check_annotations(&tree, &tree.root, &Location::default(), &mut problems);
    for (_, node) in &tree.defs {
        check_annotations(&tree, node, &Location::default(), &mut problems);
    }
    if problems.is_empty() { Ok(tree) } else { Err(problems) }
}

/// Adds a problem for each default and example that is not valid for its node.
fn check_annotations(tree: &SchemaTree, node: &SchemaNode, location: &Location, problems: &mut Vec<SchemaProblem>) {
    let default = node.annotations.default.iter().map(|value| ("default", value));
    let examples = node.annotations.examples.iter().map(|value| ("example", value));
    for (what, value) in default.chain(examples) {
        if let Some(problem) = check_formats(tree, node, value).into_iter().next() {
            problems.push(SchemaProblem::new(location, annotation_problem(what, &problem)));
        }
    }
    crate::schema::tree::node::children(node, location, &mut |child, location| {
        check_annotations(tree, child, location, problems);
    });
}

fn annotation_problem(what: &str, problem: &Problem) -> String {
    let place = match problem.path() {
        "" => String::new(),
        location => format!(" at `{location}`"),
    };
    format!(
        "the {what} is not valid for the schema{place}: expected {}; change the {what} or the constraints",
        problem.expected()
    )
}
