#![allow(unused)]

use std::rc::Rc;
use std::sync::Arc;

use coral_tools::middleware::Next;
use coral_tools::{Context, Outcome, Toolset, toolset};

async fn holds_an_rc(_: &Context<'_, ()>, next: Next<'_, ()>) -> Outcome {
    let value = Rc::new(1);
    let outcome = next.run().await;
    drop(value);
    outcome
}

async fn without_context(next: Next<'_, ()>) -> Outcome {
    next.run().await
}

fn not_async(_: &Context<'_, ()>, _: Next<'_, ()>) -> Outcome {
    Outcome::rejected("closed")
}

async fn of_another_state(_: &Context<'_, u8>, next: Next<'_, u8>) -> Outcome {
    next.run().await
}

fn main() {
    let captured = Arc::new(1);
    let tools: Toolset = toolset![]
        .with(holds_an_rc)
        .with(without_context)
        .with(not_async)
        .with(of_another_state)
        .with(async move |_: &Context<'_, ()>, next: Next<'_, ()>| {
            let _captured = &captured;
            next.run().await
        })
        .with("a string");
}
