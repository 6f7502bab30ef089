//! [`RegisteredTool`]: a tool of a toolset, with its type erased.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Map;

use super::Handler;
use super::definition::{Definition, InputSource};
use super::delivery::{
    Delivery, describe_deferred, describe_result_tool, result_tool_input, result_tool_name, with_ticket,
};
use super::descriptor::{Descriptor, DescriptorData, Hints};
use super::dynamic::DynamicTool;
use super::macro_support::Parameter;
use super::method::{MethodHandler, MethodRunner, SharedValue};
use super::output::{Reply, ResultEncoder};
use super::runner::{CallError, RunTool};
use crate::build_error::BuildError;
use crate::context::Context;
use crate::rules::tool_name_error;
use crate::schema::{InputSchema, SchemaProblem, TryDeserializeFn, try_deserialize};

type RunFn<S> = for<'a> fn(&'a InputSchema, &'a Context<'a, S>) -> BoxFuture<'a, Result<Reply, CallError>>;

/// A tool that can be described and run, without its type.
pub(crate) struct RegisteredTool<S> {
    pub(crate) descriptor: Descriptor,
    input: InputSchema,
    pub(crate) output: ResultEncoder,
    /// Whether the tool continues after its deadline.
    pub(crate) blocking: bool,
    /// Whether it does nothing, so that its calls must be recorded.
    pub(crate) without_body: bool,
    pub(crate) delivery: Delivery,
    runner: Runner<S>,
}

/// The code of a tool.
enum Runner<S> {
    /// A tool that is a type only.
    Type(RunFn<S>),
    /// A tool with a value, such as a closure.
    Value(Box<dyn RunTool<S>>),
}

impl<S: Sync> RegisteredTool<S> {
    /// # Errors
    ///
    /// Returns everything that is invalid about the tool.
    pub(crate) fn new<T: Handler<S>>() -> Result<Self, Vec<BuildError>> {
        Self::from_type(T::NAME, T::definition(), try_deserialize::<T>, Runner::Type(run::<T, S>))
    }

    /// Creates a tool that is a method of a value.
    ///
    /// # Errors
    ///
    /// Returns everything that is invalid about the tool.
    pub(crate) fn from_method<T: MethodHandler<V, S>, V: SharedValue>(value: Arc<V>) -> Result<Self, Vec<BuildError>> {
        let runner = Runner::Value(Box::new(MethodRunner::<T, V>::new(value)));
        Self::from_type(T::NAME, T::definition(), try_deserialize::<T>, runner)
    }

    /// Creates a tool that is only known at run time.
    ///
    /// # Errors
    ///
    /// Returns everything that is invalid about the tool.
    pub(crate) fn from_dynamic(tool: DynamicTool<S>) -> Result<Self, Vec<BuildError>> {
        let DynamicTool { name, definition, input, output, runner } = tool;
        let delivery = Delivery::new(definition.is_deferred, definition.once);
        let (input, output) = (InputSchema::from_document(&input), ResultEncoder::from_document(&output));
        let ToolSchemas { descriptor, input, output } = ToolSchemas::new(name.into(), definition, input, output)?;
        Ok(Self {
            descriptor,
            input,
            output,
            blocking: false,
            without_body: false,
            delivery,
            runner: Runner::Value(runner),
        })
    }

    /// The same code for every tool.
    fn from_type(
        name: &'static str,
        definition: Definition,
        try_deserialize: TryDeserializeFn,
        runner: Runner<S>,
    ) -> Result<Self, Vec<BuildError>> {
        let Definition { blocking, without_body, is_deferred, once, .. } = definition;
        let delivery = Delivery::new(is_deferred, once);
        let ToolSchemas { descriptor, input, output } = ToolSchemas::of_type(name, definition, try_deserialize)?;
        Ok(Self { descriptor, input, output, blocking, without_body, delivery, runner })
    }

    /// Returns the tool for a set in which a person may have to approve its calls, so that it may return a ticket.
    ///
    /// # Errors
    ///
    /// Returns an error if agents could not tell its result from a ticket.
    pub(crate) fn with_approval(self: &Arc<Self>) -> Result<Arc<Self>, BuildError>
    where
        S: 'static,
    {
        if self.descriptor.result_tool().is_some() {
            return Ok(Arc::clone(self));
        }
        if self.output.has_property("ticket") {
            return Err(BuildError::ticket_property(self.descriptor.name()));
        }
        Ok(Arc::new(Self {
            descriptor: self.descriptor.with_approval(),
            input: self.input.clone(),
            output: self.output.clone(),
            blocking: self.blocking,
            without_body: self.without_body,
            delivery: self.delivery.clone(),
            runner: Runner::Value(Box::new(OtherTool(Arc::clone(self)))),
        }))
    }

