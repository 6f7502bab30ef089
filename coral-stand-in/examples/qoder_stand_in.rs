//! Runs a fake Qoder server whose model calls `lookup_order` twice in one batch. Prints the URL and the API key, and stops at
//! the end of its standard input.

use std::io::{Write, read_to_string, stdin, stdout};

use coral_stand_in::qoder::{QoderStandIn, Step};
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let order = |id: &str| ("lookup_order", json!({"order_id": id}));
    let stand_in = QoderStandIn::builder()
        .turn([Step::calls([order("A1"), order("B2")]), Step::message("Both are shipped.")])
        .turn([Step::calls([order("C3")])])
        .start()
        .await?;
    writeln!(stdout(), "{}\n{}", stand_in.url(), stand_in.key())?;
    tokio::task::spawn_blocking(|| read_to_string(stdin())).await??;
    stand_in.stop().await;
    Ok(())
}
