//! Tests of the compiler message of each error, and of the code that the macros accept. See `ui/README.md`.

use std::fs;
use std::path::Path;
use std::sync::Once;

#[test]
fn errors_are_reported_at_the_users_tokens() {
    copy_registry_agents();
    trybuild::TestCases::new().compile_fail("ui/*/*.rs");
}

#[test]
fn accepted_code_compiles_and_runs() {
    copy_registry_agents();
    trybuild::TestCases::new().pass("pass/*.rs");
}

/// Copies the saved registry agents to the package that trybuild generates, where `#[agent_options]` reads them.
fn copy_registry_agents() {
    static COPIED: Once = Once::new();
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../tests/trybuild/coral-tools-compile-tests/registry");
    COPIED.call_once(|| {
        fs::create_dir_all(&package).expect("a folder");
        for entry in fs::read_dir("ui/agent_options/registry").expect("saved registry agents") {
            let file = entry.expect("a saved registry agent");
            fs::copy(file.path(), package.join(file.file_name())).expect("a copy");
        }
    });
}
