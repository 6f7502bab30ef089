//! The `customTools` map of a session request.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::base_url::BaseUrl;
use super::binding::CheckedBinding;
use super::dialect::Dialect;
use super::unroll::unroll;
use crate::build_error::{BuildError, BuildErrors, ProblemCollector};
use crate::store::Store;
use crate::suggest::closest;
use crate::tool::Descriptor;
use crate::toolset::Toolset;

/// The default signature header.
const SIGNATURE_HEADER: &str = "X-Coral-Signature";

impl<S> Toolset<S> {
    /// Converts the toolset to the `customTools` of a session request. The URL of each tool is `base_url` and the
    /// tool's name ([`CustomTools::tool_at`] sets another one); Coral appends the session and the agent.
    ///
    /// # Errors
    ///
    /// Returns every problem of every tool (see [`Toolset::check`]) and of `base_url` at once.
    pub fn custom_tools<U>(&self, base_url: U) -> Result<CustomTools, BuildErrors>
    where
        U: TryInto<BaseUrl>,
        U::Error: Into<BuildErrors>,
    {
        let base_url = base_url.try_into().map_err(Into::into);
        match (self.check(), base_url) {
            (Ok(()), Ok(base_url)) => Ok(CustomTools::new(self.descriptors(), base_url, self.store().cloned())),
            (Ok(()), Err(errors)) | (Err(errors), Ok(_)) => Err(errors),
            (Err(tools), Err(url)) => Err(BuildErrors::new(tools.iter().chain(url.iter()).cloned().collect())),
        }
    }
}

/// The `customTools` of a session request.
///
/// Serializes in the form of the Coral Cloud API guide ([`Dialect::Cloud`]). [`CustomTools::to_json`] renders every
/// dialect.
#[derive(Debug, Clone)]
pub struct CustomTools {
    base_url: BaseUrl,
    /// The tools with a URL of their own, by name.
    own_urls: BTreeMap<String, BaseUrl>,
    signature_header: String,
    tools: Vec<Descriptor>,
    /// The store of the toolset.
    store: Option<Arc<dyn Store>>,
}

impl CustomTools {
    fn new(tools: impl Iterator<Item = Descriptor>, base_url: BaseUrl, store: Option<Arc<dyn Store>>) -> Self {
        let signature_header = SIGNATURE_HEADER.to_owned();
        Self { base_url, own_urls: BTreeMap::new(), signature_header, tools: tools.collect(), store }
    }

    /// Sets the header in which Coral sends signatures. Configure the webhooks with the same header. Default:
    /// `X-Coral-Signature`.
    #[must_use]
    pub fn signature_header(mut self, name: &http::HeaderName) -> Self {
        self.signature_header = name.as_str().to_owned();
        self
    }

