//! The macros of `coral-tools`.
