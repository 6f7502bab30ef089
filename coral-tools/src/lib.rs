//! Tools for AI agents: the JSON Schema, the signed webhook and the typed arguments come from one Rust function.
//!
//! [Coral](https://docs.coralos.ai) runs teams of agents in sessions. Agents send results to an application through
//! *custom tools*: the session request declares each tool, and Coral sends signed POST requests to the tool's URL.
//! [`#[coral_tool]`](macro@coral_tool) makes a function such a tool.
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
//! | write a tool | [`coral_tool`](macro@coral_tool), [`toolset!`], [`FromContext`] |
//! | return errors that agents can act on | [`ToolError`], [`#[derive(IntoToolError)]`](derive@IntoToolError) |
//! | make methods of a value tools | [`coral_tools`](macro@coral_tools) |
//! | read how a type becomes a JSON Schema | [`schema`] |
//! | serve tools to Coral | [`Toolset::webhooks`], [`WebhookConfig`], [`Secret`] |
//! | serve them without axum | [`Toolset::webhook_service`], [`WebhookService`] |
//! | request a session whose agents may call them | [`session`], [`SessionRequest`], [`Agent`], [`Dialect`] |
//! | get only `customTools`, for your own request | [`Toolset::custom_tools`] |
//! | create sessions and follow them | [`client`](https://docs.rs/coral-tools/latest/coral_tools/client/), with the feature `client` |
//! | give each session a value that tools receive, and an owner | [`Sessions`](https://docs.rs/coral-tools/latest/coral_tools/struct.Sessions.html), with the feature `client` |
//! | test whether Coral can reach the webhooks | [`probe`](https://docs.rs/coral-tools/latest/coral_tools/probe/), with the feature `client` |
//! | check the options of an agent before a request | [`registry`] |
//! | decode the state of a session, from every server version | [`state`] |
//! | receive the report at the end of a session | [`webhook::session_end`], [`SessionEndReport`] |
//! | serve the same tools on Everruns or Qoder Cloud Agents | [`platform`](https://docs.rs/coral-tools/latest/coral_tools/platform/), with the features `everruns` and `qoder` |
//! | write a tool without the macro | [`Tool`], [`Handler`] |
//! | make tools at run time, from an API description | [`DynamicTool`], [`Toolset::insert`] |
//! | run code around every call: limits, quotas, a cache, your own | [`middleware`], [`Toolset::with`] |
//! | call tools directly, or from another platform | [`Toolset::dispatch`], [`Call`], [`Deadlines`], [`Outcome`] |
//! | await calls of agents as typed values | [`calls`], `Session::next_call` of the client |
//! | return results that take longer than an agent waits, or that a person provides | [`Deferred`], [`Toolset::tickets`], [`CallContext::wait_for`] |
//! | show several results in browsers | [`calls::ReplayChannel`] |
//! | let a person approve calls before the tool runs | [`Toolset::with_approval`], [`Toolset::approvals`] |
//! | keep calls, and the results of calls that take long | [`store`], [`Toolset::with_store`] |
//! | read logs and metrics of a running application | [`operations`] |
//! | test tools | [`testing`](https://docs.rs/coral-tools/latest/coral_tools/testing/), with the feature `testing` |
//! | test against a fake server | the crate [`coral-stand-in`](https://docs.rs/coral-stand-in) |
//! | deploy tools, await results, map sessions to users, let agents work in steps | [`guides`](https://docs.rs/coral-tools/latest/coral_tools/guides/) |
//! | end a server without cutting off calls | [`shutdown`](https://docs.rs/coral-tools/latest/coral_tools/shutdown/), with the feature `shutdown` |
//!
//! # Features
//!
//! * `axum` (default): the axum router that Coral calls, and axum's extractors as context parameters. Implies `webhook`.
//! * `webhook`: the tower service that Coral calls, for any HTTP server.
//! * `client`: a client that creates sessions on Coral Cloud or a coral-server, and follows them.
//! * `registry`: `#[agent_options]`, a struct of an agent's options.
//! * `metrics`: [metrics](operations#metrics) of calls, through the crate `metrics`.
//! * `everruns`, `qoder`: the same tools on Everruns and on Qoder Cloud Agents.
//! * `shutdown`: a server ends on SIGTERM and Ctrl+C, with a deadline.
//! * `testing`: a test harness, and callers that send the same bytes as Coral.
//! * `chrono`: conversion of a [`Timestamp`](state::Timestamp) to a `DateTime<Utc>` of the crate `chrono`.