    /// The names of the tools, for an agent's `customToolAccess`.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.tools.iter().map(Descriptor::name)
    }

    /// The tool that returns the results of the tickets of `tool`, if that has tickets.
    pub(super) fn result_tool(&self, tool: &str) -> Option<String> {
        self.tools.iter().find(|known| known.name() == tool)?.result_tool()
    }

    /// The store that records the calls of the tools.
    pub(super) fn store(&self) -> Option<&Arc<dyn Store>> {
        self.store.as_ref()
    }

    /// Returns the warnings of [`Toolset::warnings`].
    pub(super) fn warnings(&self) -> impl Iterator<Item = &BuildError> {
        self.tools.iter().flat_map(Descriptor::warnings)
    }

    /// Returns the URL at which Coral calls the tools, for example for
    /// [`RuntimeSettings::session_end_webhook`](crate::session::RuntimeSettings::session_end_webhook).
    #[must_use]
    pub fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    /// The same tools at another URL, for example one for each session or process. Cheap: the tools are shared. A tool with a
    /// URL of its own ([`tool_at`](Self::tool_at)) keeps it.
    ///
    /// ```
    /// use coral_tools::{BaseUrl, Dialect, Toolset, coral_tool, toolset};
    ///
    /// /// Submit a completed report to the application.
    /// #[coral_tool]
    /// fn submit_report(title: String) {}
    ///
    /// let base_url = BaseUrl::new("https://your-app.example/coral")?;
    /// let tools: Toolset = toolset![submit_report];
    /// let tools = tools.custom_tools(&base_url)?;
    /// let of_order = tools.at(base_url.join("order-7")).to_json(Dialect::Server1_2);
    /// assert_eq!(
    ///     of_order["submit_report"]["transport"]["url"],
    ///     "https://your-app.example/coral/order-7/submit_report"
    /// );
    /// # Ok::<(), coral_tools::BuildErrors>(())
    /// ```
    #[must_use]
    pub fn at(&self, base_url: BaseUrl) -> Self {
        Self { base_url, ..self.clone() }
    }

    /// Sets the URL of one tool, instead of the base URL and its name. It is sent byte for byte, slashes at its end included, for
    /// gateways and proxies that give a meaning to the path. [`BaseUrl`] describes which URLs are valid, and how Coral appends
    /// the session and the agent.
    ///
    /// The proxy for base44 in the Coral Cloud API guide, for example, moves the session and the agent into headers, which
    /// `WebhookConfig::session_header` and `agent_header` read:
    ///
    /// ```
    /// use coral_tools::{Dialect, Toolset, coral_tool, toolset};
    ///
    /// /// Submit a completed report to the application.
    /// #[coral_tool]
    /// fn submit_report(title: String) {}
    ///
    /// let tools: Toolset = toolset![submit_report];
    /// let url = "https://proxy.example/X-SessionId/X-AgentId///https://your-app.example/coral/submit_report///";
    /// let tools = tools.custom_tools("https://your-app.example/coral")?.tool_at("submit_report", url)?;
    /// assert_eq!(tools.to_json(Dialect::Server1_2)["submit_report"]["transport"]["url"], url);
    /// # Ok::<(), coral_tools::BuildErrors>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if there is no tool with this name, or if `url` is not valid.
    pub fn tool_at<U>(mut self, tool: &str, url: U) -> Result<Self, BuildErrors>
    where
        U: TryInto<BaseUrl>,
        U::Error: Into<BuildErrors>,
    {
        let mut problems = ProblemCollector::new();
        if !self.names().any(|name| name == tool) {
            problems.add(format!("tool `{}`", tool.escape_debug()), unknown_tool(tool, self.names()));
        }
        if let Some(url) = problems.check(url.try_into().map_err(Into::into)) {
            self.own_urls.insert(tool.to_owned(), url);
        }
        problems.finish(self)
    }

    /// The URL of each tool, by name.
    #[cfg(feature = "client")]
    pub(crate) fn urls(&self) -> impl Iterator<Item = (&str, BaseUrl)> {
        self.tools.iter().map(|tool| (tool.name(), self.url(tool)))
    }

    /// Whether the URL of a tool does not depend on the base URL.
    #[cfg(all(feature = "client", feature = "webhook"))]
    pub(crate) fn has_own_url(&self, tool: &str) -> bool {
        self.own_urls.contains_key(tool)
    }

    /// The header of signatures.
    #[cfg(all(feature = "client", feature = "webhook"))]
    pub(crate) fn signature_header_name(&self) -> &str {
        &self.signature_header
    }

    fn url(&self, tool: &Descriptor) -> BaseUrl {
        self.own_urls.get(tool.name()).cloned().unwrap_or_else(|| self.base_url.join(tool.name()))
    }

    /// Renders the map in `dialect`, by tool name, in the order of the toolset.
    ///
    /// Only [`Dialect::Server1_2`] and [`Dialect::Next`] support recursive types. For the other dialects, recursive
    /// types are inlined to three levels; below these, only variants without recursion remain, or any object, described
    /// as "as above". The arguments that a tool accepts stay the same.
    #[must_use]
    pub fn to_json(&self, dialect: Dialect) -> Value {
        Value::Object(self.entries(dialect, None).collect())
    }

    /// With a `binding`, each URL has a claim for its tool.
    pub(super) fn entries(
        &self,
        dialect: Dialect,
        binding: Option<&CheckedBinding<'_>>,
    ) -> impl Iterator<Item = (String, Value)> {
        self.tools.iter().map(move |tool| (tool.name().to_owned(), self.entry(tool, dialect, binding)))
    }

    fn entry(&self, tool: &Descriptor, dialect: Dialect, binding: Option<&CheckedBinding<'_>>) -> Value {
        let url = match binding {
            Some(binding) => binding.add_claim(&self.url(tool), tool.name()),
            None => self.url(tool),
        };
        let transport = |signed| self.transport(&url, signed);
        let input = schema(tool.input_schema(), dialect);
        let output = schema(tool.output_schema(), dialect);
        let (name, description) = (tool.name(), tool.description());
        match dialect {
            Dialect::Cloud | Dialect::Nested => {
                let mut schema =
                    json!({"name": name, "description": description, "inputSchema": input, "outputSchema": output});
                insert_annotations(&mut schema, tool);
                json!({"transport": transport(true), "schema": schema})
            }
            Dialect::Server1_2 | Dialect::Next => {
                let mut entry = json!({"transport": transport(true), "description": description});
                insert(&mut entry, "title", tool.title().map(Value::from));
                insert(&mut entry, "inputSchema", Some(input));
                insert(&mut entry, "outputSchema", Some(output));
                insert_annotations(&mut entry, tool);
                entry
            }
            Dialect::Server1_1 => json!({"transport": transport(true), "schema": input}),
            Dialect::Server1_0 => {
                let schema = json!({"name": name, "description": description, "inputSchema": input});
                json!({"transport": transport(false), "toolSchema": schema})
            }
        }
    }

    fn transport(&self, url: &BaseUrl, signed: bool) -> Value {
        let mut transport = json!({"type": "http", "url": url.as_str()});
        insert(&mut transport, "signatureHeader", signed.then(|| self.signature_header.as_str().into()));
        transport
    }
}

fn unknown_tool<'a>(name: &str, tools: impl Iterator<Item = &'a str>) -> String {
    // The name is limited, because the cost of a comparison depends on its length.
    let similar = if name.len() <= 64 { closest(name, tools) } else { None };
    let suggestion = similar.map(|similar| format!("; did you mean `{similar}`?")).unwrap_or_default();
    format!("it is not a tool of this toolset{suggestion}")
}

/// Omits absent values: servers reject `null` for a field that may be absent.
fn insert(object: &mut Value, key: &str, value: Option<Value>) {
    if let (Some(object), Some(value)) = (object.as_object_mut(), value) {
        object.insert(key.to_owned(), value);
    }
}

fn insert_annotations(object: &mut Value, tool: &Descriptor) {
    let hints = (!tool.hints().is_empty()).then(|| json!(tool.hints()));
    insert(object, "annotations", hints);
}

fn schema(schema: &Map<String, Value>, dialect: Dialect) -> Value {
    if dialect.reads_definitions() || !schema.contains_key("$defs") {
        return Value::Object(schema.clone());
    }
    Value::Object(unroll(schema))
}

impl Serialize for CustomTools {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json(Dialect::Cloud).serialize(serializer)
    }
}
