//! The tree as JSON Schema, and in the words of descriptions and messages.

pub(super) mod describe;
pub(super) mod f32_display;
pub(super) mod render;
pub(super) mod rules;
