//! The `customTools` map of a session request.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::base_url::BaseUrl;
use super::dialect::Dialect;
use super::unroll::unroll;
use crate::build_error::{BuildError, BuildErrors};
use crate::tool::Descriptor;
use crate::toolset::Toolset;

/// The default signature header.
const SIGNATURE_HEADER: &str = "X-Coral-Signature";

impl<S> Toolset<S> {
    /// Converts the toolset to the `customTools` of a session request. The URL of each tool is `base_url` and the
    /// tool's name; Coral appends the session and the agent.
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
            (Ok(()), Ok(base_url)) => Ok(CustomTools::new(self.descriptors(), base_url)),
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
    signature_header: String,
    tools: Vec<Descriptor>,
}

impl CustomTools {
    fn new(tools: impl Iterator<Item = Descriptor>, base_url: BaseUrl) -> Self {
        Self { base_url, signature_header: SIGNATURE_HEADER.to_owned(), tools: tools.collect() }
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

    /// The same tools at another URL, for example one for each session or process. Cheap: the tools are shared.
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

    /// Renders the map in `dialect`, by tool name, in the order of the toolset.
    ///
    /// Only [`Dialect::Server1_2`] and [`Dialect::Next`] support recursive types. For the other dialects, recursive
    /// types are inlined to three levels; below these, only variants without recursion remain, or any object, described
    /// as "as above". The arguments that a tool accepts stay the same.
    #[must_use]
    pub fn to_json(&self, dialect: Dialect) -> Value {
        Value::Object(self.entries(dialect).collect())
    }

    pub(super) fn entries(&self, dialect: Dialect) -> impl Iterator<Item = (String, Value)> {
        self.tools.iter().map(move |tool| (tool.name().to_owned(), self.entry(tool, dialect)))
    }

    fn entry(&self, tool: &Descriptor, dialect: Dialect) -> Value {
        let input = schema(tool.input_schema(), dialect);
        let output = schema(tool.output_schema(), dialect);
        let (name, description) = (tool.name(), tool.description());
        match dialect {
            Dialect::Cloud | Dialect::Nested => {
                let mut schema =
                    json!({"name": name, "description": description, "inputSchema": input, "outputSchema": output});
                insert_annotations(&mut schema, tool);
                json!({"transport": self.transport(tool, true), "schema": schema})
            }
            Dialect::Server1_2 | Dialect::Next => {
                let mut entry = json!({"transport": self.transport(tool, true), "description": description});
                insert(&mut entry, "title", tool.title().map(Value::from));
                insert(&mut entry, "inputSchema", Some(input));
                insert(&mut entry, "outputSchema", Some(output));
                insert_annotations(&mut entry, tool);
                entry
            }
            Dialect::Server1_1 => json!({"transport": self.transport(tool, true), "schema": input}),
            Dialect::Server1_0 => {
                let schema = json!({"name": name, "description": description, "inputSchema": input});
                json!({"transport": self.transport(tool, false), "toolSchema": schema})
            }
        }
    }

    fn transport(&self, tool: &Descriptor, signed: bool) -> Value {
        let mut transport = json!({"type": "http", "url": self.base_url.join(tool.name()).as_str()});
        insert(&mut transport, "signatureHeader", signed.then(|| self.signature_header.as_str().into()));
        transport
    }
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
