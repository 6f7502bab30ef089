//! Fake servers for tests and demonstrations: [`coral`], [`everruns`] and [`qoder`].
//!
//! They share no types of requests and states with the clients of `coral-tools`, only the wire format. Registry agents are an
//! exception: servers and clients decode them with the same types.

pub mod coral;
pub mod everruns;
mod listener;
pub mod qoder;
mod request_log;
mod running_server;
