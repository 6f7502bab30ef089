//! A tool with its type erased: what a toolset holds.

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::Handler;
use super::definition::{Definition, Input};
use super::descriptor::Descriptor;
use super::name::tool_name_fault;
use super::output::{Output, Reply};
use crate::build_error::BuildError;
use crate::context::Context;
use crate::error::ToolError;
use crate::schema::{InputSchema, Problem, SchemaProblem};

/// Why a call gave no value.
#[derive(Debug)]
pub(crate) enum Refusal {
    Arguments(Vec<Problem>),
    Tool(ToolError),
}

type Run<S> = for<'a> fn(&'a InputSchema, &'a Context<'a, S>) -> BoxFuture<'a, Result<Reply, Refusal>>;

/// A tool that can be described and run.
pub(crate) struct Entry<S> {
    pub(crate) descriptor: Descriptor,
    input: InputSchema,
    output: Output,
    run: Run<S>,
}

impl<S: Sync> Entry<S> {
    /// # Errors
    ///
    /// Everything about the tool that agents cannot be told.
    pub(crate) fn of<T: Handler<S>>() -> Result<Self, Vec<BuildError>> {
        let Parts { descriptor, input, output } = Parts::of(T::NAME, T::definition())?;
        Ok(Self { descriptor, input, output, run: run::<T, S> })
    }

    pub(crate) async fn run(&self, context: &Context<'_, S>) -> Result<Vec<u8>, Refusal> {
        let reply = (self.run)(&self.input, context).await?;
        self.output.write(reply).map_err(Refusal::Tool)
    }
}

impl<S> fmt::Debug for Entry<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("descriptor", &self.descriptor).finish_non_exhaustive()
    }
}

fn run<'a, T: Handler<S>, S: Sync>(
    input: &'a InputSchema,
    context: &'a Context<'a, S>,
) -> BoxFuture<'a, Result<Reply, Refusal>> {
    Box::pin(async move {
        let arguments: T = input.read(context.arguments()).map_err(Refusal::Arguments)?;
        arguments.call(context).await.map_err(Refusal::Tool)
    })
}

/// The part of an entry that depends on neither the tool's type nor the state.
struct Parts {
    descriptor: Descriptor,
    input: InputSchema,
    output: Output,
}

impl Parts {
    fn of(name: &'static str, definition: Definition) -> Result<Self, Vec<BuildError>> {
        let mut errors = Vec::new();
        errors.extend(tool_name_fault(name).map(|fault| BuildError::name(name, fault)));
        if definition.description.trim().is_empty() {
            errors.push(BuildError::no_description(name));
        }
        let input = input_schema(definition.input);
        let output = Output::of(definition.output);
        match (input, output) {
            (Ok(input), Ok(output)) if errors.is_empty() => {
                Ok(Self { descriptor: describe(name, definition, &input, &output), input, output })
            }
            (input, output) => {
                errors.extend(input.err().into_iter().flatten().map(|p| BuildError::input(name, &p)));
                errors.extend(output.err().into_iter().flatten().map(|p| BuildError::output(name, &p)));
                Err(errors)
            }
        }
    }
}

fn input_schema(input: Input) -> Result<InputSchema, Vec<SchemaProblem>> {
    match input {
        Input::Parameters(table) => {
            let properties: Vec<_> = table.iter().map(super::parameter::Parameter::property).collect();
            InputSchema::of_properties(&properties)
        }
        Input::Whole(schema) => InputSchema::of_type(schema),
    }
}

fn describe(name: &'static str, definition: Definition, input: &InputSchema, output: &Output) -> Descriptor {
    Descriptor {
        name,
        title: definition.title,
        description: definition.description,
        input_schema: Arc::new(input.json().clone()),
        output_schema: Arc::new(output.schema()),
        hints: definition.hints,
        timeout: definition.timeout,
    }
}
