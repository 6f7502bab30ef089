//! Give AI agents tools: one ordinary function is the schema, the verified webhook and the typed arguments.
//!
//! [Coral](https://docs.coralos.ai) runs teams of agents in sessions. An application gets answers out of them through
//! *custom tools*: it declares each tool in the session request, and Coral POSTs signed calls to the tool's URL. With
//! [`#[coral_tool]`](macro@coral_tool) a function is all of it.
//!
//! ```
//! use coral_tools::{Secret, Toolset, coral_tool, toolset};
//!
//! /// Adds two numbers.
//! #[coral_tool]
//! fn add(
//!     /// The first.
//!     a: i64,
//!     /// The second.
//!     b: i64,
//! ) -> i64 {
//!     a + b
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let tools: Toolset = toolset![add];
//!
//! // For the session request:
//! let custom_tools = tools.custom_tools("https://your-app.example/coral")?;
//! assert_eq!(custom_tools.names().collect::<Vec<_>>(), ["add"]);
//!
//! // For the server:
//! let app: axum::Router = axum::Router::new().nest("/coral", tools.webhooks(Secret::new("…")));
//! # Ok(())
//! # }
//! ```
//!
//! | to | see |
//! | --- | --- |
//! | write a tool | [`coral_tool`](macro@coral_tool), [`toolset!`], [`FromContext`], [`ToolError`] |
//! | know what agents see of a type | [`schema`] |
//! | serve tools to Coral | [`Toolset::webhooks`], [`WebhookConfig`], [`Secret`] |
//! | serve them without axum | [`Toolset::webhook_service`], [`WebhookService`] |
//! | request a session of agents that may call them | [`session`], [`SessionRequest`], [`Agent`], [`Dialect`] |
//! | have `customTools` alone, for a request of your own | [`Toolset::custom_tools`] |
//! | create sessions and follow them | [`client`](https://docs.rs/coral-tools/latest/coral_tools/client/), with the feature of that name |
//! | know what agents can be told before telling them | [`registry`] |
//! | read the state of a session, whichever server tells it | [`state`] |
//! | know when a session ends | [`webhook::session_end`], [`SessionEndReport`] |
//! | serve the same tools on Everruns or Qoder Cloud Agents | [`platform`](https://docs.rs/coral-tools/latest/coral_tools/platform/), with their features |
//! | write a tool without the macro | [`Tool`], [`Handler`] |
//! | call tools yourself, or for another platform | [`Toolset::dispatch`], [`Call`], [`Deadlines`], [`Outcome`] |
//! | test tools | [`testing`](https://docs.rs/coral-tools/latest/coral_tools/testing/), with the feature of that name |
//! | test against a fake server | the crate [`coral-stand-in`](https://docs.rs/coral-stand-in) |
//!
//! # Features
//!
//! * `axum` (default): the axum router that Coral calls, and axum's extractors as context parameters. Implies `webhook`.
//! * `webhook`: the tower service that Coral calls, for any HTTP server.
//! * `client`: creates sessions on Coral Cloud or a coral-server, and follows them.
//! * `registry`: `#[agent_options]`, a struct of an agent's options.
//! * `everruns`, `qoder`: the same tools on Everruns and on Qoder Cloud Agents.
//! * `testing`: a harness for tests, and callers that send what Coral sends, byte for byte.

#![cfg_attr(docsrs, feature(doc_cfg))]

// So that the paths that the macros write hold in this crate's own tests, too.
#[allow(unused_extern_crates, reason = "used by the paths that the macros write")]
extern crate self as coral_tools;

#[cfg(feature = "_api")]
#[cfg_attr(
    not(all(feature = "client", feature = "everruns", feature = "qoder")),
    allow(dead_code, unused_imports, reason = "each platform's client uses a part of it")
)]
mod api;
mod build_error;
mod call;
#[cfg(feature = "client")]
pub mod client;
mod context;
mod deadline;
mod error;
#[cfg(feature = "axum")]
mod extract;
#[allow(dead_code, reason = "each platform uses a part of it")]
mod json;
#[cfg(feature = "_pull")]
#[cfg_attr(
    not(any(feature = "everruns", feature = "qoder")),
    allow(dead_code, unused_imports, reason = "of no use without a platform")
)]
pub mod platform;
pub mod registry;
mod rules;
pub mod schema;
pub mod session;
pub mod state;
mod suggest;
#[cfg(feature = "testing")]
pub mod testing;
mod tool;
mod toolset;
#[cfg(feature = "webhook")]
pub mod webhook;

