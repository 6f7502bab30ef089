//! [`DynamicTool`]: a tool that is only known at run time.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde::Serialize;
use serde_json::{Map, Value};

use super::deferred::Deferred;
use super::definition::Definition;
use super::icon::Icon;
use super::output::Reply;
use super::runner::{CallError, RunTool};
use crate::context::{Context, FromContext};
use crate::error::{IntoToolError, ToolError};
use crate::schema::InputSchema;

/// A tool that is only known at run time: a name, a description, a JSON Schema of the arguments, and an async function. For
/// example, one tool for each operation of an API that is described by OpenAPI or GraphQL.
///
/// Arguments are read and checked as for every other tool, agents read the same errors, and every platform serves it.
/// [`ToolsetBuilder::dynamic`](crate::ToolsetBuilder::dynamic) adds it to a new toolset,
/// [`Toolset::insert`](crate::Toolset::insert) to one that is being served.
///
/// ```
/// use coral_tools::{DynamicTool, ToolError, Toolset};
/// use serde_json::{Map, Value, json};
///
/// async fn request(operation: &str, arguments: Map<String, Value>) -> Result<Value, ToolError> {
///     Ok(json!({ "operation": operation, "variables": arguments }))
/// }
///
/// let schema = json!({
///     "type": "object",
///     "properties": {
///         "city": { "type": "string", "minLength": 1 },
///         "days": { "type": "integer", "minimum": 1, "maximum": 14, "default": 3 },
///     },
///     "required": ["city"],
/// });
/// let forecast = DynamicTool::new("forecast", "Returns the weather of the next days.", schema, |arguments| {
///     request("forecast", arguments)
/// });
/// let tools: Toolset = Toolset::builder().dynamic(forecast.read_only(true)).build()?;
/// # Ok::<(), coral_tools::BuildErrors>(())
/// ```
///
/// # The schemas
///
/// They are JSON Schema 2020-12; `definitions` of earlier drafts are read, too. Everything in them is enforced, also `format`,
/// as far as [`coral_tool`](macro@crate::coral_tool) lists it, and `uniqueItems`. A keyword that has no effect or that most
/// agents do not support is an error, with its location. As for every other tool:
///
/// * The schema of the arguments is an object with fixed properties. Properties that it does not list are rejected at every
///   level, unless `additionalProperties` allows them. Below the top level, `{"type": "object"}` without `properties` is any
///   object.
/// * An absent property has its `default`, also in objects inside arrays and objects; in a union only if the variant is the
///   only object or has a tag. `5.0` is passed on as `5` to an integer.
/// * `null` for a property that is not in `required` stands for an absent one, unless its schema allows `null`.
/// * Without [`returns`](Self::returns), a result is sent as `{"result": value}`.
pub struct DynamicTool<S = ()> {
    pub(super) name: String,
    pub(super) definition: Definition,
    pub(super) input: Value,
    pub(super) output: Value,
    pub(super) runner: Box<dyn RunTool<S>>,
}

impl<S: Sync> DynamicTool<S> {
    /// Creates a tool that runs `handler` with the arguments.
    ///
    /// The handler returns a `Result`: a value that is `Serialize`, or an error that implements [`IntoToolError`]. Any other
    /// error becomes a [`ToolError`] with `?`.
    pub fn new<F, R, T, E>(
        name: impl Into<String>,
        description: impl Into<String>,
        input_schema: Value,
        handler: F,
    ) -> Self
    where
        F: Fn(Map<String, Value>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<T, E>> + Send,
        T: Serialize,
        E: IntoToolError,
    {
        Self::with_context(name, description, input_schema, move |arguments, (): ()| handler(arguments))
    }

    /// Creates a tool that runs `handler` with the arguments and a context parameter: a value of a type that implements
    /// [`FromContext`], or a tuple of up to four.
    ///
    /// ```
    /// use coral_tools::{CallContext, DynamicTool, State, ToolError};
    /// use serde_json::{Map, Value, json};
    ///
    /// #[derive(Clone)]
    /// struct Prefix(String);
    ///
    /// let schema = json!({ "type": "object", "properties": {} });
    /// let tool: DynamicTool<Prefix> = DynamicTool::with_context(
    ///     "whoami",
    ///     "Returns the session.",
    ///     schema,
    ///     |_arguments, (call, State(Prefix(prefix))): (CallContext, State<Prefix>)| async move {
    ///         Ok::<_, ToolError>(format!("{prefix}{}", call.session_id()))
    ///     },
    /// );
    /// ```
    pub fn with_context<C, F, R, T, E>(
        name: impl Into<String>,
        description: impl Into<String>,
        input_schema: Value,
        handler: F,
    ) -> Self
    where
        C: FromContext<S> + Send + 'static,
        F: Fn(Map<String, Value>, C) -> R + Send + Sync + 'static,
        R: Future<Output = Result<T, E>> + Send,
        T: Serialize,
        E: IntoToolError,
    {
        Self::with_handler(name.into(), Definition::new(description.into()), input_schema, move |arguments, context| {
            let returned = handler(arguments, context);
            async move { Reply::json(&returned.await.map_err(E::into_tool_error)?) }
        })
    }

    /// Creates a tool whose result may come after the call: `handler` returns a [`Deferred`]. It takes the arguments and a context
    /// parameter, as in [`with_context`](Self::with_context), or `()`.
    ///
    /// ```
    /// use coral_tools::{Deferred, DynamicTool, ToolError, Toolset};
    /// use serde_json::json;
    ///
    /// let schema = json!({ "type": "object", "properties": { "city": { "type": "string" } }, "required": ["city"] });
    /// let report = DynamicTool::deferred("report", "Writes a report about a city.", schema, |arguments, (): ()| async move {
    ///     Ok::<_, ToolError>(Deferred::new(async move { Ok::<_, ToolError>(format!("{arguments:?}")) }))
    /// });
    /// let tools: Toolset = Toolset::builder().dynamic(report).build()?;
    /// let names: Vec<_> = tools.descriptors().map(|tool| tool.name().to_owned()).collect();
    /// assert_eq!(names, ["report", "report_result"]);
    /// # Ok::<(), coral_tools::BuildErrors>(())
    /// ```
    pub fn deferred<C, F, R, T, E>(
        name: impl Into<String>,
        description: impl Into<String>,
        input_schema: Value,
        handler: F,
    ) -> Self
    where
        C: FromContext<S> + Send + 'static,
        F: Fn(Map<String, Value>, C) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Deferred<T>, E>> + Send,
        E: IntoToolError,
    {
        let definition = Definition { is_deferred: true, ..Definition::new(description.into()) };
        Self::with_handler(name.into(), definition, input_schema, move |arguments, context| {
            let returned = handler(arguments, context);
            async move { returned.await.map(Reply::deferred).map_err(E::into_tool_error) }
        })
    }

    fn with_handler<C, F, R>(name: String, definition: Definition, input: Value, handler: F) -> Self
    where
        C: FromContext<S> + Send + 'static,
        F: Fn(Map<String, Value>, C) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Reply, ToolError>> + Send,
    {
        let runner = Box::new(DynamicHandler { handler, context: PhantomData });
        Self { name, definition, input, output: Value::Bool(true), runner }
    }
}

impl<S> DynamicTool<S> {
    /// Sets the JSON Schema of the result. A value that is not an object is sent as `{"result": value}`, and `{"type": "null"}`
    /// as `{"success": true}`.
    #[must_use]
    pub fn returns(mut self, output_schema: Value) -> Self {
        self.output = output_schema;
        self
    }

