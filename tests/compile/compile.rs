//! What the compiler says of each mistake, and what it accepts. See `ui/README.md`.

use std::fs;
use std::path::Path;
use std::sync::Once;

#[test]
fn mistakes_are_named_where_they_are() {
    save_entries();
    trybuild::TestCases::new().compile_fail("ui/*/*.rs");
}

#[test]
fn every_accepted_shape_compiles_and_runs() {
    save_entries();
    trybuild::TestCases::new().pass("pass/*.rs");
}

/// trybuild makes a package of its own, in which `#[agent_options]` looks for saved entries.
fn save_entries() {
    static SAVED: Once = Once::new();
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../tests/trybuild/coral-tools-compile-tests/registry");
    SAVED.call_once(|| {
        fs::create_dir_all(&package).expect("a folder");
        for entry in fs::read_dir("ui/agent_options/registry").expect("saved entries") {
            let file = entry.expect("a saved entry");
            fs::copy(file.path(), package.join(file.file_name())).expect("a copy");
        }
    });
}