/// A struct of an agent's options, made from what a registry says of it.
///
/// Save what `GET /api/v1/registry/{source}/{name}/{version}` answers, and name the file, from the folder of Cargo.toml on:
///
/// ```
/// use coral_tools::{SessionRequest, agent_options};
///
/// /// The options of the writer.
/// #[agent_options("docs/natural-tone-agent.json")]
/// pub struct NaturalTone;
///
/// let writer = NaturalTone { extra_user_prompt: Some("Be brief.".into()), ..NaturalTone::default() };
/// assert_eq!(writer.max_iterations, 50, "what the entry says");
/// let request = SessionRequest::in_namespace("default").agent(writer.docker().named("writer"));
/// request.check()?;
///
/// let restless = NaturalTone { max_iterations: 500, ..NaturalTone::default() };
/// let errors = SessionRequest::in_namespace("default").agent(restless.docker()).check().unwrap_err();
/// assert_eq!(errors.to_string(), "agent `natural-tone-agent`: option `MAX_ITERATIONS` is greater than 200");
/// # Ok::<(), coral_tools::BuildErrors>(())
/// ```
///
/// An option or a runtime that the agent does not have does not compile, nor does a value of another type:
///
/// ```compile_fail
/// # use coral_tools::agent_options;
/// # #[agent_options("docs/natural-tone-agent.json")]
/// # pub struct NaturalTone;
/// let writer = NaturalTone::default().executable();
/// ```
///
/// # What it becomes
///
/// | in the entry | in Rust |
/// | --- | --- |
/// | an option `MAX_ITERATIONS` | a field `max_iterations`; its docs say label, description, type, limits and default |
/// | `string`, `blob`, `list[u64]` | `String`, `Vec<u8>`, `Vec<u64>` |
/// | a `string` with `variants` | an enum of the names of struct and field, such as `NaturalToneStyle`, if all of them make names |
/// | with a default, or a list | that value, in `Default` |
/// | required, without a default | a parameter of `new`, which is there instead of `Default` |
/// | neither | an `Option`, which sends nothing if it is `None` |
/// | `secret` | `…` in `Debug` |
/// | a runtime `docker`, where restrictions let the server run it | a method `docker()`, which gives the [`Agent`] |
/// | its name and version | the constants `NAME` and `VERSION` |
///
/// `agent(provider)` gives the agent for any other [`Provider`](session::Provider). Every agent is
/// [inspected](Agent::inspected): limits are checked with the rest of its request. `Debug`, `Clone` and `PartialEq` are
/// implemented; other attributes stay on the struct. The program is built anew when the file changes.
///
/// An option of a type that no value has (`secret` of old servers) is no field; if it is required, the struct does not
/// compile. Nor does it where two options would become one field.
#[cfg(feature = "registry")]
pub use coral_tools_derive::agent_options;
/// Makes a function a tool that agents can call.
///
/// ```
/// use coral_tools::schemars::JsonSchema;
/// use coral_tools::serde::Serialize;
/// use coral_tools::{CallContext, State, ToolError, Toolset, coral_tool, toolset};
///
/// # #[derive(Clone)]
/// # struct Reports;
/// # impl Reports {
/// #     async fn save(&self, _session: &str, _title: &str) -> Result<String, std::io::Error> { Ok("r1".into()) }
/// # }
/// #[derive(Serialize, JsonSchema)]
/// # #[serde(crate = "coral_tools::serde")]
/// # #[schemars(crate = "coral_tools::schemars")]
/// struct Receipt {
///     report_id: String,
/// }
///
/// /// Submit a completed report to the application.
/// #[coral_tool(idempotent, timeout = "5s")]
/// async fn submit_report(
///     /// The title of the report.
///     title: String,
///     /// How good it is, from 1 to 5.
///     #[arg(minimum = 1, maximum = 5, default = 3)]
///     stars: u8,
///     #[context] call: CallContext,
///     #[context] State(reports): State<Reports>,
/// ) -> Result<Receipt, ToolError> {
///     let report_id = reports.save(call.session_id(), &title).await?;
///     Ok(Receipt { report_id })
/// }
///
/// let tools: Toolset<Reports> = toolset![submit_report];
///
/// // The name is also the type of the arguments.
/// let arguments = submit_report { title: "Q4".into(), stars: 5 };
/// assert_eq!(coral_tools::serde_json::to_string(&arguments)?, r#"{"title":"Q4","stars":5}"#);
/// # Ok::<(), coral_tools::serde_json::Error>(())
/// ```
///
/// The function stays as it is and can be called as it is. Beside it stands a struct of its name with one field per
/// parameter that the agent gives; it is a [`Tool`], `Deserialize`, and `Serialize` and `Debug` where the types of its
/// fields are.
///
/// # The function
///
/// * A free function, `async` or not, with types that own what they hold, and no generics.
/// * Its doc comment, or `description`, is what agents choose it by; there must be one. Markdown and indentation are kept,
///   and `#[doc = include_str!("…")]` works.
/// * It returns `T` or `Result<T, E>`, also by an alias, where `T` is `Serialize` and `JsonSchema` and `E` is [`ToolError`]
///   or becomes one by `Into`. A `T` that is not an object travels as `{"result": value}`, `()` as `{"success": true}`.
/// * A function that is not `async` runs where the call is driven: give one that takes long `blocking`. A `blocking` function
///   that passes its deadline cannot be stopped; its answer is dropped.
///
/// # The parameters
///
/// A parameter is an argument that the agent gives, of a type with `Deserialize` and `JsonSchema`. Its doc comment says what
/// it is. An `Option` may be left out.
///
/// `#[context]` marks a parameter that the agent knows nothing of: a type with [`FromContext`], made from the call. Only
/// such a parameter may be a pattern.
///
/// # `#[coral_tool(…)]`
///
/// | key | what it says |
/// | --- | --- |
/// | `name = "…"` | the name for agents, instead of the function's |
/// | `title = "…"` | a name for people |
/// | `description = "…"` | what the tool does, instead of the doc comment |
/// | `read_only`, `destructive`, `idempotent`, `open_world` | MCP's hints; `= false` says the opposite |
/// | `timeout = "5s"` | how long a call may take: `ms`, `s` or `m`, up to `10m`. Coral gives up after 15 s, other platforms later |
/// | `blocking` | the function blocks: it runs on tokio's threads for that |
/// | `args = TypeName` | the name of the struct, instead of the function's: for one named like a module or crate that its own code uses |
/// | `crate = path` | where this crate is, if neither the manifest nor its name says it |
///
/// # `#[arg(…)]`
///
/// | key | what it says |
/// | --- | --- |
/// | `rename = "…"` | the name for agents, instead of the parameter's |
/// | `default`, `default = …` | the value when the argument is left out: the type's own, or this one. Agents read it |
/// | `example = …` | a value to show to agents |
/// | `minimum`, `maximum`, `exclusive_minimum`, `exclusive_maximum`, `multiple_of` | limits of a number |
/// | `min_length`, `max_length`, `pattern`, `format` | limits of a text |
/// | `min_items`, `max_items`, `unique_items` | limits of a list |
/// | `flatten` | the parameter is a struct that is the whole input |
///
/// Limits are checked before the function runs, and at compile time against the parameter's type. Formats are `date-time`,
/// `date`, `time`, `email`, `hostname`, `ipv4`, `ipv6`, `uri` and `uuid`.
///
/// A struct as the whole input may use every attribute of serde and schemars:
///
/// ```
/// use coral_tools::coral_tool;
/// # use coral_tools::schemars::JsonSchema;
/// # use coral_tools::serde::Deserialize;
///
/// #[derive(Deserialize, JsonSchema)]
/// # #[serde(crate = "coral_tools::serde")]
/// # #[schemars(crate = "coral_tools::schemars")]
/// #[serde(rename_all = "camelCase")]
/// struct Order {
///     /// The article's number in the shop.
///     article_number: u64,
/// }
///
/// /// Order an article.
/// #[coral_tool(destructive = false)]
/// fn order(#[arg(flatten)] order: Order) -> String {
///     format!("ordered {}", order.article_number)
/// }
/// ```
///
/// A tool in a module of its own name gives its arguments another:
///
/// ```
/// mod weather {
///     use coral_tools::coral_tool;
///
///     /// Tell the weather.
///     #[coral_tool(name = "weather", args = Weather)]
///     pub fn now(city: String) -> String {
///         format!("sunny in {city}")
///     }
/// }
///
/// let tools: coral_tools::Toolset = coral_tools::toolset![weather::Weather];
/// assert!(tools.descriptor("weather").is_some());
/// ```
pub use coral_tools_derive::coral_tool;
#[doc(no_inline)]
pub use {schemars, serde, serde_json};

