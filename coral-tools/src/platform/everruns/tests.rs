//! Pure reading.

fn is_send(_: impl Send) {}

#[test]
fn a_run_can_be_spawned() {
    let tools: crate::Toolset = crate::toolset![];
    let session = super::Everruns::at("http://127.0.0.1:9").session("s");
    is_send(session.run(&tools, &()).message("x"));
}
