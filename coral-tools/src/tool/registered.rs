//! [`RegisteredTool`]: a tool of a toolset, with its type erased.

use std::fmt;

use futures_util::future::BoxFuture;

use super::Handler;
use super::definition::{Definition, InputSource};
use super::descriptor::{Descriptor, DescriptorData};
use super::macro_support::Parameter;
use super::output::{Reply, ResultEncoder};
use crate::build_error::BuildError;
use crate::context::Context;
use crate::error::ToolError;
use crate::rules::tool_name_error;
use crate::schema::{InputSchema, Problem, SchemaProblem};

/// Why a call returned no value.
#[derive(Debug)]
pub(crate) enum CallError {
    /// The arguments are invalid; the tool did not run.
    Arguments(Vec<Problem>),
    Tool(ToolError),
}

type RunFn<S> = for<'a> fn(&'a InputSchema, &'a Context<'a, S>) -> BoxFuture<'a, Result<Reply, CallError>>;

/// A tool that can be described and run, without its type.
pub(crate) struct RegisteredTool<S> {
    pub(crate) descriptor: Descriptor,
    input: InputSchema,
    output: ResultEncoder,
    /// Whether the tool continues after its deadline.
    pub(crate) blocking: bool,
    run: RunFn<S>,
}

impl<S: Sync> RegisteredTool<S> {
    /// # Errors
    ///
    /// Returns everything that is invalid about the tool.
    pub(crate) fn new<T: Handler<S>>() -> Result<Self, Vec<BuildError>> {
        let definition = T::definition();
        let blocking = definition.blocking;
        let ToolSchemas { descriptor, mut input, output } = ToolSchemas::new(T::NAME, definition)?;
        let problems = input.adjust::<T>();
        if !problems.is_empty() {
            return Err(problems.iter().map(|problem| BuildError::input(T::NAME, problem)).collect());
        }
        Ok(Self { descriptor, input, output, blocking, run: run::<T, S> })
    }

    pub(crate) async fn run(&self, context: &Context<'_, S>) -> Result<Vec<u8>, CallError> {
        let reply = (self.run)(&self.input, context).await?;
        self.output.write(reply).map_err(CallError::Tool)
    }
}

impl<S> fmt::Debug for RegisteredTool<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegisteredTool").field("descriptor", &self.descriptor).finish_non_exhaustive()
    }
}

fn run<'a, T: Handler<S>, S: Sync>(
    input: &'a InputSchema,
    context: &'a Context<'a, S>,
) -> BoxFuture<'a, Result<Reply, CallError>> {
    Box::pin(async move {
        let arguments: T = input.read(context.arguments()).map_err(CallError::Arguments)?;
        arguments.call(context).await.map_err(CallError::Tool)
    })
}

/// The part of a [`RegisteredTool`] that depends on neither the tool's type nor the state.
struct ToolSchemas {
    descriptor: Descriptor,
    input: InputSchema,
    output: ResultEncoder,
}

impl ToolSchemas {
    fn new(name: &'static str, definition: Definition) -> Result<Self, Vec<BuildError>> {
        let mut errors = Vec::new();
        errors.extend(tool_name_error(name).map(|reason| BuildError::tool_name(name, reason)));
        if definition.description.trim().is_empty() {
            errors.push(BuildError::no_description(name));
        }
        let input = input_schema(definition.input);
        let output = ResultEncoder::new(definition.output);
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

fn input_schema(input: InputSource) -> Result<InputSchema, Vec<SchemaProblem>> {
    match input {
        InputSource::Parameters(table) => {
            let properties: Vec<_> = table.iter().map(Parameter::property).collect();
            InputSchema::from_properties(&properties)
        }
        InputSource::Struct(schema) => InputSchema::from_type(schema),
    }
}

fn describe(name: &'static str, definition: Definition, input: &InputSchema, output: &ResultEncoder) -> Descriptor {
    Descriptor::from(DescriptorData {
        name: name.into(),
        title: definition.title,
        description: definition.description,
        input_schema: input.json().clone(),
        output_schema: output.schema(),
        hints: definition.hints,
        timeout: definition.timeout,
        warnings: input.warnings().iter().map(|warning| BuildError::input(name, warning)).collect(),
    })
}
