//! Normalizes schemas to nodes of the tree.
//!
//! First, [`expand`] replaces every `$ref`, `allOf`, `oneOf` and `anyOf` by a flat list of variants. Each variant is then
//! a schema without combinations, which becomes a node.

mod array;
mod enumeration;
mod expand;
mod merge;
mod object;
mod scalar;
mod union;

pub(crate) use expand::{KEEPS_NULL, reference_to};
pub(crate) use union::{UNSUPPORTED, one_of};

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::schema::build::complete::complete;
use crate::schema::build::problem::SchemaProblem;
use crate::schema::tree::location::Location;
use crate::schema::tree::node::{NodeKind, SchemaNode, SchemaTree};

/// A schema without combinations, or a `$ref` to a recursive type and nothing else.
type Keywords = Map<String, Value>;

/// Some consumers reject a schema with more levels.
const MAX_DEPTH: usize = 30;
/// Bounds the size of types that grow exponentially.
const MAX_NODES: usize = 10_000;
/// Bounds the work for a document whose definitions refer to each other several times.
const MAX_EXPANSIONS: usize = 100_000;
/// The highest number of variants at one location.
const MAX_VARIANTS: usize = 1_000;
const NO_VALUES: &str = "no value is valid for this type; add at least one variant";

/// Whether a schema is for arguments or for results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SchemaDirection {
    /// Arguments: unknown keys are rejected, and `null` can stand for an absent value.
    Input,
    /// Results, as serde serializes them.
    Output,
}

/// The origin of a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SchemaOrigin {
    /// A Rust type, which deserializes the value.
    Type,
    /// A JSON Schema that is only known at run time. No type checks the value: every keyword is enforced here.
    Document,
}

/// Builds the nodes of schemas and collects the problems.
#[derive(Debug)]
pub(crate) struct Normalizer {
    direction: SchemaDirection,
    origin: SchemaOrigin,
    definitions: Map<String, Value>,
    recursive: HashSet<String>,
    /// The recursive types so far; `None` while one is under construction.
    defs: Vec<(String, Option<SchemaNode>)>,
    indices: HashMap<String, usize>,
    depth: usize,
    nodes: usize,
    expansions: usize,
    problems: Vec<SchemaProblem>,
}

impl Normalizer {
    pub(crate) fn new(direction: SchemaDirection, definitions: Map<String, Value>) -> Self {
        Self {
            direction,
            origin: SchemaOrigin::Type,
            recursive: expand::recursive(&definitions),
            definitions,
            defs: Vec::new(),
            indices: HashMap::new(),
            depth: 0,
            nodes: 0,
            expansions: 0,
            problems: Vec::new(),
        }
    }

    /// Creates the normalizer of a JSON Schema that is not generated from a type.
    pub(crate) fn for_document(direction: SchemaDirection, definitions: Map<String, Value>) -> Self {
        Self { origin: SchemaOrigin::Document, ..Self::new(direction, definitions) }
    }

    /// Returns the tree of `root`, or all problems.
    pub(crate) fn finish(mut self, root: SchemaNode) -> Result<SchemaTree, Vec<SchemaProblem>> {
        self.reject_bare_cycles();
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        let defs = self.defs.into_iter();
        let defs = defs.filter_map(|(name, node)| Some((name, node?))).collect();
        Ok(complete(SchemaTree { root, defs }))
    }

    /// Builds the node of a schema. If the schema cannot be expressed, a problem is added.
    pub(crate) fn node(&mut self, schema: &Value, location: &Location) -> SchemaNode {
        self.within_budget(location, |this| {
            let expanded = this.expand(schema, location);
            this.union(expanded, location)
        })
    }

    /// Like [`Self::node`], but the root is inlined if its type is recursive, so that it is an object.
    pub(crate) fn root(&mut self, schema: &Value, location: &Location) -> SchemaNode {
        let node = self.node(schema, location);
        match node.kind {
            NodeKind::Reference(index) => self.defs[index].1.clone().unwrap_or(node),
            _ => node,
        }
    }

    pub(crate) fn problem(&mut self, location: &Location, message: impl Into<String>) {
        let problem = SchemaProblem::new(location, message);
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Calls `build`, unless the schema exceeds the limits of size or depth, which is then reported once.
    fn within_budget(&mut self, location: &Location, build: impl FnOnce(&mut Self) -> SchemaNode) -> SchemaNode {
        self.nodes += 1;
        if self.nodes == MAX_NODES {
            let message = format!("the type has {MAX_NODES} nodes or more; make it smaller");
            self.problem(&Location::default(), message);
        }
        if self.nodes >= MAX_NODES {
            return NodeKind::Any.into();
        }
        if self.depth == MAX_DEPTH {
            self.problem(location, format!("the type is nested more than {MAX_DEPTH} levels deep; flatten it"));
            return NodeKind::Any.into();
        }
        self.depth += 1;
        let node = build(self);
        self.depth -= 1;
        node
    }

    /// Returns the index of a recursive type, which is built at its first reference.
    fn reference(&mut self, name: &str, location: &Location) -> usize {
        if let Some(&index) = self.indices.get(name) {
            return index;
        }
        let index = self.defs.len();
        self.indices.insert(name.to_owned(), index);
        self.defs.push((self.def_name(name), None));
        let schema = self.definitions.get(name).cloned().unwrap_or(Value::Bool(true));
        // The type is in `$defs`: its depth does not depend on the location of the reference.
        let depth = std::mem::take(&mut self.depth);
        let node = self.node(&schema, location);
        self.depth = depth;
        self.defs[index].1 = Some(node);
        index
    }

    /// Returns an unused name for `$defs` that needs no escaping in a reference.
    fn def_name(&self, name: &str) -> String {
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' }
        };
        let mut name: String = name.chars().map(plain).collect();
        while self.defs.iter().any(|(taken, _)| *taken == name) {
            name.push('_');
        }
        name
    }

    /// Rejects types that consist only of themselves, such as `struct Loop(Box<Loop>)`. They have no values.
    fn reject_bare_cycles(&mut self) {
        for index in 0..self.defs.len() {
            let mut seen = HashSet::new();
            if self.leads_to(index, index, &mut seen) {
                let message = format!("`{}` contains itself directly; put it in a field", self.defs[index].0);
                self.problem(&Location::default(), message);
            }
        }
    }

    /// Whether `target` can be reached from `from` without a property or an item between them.
    fn leads_to(&self, from: usize, target: usize, seen: &mut HashSet<usize>) -> bool {
        let Some((_, Some(node))) = self.defs.get(from) else {
            return false;
        };
        let mut references = Vec::new();
        bare_references(node, &mut references);
        let mut references = references.into_iter();
        references.any(|next| next == target || (seen.insert(next) && self.leads_to(next, target, seen)))
    }
}

fn bare_references(node: &SchemaNode, found: &mut Vec<usize>) {
    match &node.kind {
        NodeKind::Reference(index) => found.push(*index),
        NodeKind::Union(nodes) => nodes.iter().for_each(|node| bare_references(node, found)),
        _ => {}
    }
}