#![cfg_attr(docsrs, feature(doc_cfg))]

// Paths in the code generated by the macros start with `coral_tools`, also in this crate's own tests.
#[allow(unused_extern_crates, reason = "used by generated code")]
extern crate self as coral_tools;

#[cfg(feature = "_api")]
#[cfg_attr(
    not(all(feature = "client", feature = "everruns", feature = "qoder")),
    allow(dead_code, unused_imports, reason = "each client uses a part of it")
)]
mod api;
mod argument_error;
mod build_error;
mod call;
#[cfg_attr(not(feature = "webhook"), allow(dead_code, reason = "only webhooks limit calls"))]
mod call_permit;
pub mod calls;
pub mod claim;
#[cfg(feature = "client")]
pub mod client;
mod context;
mod deadline;
mod env;
mod error;
#[cfg(feature = "axum")]
mod extract;
#[cfg(all(any(doc, doctest), feature = "client", feature = "shutdown", feature = "testing"))]
pub mod guides;
mod idempotency_key;
#[allow(dead_code, reason = "each platform uses a part of it")]
mod json;
pub mod middleware;
mod nullable;
#[doc = include_str!("../docs/operations.md")]
pub mod operations {}
#[cfg(feature = "_pull")]
#[cfg_attr(
    not(any(feature = "everruns", feature = "qoder")),
    allow(dead_code, unused_imports, reason = "unused without a platform")
)]
pub mod platform;
#[cfg(all(feature = "client", feature = "webhook"))]
pub mod probe;
pub mod registry;
mod rfc3339;
mod rules;
pub mod schema;
pub mod session;
#[cfg(feature = "shutdown")]
pub mod shutdown;
pub mod state;
pub mod store;
mod suggest;
mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
mod tool;
mod toolset;
#[cfg(feature = "webhook")]
pub mod webhook;

