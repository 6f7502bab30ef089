//! Qoder Cloud Agents: sessions whose custom tools are an application's.

/// A client of the platform.
#[derive(Debug, Clone)]
pub struct Qoder {}
