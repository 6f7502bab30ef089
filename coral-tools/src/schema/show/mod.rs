//! The JSON Schema and the descriptions of a tree.

pub(super) mod describe;
pub(super) mod f32_display;
pub(super) mod render;
pub(super) mod rules;
