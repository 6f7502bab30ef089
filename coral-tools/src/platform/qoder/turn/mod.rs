//! Serves a turn of a session: connects the loop of [`platform`](crate::platform) to Qoder.

mod adapter;
mod history;
mod reader;
mod submit;