/// Implements the trait [`IntoToolError`](trait@IntoToolError) for an error enum or struct: each variant selects what agents
/// read.
///
#[doc = include_str!("../docs/errors.md")]
pub use coral_tools_derive::IntoToolError;
/// Generates a struct of an agent's options from a saved registry agent.
///
/// Save the response of `GET /api/v1/registry/{source}/{name}/{version}` to a file, and write its path relative to the
/// folder of Cargo.toml:
///
/// ```
/// use coral_tools::{SessionRequest, agent_options};
///
/// /// The options of the writer.
/// #[agent_options("docs/natural-tone-agent.json")]
/// pub struct NaturalTone;
///
/// let writer = NaturalTone { extra_user_prompt: Some("Be brief.".into()), ..NaturalTone::default() };
/// assert_eq!(writer.max_iterations, 50, "the default in the file");
/// let request = SessionRequest::in_namespace("default").agent(writer.docker().named("writer"));
/// request.check()?;
///
/// let restless = NaturalTone { max_iterations: 500, ..NaturalTone::default() };
/// let errors = SessionRequest::in_namespace("default").agent(restless.docker()).check().unwrap_err();
/// assert_eq!(errors.to_string(), "agent `natural-tone-agent`: option `MAX_ITERATIONS` is greater than 200");
/// # Ok::<(), coral_tools::BuildErrors>(())
/// ```
///
/// An option or a runtime that the agent does not have is a compile error, and so is a value of another type:
///
/// ```compile_fail
/// # use coral_tools::agent_options;
/// # #[agent_options("docs/natural-tone-agent.json")]
/// # pub struct NaturalTone;
/// let writer = NaturalTone::default().executable();
/// ```
///
/// # The generated code
///
/// | in the file | in Rust |
/// | --- | --- |
/// | an option `MAX_ITERATIONS` | a field `max_iterations`, documented with label, description, type, constraints and default |
/// | `string`, `blob`, `list[u64]` | `String`, `Vec<u8>`, `Vec<u64>` |
/// | `secret`, `number`, the types of old servers | `String`, `f64`, which those servers accept for them |
/// | a `string` with `variants` | an enum named after struct and field, such as `NaturalToneStyle`, if every variant can be converted to a name |
/// | an option with a default, or a list | that default in `Default`; a list without one is empty |
/// | a required option without a default | a parameter of `new`, which replaces `Default` |
/// | any other option | an `Option`, which is not sent if it is `None` |
/// | `secret: true`, or type `secret` | `…` in `Debug` |
/// | a runtime `docker`, if the restrictions allow the server to run it | a method `docker()`, which returns the [`Agent`] |
/// | name and version | the constants `NAME` and `VERSION` |
///
/// `agent(provider)` returns the agent for any other [`AgentProvider`](session::AgentProvider). Every agent is
/// [inspected](Agent::inspected): its constraints are checked with the request. `Debug`, `Clone` and `PartialEq` are
/// implemented; other attributes stay on the struct. Cargo rebuilds the package when the file changes.
///
/// If the manifest renames this crate, its path is written after the file: `#[agent_options("…", crate = agent_tools)]`.
///
/// An option whose type is unknown, such as `list[bool]`, has no field. It is a compile error if such an option is
/// required, or if two options would have the same field.
#[cfg(feature = "registry")]
pub use coral_tools_derive::agent_options;
/// Turns a function into a tool that agents can call.
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
///     /// The rating, from 1 to 5.
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
/// The function is not changed and can still be called, unless it has [no body](#a-tool-without-a-body). The macro adds a struct with the same name and one field per
/// argument. The struct implements [`Tool`], [`Handler`] and `Deserialize`, and `Serialize` and `Debug` if the types of
/// its fields do.
///
/// # The function
///
/// * It is a free function, `async` or not, with owned types and without generics. For methods, see
///   [`#[coral_tools]`](macro@coral_tools).
/// * It has a description, by which agents choose it: its doc comment, or `description`. Markdown and indentation are
///   kept, and `#[doc = include_str!("…")]` works.
/// * It returns `T` or `Result<T, E>`, or an alias of them. `T` implements `Serialize` and `JsonSchema`; `E` is
///   [`ToolError`], implements [`IntoToolError`], or is any other error, of which the agent reads "the tool failed". Instead of `T`,
///   it returns [`Deferred<T>`](Deferred) if the result may take longer than the agent waits. Agents receive a struct with named fields as it is, `()` as `{"success": true}`,
///   and any other value as `{"result": value}`: a number, a list, a map, an `Option`, and also an enum, even if each of
///   its variants is an object. The schema of the result includes this wrapper. For a result without it, return a struct.
/// * A function that is not `async` runs on the task of the call and cannot be interrupted: if it finishes after its
///   deadline, its result is sent late, and the log has a warning. If it takes long, mark it `blocking`. A `blocking`
///   function continues after its deadline; the agent is informed of that at the deadline, and the result is dropped.
///
/// # A tool without a body
///
/// A tool that exists only to be awaited needs no body. Agents see it like any other, and receive `{"success": true}`; its calls are
/// recorded in the store of the toolset, and `Session::next_call` returns their arguments. It is not `async` or `blocking`, and has
/// no return type. [`Toolset::check`] returns an error if the toolset has no store.
///
/// Its `#[context]` parameters decide whether a call is recorded: `#[context] _: SessionValue<Job>` rejects calls of unknown sessions, and
/// `#[context] _: Bound<UserId>` those without a valid claim.
///
/// ```
/// use coral_tools::store::MemoryStore;
/// use coral_tools::{Toolset, coral_tool, toolset};
///
/// /// Submit a completed report to the application.
/// #[coral_tool]
/// fn submit_report(
///     /// The title of the report.
///     title: String,
///     #[arg(min_length = 1)] content: String,
/// );
///
/// let tools: Toolset = toolset![submit_report];
/// assert!(tools.check().is_err());
/// tools.with_store(MemoryStore::new()).check()?;
/// # Ok::<(), coral_tools::BuildErrors>(())
/// ```
///
/// # The parameters
///
/// A parameter is an argument, whose value the agent sends. Its type implements `Deserialize` and `JsonSchema`. Its doc
/// comment is its description. An `Option` is optional.
///
/// `#[context]` marks a parameter that the application provides and agents do not see. Its type implements
/// [`FromContext`], and the value is made from the call. Only such a parameter may be a pattern.
///
/// # `#[coral_tool(…)]`
///
/// | key | meaning |
/// | --- | --- |
/// | `name = "…"` | the name for agents. Default: the function's name |
/// | `title = "…"` | a display name for people |
/// | `description = "…"` | the description for agents. Default: the doc comment |
/// | `read_only`, `destructive`, `idempotent`, `open_world` | MCP's hints; `= false` sets the opposite |
/// | `rename_all = "camelCase"` | the names of all arguments without `rename`, by one of serde's rules. A rule with hyphens is an error if it makes a name that model providers reject |
/// | `timeout = "5s"` | the longest duration of a call, in `ms`, `s` or `m`, up to `10m`. Coral stops waiting after 15 s, other platforms later |
/// | `once = "10m"` | the same call runs once within this time, in `s`, `m` or `h`, up to `24h`: see [below](#repeated-calls) |
/// | `blocking` | the function blocks: it runs on tokio's threads for blocking work |
/// | `args = TypeName` | the name of the struct. Default: the function's name. Needed if a module or crate that the tool's code uses has that name |
/// | `crate = path` | the path of this crate, if the manifest renames it. Default: `::coral_tools` |
///
/// # Repeated calls
///
/// Agents repeat a call whose result has not reached them. With `once`, such a repetition has the result of the first call, also while
/// that one is still running, and the function runs once:
///
/// ```
/// use coral_tools::{Call, Toolset, coral_tool, toolset};
/// # use std::sync::atomic::{AtomicU32, Ordering};
/// # static ORDERS: AtomicU32 = AtomicU32::new(0);
///
/// /// Orders an article.
/// #[coral_tool(once = "10m")]
/// async fn order(article: String) -> u32 {
///     ORDERS.fetch_add(1, Ordering::Relaxed) + 1
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let tools: Toolset = toolset![order];
/// for _ in 0..2 {
///     let call = Call::new("order", br#"{"article": "tea"}"#).in_session("s1");
///     assert_eq!(tools.dispatch(call, &()).await.into_json(), br#"{"result":1}"#);
/// }
/// # }
/// ```
///
/// A repetition is a call of the same agent in the same session with the same arguments; the order of properties and white space
/// make no difference. On platforms whose calls have an id, it has the same id, too. A result is kept for the given time after it was
/// returned; a failure is not kept. The results are in the [store](Toolset::with_store) of the toolset, or otherwise in a
/// [`MemoryStore`](store::MemoryStore) with its limits. A repetition is not recorded in the store, and passes no middleware.
///
/// Without `once`, [`CallContext::idempotency_key`] is a key for APIs that recognize repetitions themselves.
///
/// # `#[arg(…)]`
///
/// | key | meaning |
/// | --- | --- |
/// | `rename = "…"` | the name for agents. Default: the parameter's name |
/// | `default`, `default = …` | the value if the agent does not send one: that of the type's `Default`, or this one, such as `Priority::High`, `["a"]`, `[]`, or for a map `[("a", 1)]` or `{}`. The schema shows it |
/// | `example = …` | an example for agents |
/// | `minimum`, `maximum`, `exclusive_minimum`, `exclusive_maximum`, `multiple_of` | constraints of a number |
/// | `min_length`, `max_length`, `pattern`, `format` | constraints of a string; lengths in characters |
/// | `min_items`, `max_items`, `unique_items` | constraints of an array |
/// | `items(min_length = 1)` | constraints of each item of an array |
/// | `flatten` | the parameter is a struct whose fields are arguments, alone or beside other parameters |
///
/// Values of constraints, defaults, examples, `title` and `description` may be constants or constant expressions:
/// `maximum = MAX_STARS`, `pattern = concat!("^", "[a-z]+$")`. Those of a constraint are at most 2^53.
///
/// Constraints are checked before the function runs, and at compile time against the type of the parameter. Formats are
/// `date-time`, `date`, `time`, `email`, `hostname`, `ipv4`, `ipv6`, `uri` and `uuid`.
///
/// Parameters that many tools share are a struct, which may use every attribute of serde and schemars. Beside other
/// parameters, it cannot have integers beyond 64 bits or maps with integers as keys:
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
/// struct Paging {
///     /// The index of the first item.
///     #[serde(default)]
///     first_item: u32,
///     /// How many items to return.
///     #[schemars(range(min = 1, max = 100))]
///     limit: u8,
/// }
///
/// /// Lists the reports of an author.
/// #[coral_tool(read_only)]
/// fn list_reports(author: String, #[arg(flatten)] page: Paging) -> String {
///     format!("{} reports of {author} from {}", page.limit, page.first_item)
/// }
///
/// let tools: coral_tools::Toolset = coral_tools::toolset![list_reports];
/// let tool = tools.descriptor("list_reports").unwrap();
/// let names: Vec<_> = tool.input_schema()["properties"].as_object().unwrap().keys().collect();
/// assert_eq!(names, ["author", "firstItem", "limit"]);
/// ```
///
/// If a tool has the name of its module, rename the struct of its arguments:
///
/// ```
/// mod weather {
///     use coral_tools::coral_tool;
///
///     /// Returns the weather.
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
/// Makes methods of a value tools that agents can call.
///
/// ```
/// use std::sync::Mutex;
/// use coral_tools::{ToolError, Toolset, coral_tools};
///
/// struct Shop {
///     stock: Mutex<Vec<String>>,
/// }
///
/// #[coral_tools]
/// impl Shop {
///     /// Adds an article to the stock.
///     #[coral_tool(idempotent = false)]
///     fn add(
///         &self,
///         /// The name of the article.
///         #[arg(min_length = 1)]
///         article: String,
///     ) -> Result<usize, ToolError> {
///         let mut stock = self.stock.lock().map_err(|_| ToolError::new("the shop is closed"))?;
///         stock.push(article);
///         Ok(stock.len())
///     }
///
///     /// Not a tool.
///     fn len(&self) -> usize {
///         self.stock.lock().map_or(0, |stock| stock.len())
///     }
/// }
///
/// let shop = std::sync::Arc::new(Shop { stock: Mutex::default() });
/// let tools: Toolset = Shop::toolset(shop.clone());
///
/// // The arguments of a method are a struct, named after the type and the method.
/// let arguments = ShopAdd { article: "tea".into() };
/// # assert_eq!((tools.len(), shop.len(), arguments.article.len()), (1, 0, 3));
/// ```
///
/// It is written above an `impl` block without a trait, of a type without generic parameters. In the block,
/// [`#[coral_tool]`](macro@coral_tool) marks the methods that are tools, with the same keys, parameters and return types as for a
/// function. They take `&self`. Every other item is unchanged.
///
/// The generated function `toolset` takes the value, or an `Arc` of it, and returns a [`Toolset`] for an application with any state
/// that the `#[context]` parameters support. The value is shared by all calls, which run at the same time: it is `Send` and `Sync`,
/// and what changes is in a `Mutex` or an atomic type. A handler of another kind reads the application's state instead, with
/// `#[context] State(app): State<App>`; a method can do both.
///
/// Toolsets of several values and of functions are combined by [`Toolset::merge`].
///
/// # `#[coral_tools(…)]`
///
/// | key | meaning |
/// | --- | --- |
/// | `toolset = name` | the name of the generated function. Default: `toolset`. Needed for a second block of the same type |
/// | `crate = path` | the path of this crate, if the manifest renames it. Default: `::coral_tools` |
///
/// The struct of the arguments has the visibility of the method. `#[coral_tool(args = TypeName)]` changes its name, if another type
/// has it.
pub use coral_tools_derive::coral_tools;
#[doc(no_inline)]
pub use {schemars, serde, serde_json};

