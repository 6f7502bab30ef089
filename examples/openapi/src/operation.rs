//! The operations of an OpenAPI description, as tools.

use coral_tools::{BuildErrors, DynamicTool, State, ToolError, Toolset};
use serde_json::{Map, Value, json};

use crate::api::Api;

/// An operation: a method and a path with parameters, such as `GET /pets/{id}`.
struct Operation {
    method: String,
    path: String,
    description: Value,
}

/// Returns a tool for each operation that has an `operationId`.
pub(crate) fn tools(description: &Value) -> Result<Toolset<Api>, BuildErrors> {
    let operations = operations(description);
    let tools = operations.into_iter().filter_map(Operation::tool);
    tools.fold(Toolset::builder(), coral_tools::ToolsetBuilder::dynamic).build()
}

fn operations(description: &Value) -> Vec<Operation> {
    let paths = description["paths"].as_object().into_iter().flatten();
    let operation = |path: &str, method: &str, description: &Value| Operation {
        method: method.to_uppercase(),
        path: path.to_owned(),
        description: description.clone(),
    };
    paths
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().into_iter().flatten();
            methods.map(move |(method, description)| operation(path, method, description))
        })
        .collect()
}

impl Operation {
    fn tool(self) -> Option<DynamicTool<Api>> {
        let name = self.description["operationId"].as_str()?.to_owned();
        let summary = self.description["summary"].as_str().unwrap_or_default().to_owned();
        let (schema, is_read_only) = (self.schema(), self.method == "GET");
        let handler = move |arguments: Map<String, Value>, State(api): State<Api>| {
            let (method, path, query) = self.request(arguments);
            async move { api.send(&method, &path, &query).await.map_err(ToolError::new) }
        };
        Some(DynamicTool::with_context(name, summary, schema, handler).read_only(is_read_only))
    }

    /// Returns the schema of the arguments: a property for each parameter.
    fn schema(&self) -> Value {
        let parameters = self.description["parameters"].as_array().into_iter().flatten();
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for parameter in parameters {
            let name = parameter["name"].as_str().unwrap_or_default();
            let mut schema = parameter["schema"].clone();
            if let Some(description) = parameter.get("description") {
                schema["description"] = description.clone();
            }
            if parameter["required"] == true {
                required.push(name);
            }
            properties.insert(name.to_owned(), schema);
        }
        json!({ "type": "object", "properties": properties, "required": required })
    }

    /// Returns method, path and query of a request with these arguments.
    fn request(&self, arguments: Map<String, Value>) -> (String, String, Map<String, Value>) {
        let (mut path, mut query) = (self.path.clone(), Map::new());
        for (name, value) in arguments {
            let placeholder = format!("{{{name}}}");
            match value.as_str().filter(|_| path.contains(&placeholder)) {
                Some(text) => path = path.replace(&placeholder, text),
                None => _ = query.insert(name, value),
            }
        }
        (self.method.clone(), path, query)
    }
}