pub use self::build_error::{BuildError, BuildErrors};
pub use self::call::{Call, Origin};
pub use self::context::{AgentName, CallContext, Context, FromContext, Namespace, SessionId};
pub use self::error::ToolError;
pub use self::json::{DecodeError, FromJson, from_json};
pub use self::session::agent::Agent;
pub use self::session::base_url::BaseUrl;
pub use self::session::custom_tools::CustomTools;
pub use self::session::dialect::Dialect;
pub use self::session::request::SessionRequest;
pub use self::session::runtime::Runtime;
pub use self::state::report::SessionEndReport;
pub use self::tool::{Definition, Descriptor, Handler, Hints, Reply, Tool};
pub use self::toolset::{Deadlines, Outcome, Toolset, ToolsetBuilder};

#[cfg(feature = "_api")]
pub use self::api::{ApiKey, ClientError, FailureStage};
#[cfg(feature = "client")]
pub use self::client::{Coral, Session};
#[cfg(feature = "axum")]
pub use self::extract::{Extension, FromRef, State};
#[cfg(feature = "everruns")]
pub use self::platform::everruns::Everruns;
#[cfg(feature = "qoder")]
pub use self::platform::qoder::Qoder;
#[cfg(feature = "webhook")]
pub use self::webhook::{Secret, SecretError, WebhookConfig, WebhookService};

