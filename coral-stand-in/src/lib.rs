//! Fake servers for tests and demonstrations: [`coral`], [`everruns`] and [`qoder`].
//!
//! They share no type of a request or of a state with the clients of `coral-tools`, only the wire format. Entries of a
//! registry are the exception: both read them alike.

pub mod coral;
pub mod everruns;
mod listener;
pub mod qoder;
mod request_log;
mod serving;
