//! Everruns: sessions whose client-side tools are an application's.

/// A client of the platform.
#[derive(Debug, Clone)]
pub struct Everruns {}