pub use self::argument_error::{ArgumentError, RejectedArgument};
pub use self::build_error::{BuildError, BuildErrors};
pub use self::call::{Call, CallOrigin};
#[cfg(feature = "axum")]
pub use self::claim::Bound;
pub use self::claim::{ClaimKey, ClaimKeys};
pub use self::context::{AgentName, CallContext, Context, FromContext, Namespace, SessionId};
pub use self::error::{IntoToolError, ToolError};
pub use self::json::{DecodeError, FromJson, from_json};
pub use self::nullable::Nullable;
pub use self::session::agent::Agent;
pub use self::session::base_url::BaseUrl;
pub use self::session::custom_tools::CustomTools;
pub use self::session::dialect::Dialect;
pub use self::session::request::SessionRequest;
pub use self::session::runtime::Runtime;
pub use self::state::report::SessionEndReport;
pub use self::tool::{Deferred, Definition, Descriptor, DynamicTool, Handler, Hints, Icon, Reply, Tool};
pub use self::toolset::{Approval, Approvals, Deadlines, Outcome, TicketError, Tickets, Toolset, ToolsetBuilder};

#[cfg(feature = "_api")]
pub use self::api::{ApiKey, ClientError, FailureStage};
#[cfg(all(feature = "axum", feature = "client"))]
pub use self::client::SessionValue;
#[cfg(feature = "client")]
pub use self::client::{Coral, OwnedSession, Session, Sessions};
#[cfg(feature = "axum")]
pub use self::extract::{Extension, FromRef, Path, State};
#[cfg(feature = "everruns")]
pub use self::platform::everruns::Everruns;
#[cfg(feature = "qoder")]
pub use self::platform::qoder::Qoder;
#[cfg(all(feature = "client", feature = "webhook"))]
pub use self::probe::WebhookProbe;
#[cfg(feature = "webhook")]
pub use self::webhook::{Secret, SecretError, WebhookConfig, WebhookService};

