//! Calls one endpoint a number of times, for `scripts/instructions` to count under callgrind.
//!
//! Arguments: the endpoint (or `nothing`, or `signature` alone), the size of the body, the number of calls. Instead of the endpoint,
//! `first byte` and `last byte`: `webhook_service` rejects a signature because of this byte alone.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

#[allow(dead_code, reason = "each bench uses a part of it")]
mod endpoints;

use std::hint::black_box;

use endpoints::{Call, Endpoint, key};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [name, size, calls] = &arguments[..] else {
        println!("run `scripts/instructions`, which counts the instructions of this program");
        return;
    };
    let call = Call::with_body_of(size.parse().expect("size"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("runtime");
    let calls = calls.parse().expect("calls");
    match name.as_str() {
        "first byte" => runtime.block_on(reject(&call.forged(0), calls)),
        "last byte" => runtime.block_on(reject(&call.forged(31), calls)),
        _ => runtime.block_on(run(name, &call, calls)),
    }
}

async fn reject(forged: &Call, calls: usize) {
    let mut endpoint = Endpoint::named("webhook_service");
    for _ in 0..calls {
        let request = black_box(forged.request(&endpoint.path()));
        assert_eq!(endpoint.status(request).await, 401);
    }
}

async fn run(name: &str, call: &Call, calls: usize) {
    let key = key();
    let mut endpoint = Some(name).filter(|name| !["nothing", "signature"].contains(name)).map(Endpoint::named);
    let path = endpoint.as_ref().map_or_else(|| Endpoint::named("webhooks").path(), Endpoint::path);
    for _ in 0..calls {
        let request = black_box(call.request(&path));
        match &mut endpoint {
            Some(endpoint) => assert!(endpoint.call(request).await > 0),
            None if name == "signature" => assert!(call.verify(&key)),
            None => drop(request),
        }
    }
}