    /// Creates the tool that returns the results of the tickets of this one, if this one has tickets.
    pub(crate) fn result_tool(&self) -> Option<Self> {
        let Self { descriptor: tool, .. } = self;
        tool.result_tool()?;
        let input = InputSchema::from_document(&result_tool_input(tool.name())).ok()?;
        let descriptor = Descriptor::from(DescriptorData {
            name: result_tool_name(tool.name()).into(),
            title: None,
            description: describe_result_tool(tool.name()).into(),
            input_schema: input.json().clone(),
            output_schema: tool.output_schema().clone(),
            hints: Hints { read_only: Some(true), ..Hints::default() },
            icons: Vec::new(),
            meta: Map::new(),
            timeout: tool.timeout(),
            has_result_tool: false,
            warnings: Vec::new(),
        });
        let delivery = Delivery::OfTickets(tool.name().to_owned());
        let runner = Runner::Value(Box::new(TicketIdReader));
        Some(Self {
            descriptor,
            input,
            output: ResultEncoder::unit(),
            blocking: false,
            without_body: false,
            delivery,
            runner,
        })
    }

    pub(crate) async fn run(&self, context: &Context<'_, S>) -> Result<Vec<u8>, CallError> {
        let reply = self.start(context).await?;
        self.output.write(reply, context.call()).map_err(CallError::Tool)
    }

    /// Runs the code of the tool. The reply is not yet in the form for the agent.
    pub(crate) fn start<'a>(&'a self, context: &'a Context<'a, S>) -> BoxFuture<'a, Result<Reply, CallError>> {
        match &self.runner {
            Runner::Type(run) => run(&self.input, context),
            Runner::Value(value) => value.run(&self.input, context),
        }
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

/// Runs another tool.
struct OtherTool<S>(Arc<RegisteredTool<S>>);

impl<S: Sync> RunTool<S> for OtherTool<S> {
    fn run<'a>(
        &'a self,
        _input: &'a InputSchema,
        context: &'a Context<'a, S>,
    ) -> BoxFuture<'a, Result<Reply, CallError>> {
        self.0.start(context)
    }
}

/// Replies with the id of the ticket in the arguments.
struct TicketIdReader;

impl<S: Sync> RunTool<S> for TicketIdReader {
    fn run<'a>(
        &'a self,
        input: &'a InputSchema,
        context: &'a Context<'a, S>,
    ) -> BoxFuture<'a, Result<Reply, CallError>> {
        Box::pin(async move {
            let arguments = input.read_object(context.arguments()).map_err(CallError::Arguments)?;
            Reply::json(&arguments.get("ticket")).map_err(CallError::Tool)
        })
    }
}

/// The part of a [`RegisteredTool`] that depends on neither the tool's type nor the state.
struct ToolSchemas {
    descriptor: Descriptor,
    input: InputSchema,
    output: ResultEncoder,
}

impl ToolSchemas {
    fn of_type(
        name: &'static str,
        definition: Definition,
        try_deserialize: TryDeserializeFn,
    ) -> Result<Self, Vec<BuildError>> {
        let (input, output) = (input_schema(definition.input), ResultEncoder::new(definition.output));
        let mut schemas = Self::new(name.into(), definition, input, output)?;
        let problems = schemas.input.adjust(try_deserialize);
        match problems.is_empty() {
            true => Ok(schemas),
            false => Err(problems.iter().map(|problem| BuildError::input(name, problem)).collect()),
        }
    }

    fn new(
        name: Cow<'static, str>,
        definition: Definition,
        input: Result<InputSchema, Vec<SchemaProblem>>,
        output: Result<ResultEncoder, Vec<SchemaProblem>>,
    ) -> Result<Self, Vec<BuildError>> {
        let mut errors = Vec::new();
        errors.extend(tool_name_error(&name).map(|reason| BuildError::tool_name(&name, reason)));
        if definition.description.trim().is_empty() {
            errors.push(BuildError::no_description(&name));
        }
        if definition.is_deferred && output.as_ref().is_ok_and(|output| output.has_property("ticket")) {
            errors.push(BuildError::ticket_property(&name));
        }
        match (input, output) {
            (Ok(input), Ok(output)) if errors.is_empty() => {
                Ok(Self { descriptor: describe(name, definition, &input, &output), input, output })
            }
            (input, output) => {
                errors.extend(input.err().into_iter().flatten().map(|p| BuildError::input(&name, &p)));
                errors.extend(output.err().into_iter().flatten().map(|p| BuildError::output(&name, &p)));
                Err(errors)
            }
        }
    }
}

pub(super) fn input_schema(input: InputSource) -> Result<InputSchema, Vec<SchemaProblem>> {
    match input {
        InputSource::Parameters(table) => {
            let properties: Vec<_> = table.iter().map(Parameter::property).collect();
            InputSchema::from_properties(&properties)
        }
        InputSource::Struct(schema) => InputSchema::from_type(schema),
    }
}

fn describe(
    name: Cow<'static, str>,
    definition: Definition,
    input: &InputSchema,
    output: &ResultEncoder,
) -> Descriptor {
    let (description, output_schema) = match definition.is_deferred {
        false => (definition.description, output.schema()),
        true => {
            let description = describe_deferred(&definition.description, &result_tool_name(&name));
            (description.into(), with_ticket(output.schema()))
        }
    };
    Descriptor::from(DescriptorData {
        warnings: input.warnings().iter().map(|warning| BuildError::input(&name, warning)).collect(),
        name,
        title: definition.title,
        description,
        input_schema: input.json().clone(),
        output_schema,
        hints: definition.hints,
        icons: definition.icons,
        meta: definition.meta,
        timeout: definition.timeout,
        has_result_tool: definition.is_deferred,
    })
}