    /// Sets a name for people to read.
    #[must_use]
    pub fn title(self, title: impl Into<String>) -> Self {
        self.define(|definition| definition.title(title.into()))
    }

    /// Sets MCP's `readOnlyHint`: the tool changes nothing.
    #[must_use]
    pub fn read_only(self, yes: bool) -> Self {
        self.define(|definition| definition.read_only(yes))
    }

    /// Sets MCP's `destructiveHint`: the tool may delete or overwrite.
    #[must_use]
    pub fn destructive(self, yes: bool) -> Self {
        self.define(|definition| definition.destructive(yes))
    }

    /// Sets MCP's `idempotentHint`: repeating a call with the same arguments has no further effect.
    #[must_use]
    pub fn idempotent(self, yes: bool) -> Self {
        self.define(|definition| definition.idempotent(yes))
    }

    /// Sets MCP's `openWorldHint`: the tool interacts with systems outside the application.
    #[must_use]
    pub fn open_world(self, yes: bool) -> Self {
        self.define(|definition| definition.open_world(yes))
    }

    /// Adds an icon for people to see: an item of MCP's `icons`.
    #[must_use]
    pub fn icon(self, icon: Icon) -> Self {
        self.define(|definition| definition.icon(icon))
    }

    /// Sets a key of MCP's `_meta`, such as `com.example/category`. A repeated key replaces the value.
    #[must_use]
    pub fn meta(self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.define(|definition| definition.meta(key, value))
    }

    /// Sets the timeout of a call. Default: the default of the webhooks or the platform.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        self.define(|definition| definition.timeout(timeout))
    }

    /// Sets for how long the result of a call is kept for its repetitions, as
    /// [`#[coral_tool(once = "10m")]`](macro@crate::coral_tool#repeated-calls) does. Default: a repetition is a call like any other. At most 24 h.
    #[must_use]
    pub fn once(self, window: Duration) -> Self {
        self.define(|definition| definition.once(window))
    }

    fn define(self, change: impl FnOnce(Definition) -> Definition) -> Self {
        Self { definition: change(self.definition), ..self }
    }
}

impl<S> fmt::Debug for DynamicTool<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamicTool").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A function of the arguments and of a context parameter.
struct DynamicHandler<F, C> {
    handler: F,
    context: PhantomData<fn(C)>,
}

impl<S, F, C, R> RunTool<S> for DynamicHandler<F, C>
where
    S: Sync,
    C: FromContext<S> + Send,
    F: Fn(Map<String, Value>, C) -> R + Send + Sync,
    R: Future<Output = Result<Reply, ToolError>> + Send,
{
    fn run<'a>(
        &'a self,
        input: &'a InputSchema,
        context: &'a Context<'a, S>,
    ) -> BoxFuture<'a, Result<Reply, CallError>> {
        Box::pin(async move {
            let arguments = input.read_object(context.arguments()).map_err(CallError::Arguments)?;
            let parameter = C::from_context(context).await.map_err(CallError::Tool)?;
            (self.handler)(arguments, parameter).await.map_err(CallError::Tool)
        })
    }
}
