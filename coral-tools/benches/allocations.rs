//! Counts allocations per call.
//!
//! `cargo bench -p coral-tools --bench allocations`

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

#[allow(dead_code, reason = "each bench uses a part of it")]
mod endpoints;

use std::alloc::System;

use endpoints::{Call, Endpoint, NAMES, SIZES, row};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const CALLS: usize = 100;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("runtime");
    println!("{}   allocations per call", row("body", &NAMES));
    for size in SIZES {
        println!("{}", row(size, &NAMES.map(|name| runtime.block_on(count(name, size)))));
    }
}

/// The requests are created before the count begins.
async fn count(name: &str, size: usize) -> usize {
    let call = Call::with_body_of(size);
    let mut endpoint = Endpoint::named(name);
    let path = endpoint.path();
    endpoint.call(call.request(&path)).await;
    let requests: Vec<_> = (0..CALLS).map(|_| call.request(&path)).collect();
    let region = Region::new(ALLOCATOR);
    for request in requests {
        endpoint.call(request).await;
    }
    let change = region.change();
    (change.allocations + change.reallocations) / CALLS
}
