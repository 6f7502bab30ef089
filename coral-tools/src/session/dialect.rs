//! The generations of Coral's session request.

/// Which generation of Coral's session request to write.
///
/// Every server refuses what it does not know, so a request has to be written for the server that reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Dialect {
    /// The form in the Coral Cloud API guide: `schema: {name, description, inputSchema, outputSchema}`. Servers built
    /// from December 2025 to February 2026 read it too.
    #[default]
    Cloud,
    /// coral-server 1.2: `inputSchema`, `outputSchema`, `description`, `title` and `annotations` beside `transport`.
    Server1_2,
    /// coral-server 1.1: `schema` is the input schema itself. Agents get no description.
    Server1_1,
    /// coral-server 1.0: `toolSchema: {name, description, inputSchema}`.
    Server1_0,
}

impl Dialect {
    /// Whether this generation reads `$defs`, which recursive types need.
    pub(super) fn reads_definitions(self) -> bool {
        self == Self::Server1_2
    }
}
