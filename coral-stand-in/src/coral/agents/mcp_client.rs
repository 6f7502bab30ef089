//! The MCP clients of agents.

/// The MCP client of an agent: whether it accepts the results of custom tools.
///
/// coral-server 1.2 advertises an output schema for every custom tool and returns no `structuredContent`. MCP requires it then, so
/// the official SDKs reject each result with status 200, after the tool has run. No request avoids that. Results with other
/// statuses, results of Coral's own tools, and results from coral-server 1.1 are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum McpClient {
    /// A client that accepts every result: Koog, rmcp, or a `tools/call` request without an SDK.
    #[default]
    Lenient,
    /// The official Python SDK, as measured with `mcp` 2.3.0.
    PythonSdk,
    /// The official TypeScript SDK, as measured with version 1.32.2.
    TypeScriptSdk,
}

/// The program of the agents of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::coral) struct ProgramSettings {
    pub(in crate::coral) mcp_client: McpClient,
    pub(in crate::coral) ignores_sigterm: bool,
}

impl McpClient {
    /// The error of the client for a successful result of a tool with an output schema.
    pub(super) fn error(self, tool: &str) -> Option<String> {
        let error = format!("Tool {tool} has an output schema but did not return structured content");
        match self {
            Self::Lenient => None,
            Self::PythonSdk => Some(format!("RuntimeError: {error}")),
            Self::TypeScriptSdk => Some(format!("MCP error -32600: {error}")),
        }
    }
}
