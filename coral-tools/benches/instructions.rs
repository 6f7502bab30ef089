//! Calls one endpoint a number of times, for `scripts/instructions` to count under callgrind.
//!
//! Arguments: the endpoint (or `nothing`, or `signature` alone), the size of the body, the number of calls.

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
    runtime.block_on(run(name, &call, calls.parse().expect("calls")));
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
