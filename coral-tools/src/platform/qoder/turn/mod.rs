//! One turn of a session.

mod adapter;
mod history;
mod reader;
mod submit;