/// What the macros write against. Not public API.
#[doc(hidden)]
pub mod __ {
    pub use core::default::Default;
    pub use core::fmt::{Debug, Formatter, Result as FmtResult};
    pub use core::future::Future;
    pub use core::marker::{Send, Sync};
    pub use core::option::Option;
    pub use core::result::Result;
    pub use core::time::Duration;
    #[cfg(feature = "registry")]
    pub use core::{
        clone::Clone,
        cmp::{Eq, PartialEq},
        convert::Into,
        env, format_args, include_bytes, include_str,
        marker::Copy,
    };
    pub use core::{concat, primitive, stringify};
    #[cfg(feature = "registry")]
    pub use std::{string::String, vec::Vec};

    pub use coral_tools_derive::toolset;
    pub use serde::de::{Error, MapAccess};
    pub use serde::ser::SerializeStruct;
    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
    pub use serde_json::Value;

    pub use crate::context::{Context, FromContext};
    pub use crate::error::ToolError;
    #[cfg(feature = "registry")]
    pub use crate::registry::RegistrySource;
    pub use crate::schema::{Bound, Constraint};
    #[cfg(feature = "registry")]
    pub use crate::session::agent_options::{EmbeddedRegistryAgent, choices, list, text, with};
    #[cfg(feature = "registry")]
    pub use crate::session::{OptionValue, Provider, agent::Agent, runtime::Runtime};
    pub use crate::tool::macro_support::{
        ArgumentFields, DescribeArgument, DescribeOutput, DeserializeArgument, IntoArgument, IntoToolError, NamedTool,
        NotAResult, NotATool, NotSerializable, Parameter, ParameterType, ReturnType, SerializeOutput, ToJson, ToolName,
        ToolOutput, UnknownParameterType, a_tool_holds_only_send_values_across_await, check_constraint, check_context,
        check_unique_name, deserialize, named_tool, output, run_blocking, stub, value,
    };
    pub use crate::tool::{Definition, Handler, InputSource, Reply, Tool, with_schemas};
    use crate::toolset::{Toolset, ToolsetBuilder};

    /// A set of tools. A function pointer, because the compiler then takes `S` from where the set goes before it looks at
    /// the tools.
    pub fn tools<S>(add: fn(ToolsetBuilder<S>) -> ToolsetBuilder<S>) -> Toolset<S> {
        add(Toolset::builder()).build_unchecked()
    }
}

/// A [`Toolset`] of the named tools, in this order.
///
/// A tool is a function with [`#[coral_tool]`](macro@coral_tool), named by its path, or a type with `impl Tool` and
/// `impl Handler`. Two tools of one name do not compile.
///
/// ```
/// # use coral_tools::{Toolset, coral_tool, toolset};
/// mod numbers {
///     /// Adds two numbers.
///     #[coral_tools::coral_tool]
///     pub fn add(a: i64, b: i64) -> i64 { a + b }
/// }
///
/// /// Answers at once.
/// #[coral_tool]
/// fn ping() {}
///
/// let tools: Toolset = toolset![ping, numbers::add];
/// assert_eq!(tools.len(), 2);
/// ```
#[macro_export]
macro_rules! toolset {
    ($($tool:tt)*) => { $crate::__::toolset!($crate; $($tool)*) };
}