/// The items that the code generated by the macros uses. Not public API.
#[doc(hidden)]
pub mod __ {
    pub use core::default::Default;
    pub use core::fmt::{Debug, Formatter, Result as FmtResult};
    pub use core::future::Future;
    pub use core::marker::{Send, Sized, Sync};
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
    pub use std::sync::Arc;
    #[cfg(feature = "registry")]
    pub use std::{string::String, vec::Vec};

    pub use coral_tools_derive::toolset;
    pub use serde::de::{Error, MapAccess};
    pub use serde::ser::SerializeStruct;
    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
    pub use serde_json::Value;

    pub use crate::context::{Context, FromContext};
    pub use crate::error::{IntoToolError, ToolError};
    #[cfg(feature = "registry")]
    pub use crate::registry::RegistrySource;
    pub use crate::schema::{Bound, Constraint};
    #[cfg(feature = "registry")]
    pub use crate::session::agent_options::{EmbeddedRegistryAgent, choices, list, text, with};
    #[cfg(feature = "registry")]
    pub use crate::session::{AgentProvider, OptionValue, agent::Agent, runtime::Runtime};
    pub use crate::tool::macro_support::{
        AgentMessage, ArgumentFields, BufferedArguments, ConvertError, DescribeArgument, DescribeOutput,
        DeserializeArgument, EmptyArray, EmptyMap, FlattenedObject, FromText, ImplementsError, IntoArgument, NameOf,
        NamedTool, NotATool, Parameter, ParameterType, ParameterTypeFallback, ReplyConversion, ReturnType,
        ReturnTypeFallback, SerializeOutput, ThreadSafe, ToJson, ToJsonFallback, ToolNameFallback,
        a_tool_holds_only_send_values_across_await, bound, check_constraint, check_context, check_tool, count,
        derived_error, deserialize, flattened, named_tool, output, run_blocking, stub, text_value, trimmed, value,
    };
    pub use crate::tool::{
        Definition, Handler, InputSource, IntoArc, MethodHandler, Reply, SharedValue, Tool, with_schemas,
    };
    use crate::toolset::ToolsetBuilder;
    pub use crate::toolset::{MethodToolsetBuilder, Toolset};

    /// Builds a toolset. `add` is a function pointer, so that the compiler infers `S` from the use of the toolset before it
    /// checks the tools.
    pub fn tools<S>(add: fn(ToolsetBuilder<S>) -> ToolsetBuilder<S>) -> Toolset<S> {
        add(Toolset::builder()).build_unchecked()
    }
}

/// Creates a [`Toolset`] of tools, in this order.
///
/// Each tool is the path of a function with [`#[coral_tool]`](macro@coral_tool), or of a type with `impl Tool` and
/// `impl Handler`. Two tools with the same name are a compile error. `#[cfg(…)]` on an entry makes it conditional. The path
/// of a tool that has the name of a crate among the dependencies starts with `self::`.
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
/// /// Restarts the application.
/// #[cfg(debug_assertions)]
/// #[coral_tool]
/// fn restart() {}
///
/// let tools: Toolset = toolset![
///     ping,
///     numbers::add,
///     #[cfg(debug_assertions)]
///     restart,
/// ];
/// assert_eq!(tools.len(), if cfg!(debug_assertions) { 3 } else { 2 });
/// ```
#[macro_export]
macro_rules! toolset {
    ($($tool:tt)*) => { $crate::__::toolset!($crate; $($tool)*) };
}
