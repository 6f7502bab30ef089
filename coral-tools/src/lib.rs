//! coral-tools
