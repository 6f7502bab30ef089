//! [`Definition`]: the description of a tool, as its author writes it.

use std::borrow::Cow;
use std::time::Duration;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::descriptor::Hints;
use super::icon::Icon;
use super::macro_support::Parameter;
use crate::schema::SchemaFn;

/// The description of a tool for agents, and its timeout.
///
/// [`Tool`](crate::Tool) has an example.
#[derive(Debug, Clone)]
pub struct Definition {
    pub(super) description: Cow<'static, str>,
    pub(super) title: Option<Cow<'static, str>>,
    pub(super) input: InputSource,
    pub(super) output: OutputType,
    pub(super) is_deferred: bool,
    pub(super) hints: Hints,
    pub(super) icons: Vec<Icon>,
    pub(super) meta: Map<String, Value>,
    pub(super) timeout: Option<Duration>,
    pub(super) once: Option<Duration>,
    pub(super) blocking: bool,
    pub(super) without_body: bool,
}

/// The source of the schema of the arguments.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum InputSource {
    /// The parameters of a function.
    Parameters(&'static [Parameter]),
    /// A struct that is the whole input.
    Struct(SchemaFn),
}

impl Definition {
    /// Creates the definition of a tool without arguments and without a result. A tool that replies with a value must
    /// declare it with [`Definition::returns`].
    ///
    /// A model reads the description, in Markdown, to decide whether to call the tool.
    pub fn new(description: impl Into<Cow<'static, str>>) -> Self {
        Self {
            description: description.into(),
            title: None,
            input: InputSource::Parameters(&[]),
            output: OutputType::of::<()>(),
            is_deferred: false,
            hints: Hints::default(),
            icons: Vec::new(),
            meta: Map::new(),
            timeout: None,
            once: None,
            blocking: false,
            without_body: false,
        }
    }

    /// Sets the arguments: the fields of `T`.
    #[must_use]
    pub fn takes<T: JsonSchema>(mut self) -> Self {
        self.input = InputSource::Struct(T::json_schema);
        self
    }

    /// Sets the type of the result. A value that is not an object is sent as `{"result": value}`.
    #[must_use]
    pub fn returns<T: JsonSchema>(mut self) -> Self {
        self.output = OutputType::of::<T>();
        self
    }

    /// Sets the type of a result that may come after the call: the tool replies with [`Reply::deferred`](crate::Reply::deferred).
    #[must_use]
    pub fn returns_deferred<T: JsonSchema>(mut self) -> Self {
        self.is_deferred = true;
        self.returns::<T>()
    }

    /// Sets a name for people to read.
    #[must_use]
    pub fn title(mut self, title: impl Into<Cow<'static, str>>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Sets MCP's `readOnlyHint`: the tool changes nothing.
    #[must_use]
    pub fn read_only(mut self, yes: bool) -> Self {
        self.hints.read_only = Some(yes);
        self
    }

    /// Sets MCP's `destructiveHint`: the tool may delete or overwrite.
    #[must_use]
    pub fn destructive(mut self, yes: bool) -> Self {
        self.hints.destructive = Some(yes);
        self
    }

    /// Sets MCP's `idempotentHint`: repeating a call with the same arguments has no further effect.
    #[must_use]
    pub fn idempotent(mut self, yes: bool) -> Self {
        self.hints.idempotent = Some(yes);
        self
    }

    /// Sets MCP's `openWorldHint`: the tool interacts with systems outside the application.
    #[must_use]
    pub fn open_world(mut self, yes: bool) -> Self {
        self.hints.open_world = Some(yes);
        self
    }

    /// Adds an icon for people to see: an item of MCP's `icons`.
    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icons.push(icon);
        self
    }

    /// Sets a key of MCP's `_meta`, such as `com.example/category`. A repeated key replaces the value.
    #[must_use]
    pub fn meta(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.meta.insert(key.into(), value.into());
        self
    }

    /// Sets the timeout of a call. Default: the default of the webhooks or the platform.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets for how long the result of a call is kept for its repetitions, as `#[coral_tool(once = "10m")]` does, which describes
    /// it. Default: a repetition is a call like any other. At most 24 h.
    #[must_use]
    pub fn once(mut self, window: Duration) -> Self {
        self.once = Some(window);
        self
    }

    /// Sets whether the tool runs on a thread for blocking work, as `#[coral_tool(blocking)]` does, so that it continues
    /// after its deadline. If it exceeds it, the outcome is [`Outcome::StillRunning`](crate::Outcome::StillRunning), or
    /// [`Outcome::NotStarted`](crate::Outcome::NotStarted) if no thread was free. Default: `false`.
    #[must_use]
    pub fn blocking(mut self, yes: bool) -> Self {
        self.blocking = yes;
        self
    }
}

impl Definition {
    /// The tool is a function without a body: it needs a store, which records its calls.
    #[doc(hidden)]
    #[must_use]
    pub fn without_body(mut self) -> Self {
        self.without_body = true;
        self
    }
}

/// The type of a result.
#[derive(Debug, Clone, Copy)]
pub struct OutputType {
    pub(super) schema: SchemaFn,
    is_inline: fn() -> bool,
}

impl OutputType {
    pub(super) const fn of<T: JsonSchema>() -> Self {
        Self { schema: T::json_schema, is_inline: T::inline_schema }
    }

    /// Whether the type is `()`: its schema only allows `null`, and has no name, in contrast to that of a unit struct.
    pub(super) fn is_unit(self) -> bool {
        let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
        (self.is_inline)() && (self.schema)(&mut generator).get("type") == Some(&Value::from("null"))
    }
}

/// The result of a function.
#[derive(Debug, Clone, Copy)]
pub struct OutputSource {
    pub(in crate::tool) output: OutputType,
    pub(in crate::tool) is_deferred: bool,
}

/// Sets the schemas of a tool that is written as a function.
#[must_use]
pub fn with_schemas(definition: Definition, input: InputSource, output: OutputSource) -> Definition {
    let OutputSource { output, is_deferred } = output;
    Definition { input, output, is_deferred, ..definition }
}
