//! The tests that documents name exist.

use std::fs;
use std::path::{Path, PathBuf};

/// Collects every Rust file below a folder.
fn collect_sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect_sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The last segment of each path in backticks that is long enough to be the name of a test.
fn test_names(text: &str) -> impl Iterator<Item = &str> {
    let names = text.split('`').skip(1).step_by(2).filter_map(|name| name.rsplit("::").next());
    names.filter(|name| name.matches('_').count() > 3 && name.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_')))
}

#[test]
fn every_test_named_in_a_table_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in ["tests/integration", "coral-tools/src"] {
        collect_sources(&root.join(folder), &mut files);
    }
    let code: String = files.iter().map(|file| fs::read_to_string(file).expect("a file")).collect();
    for (document, least_rows) in [("docs/everruns-tests.md", 50), ("docs/qoder-tests.md", 50), ("SECURITY.md", 15)] {
        let text = fs::read_to_string(root.join(document)).expect("a document");
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
        let missing: Vec<&str> = rows
            .iter()
            .flat_map(|row| test_names(row))
            .filter(|name| !code.contains(&format!("fn {name}()")) && !code.contains(&format!("{name}:")))
            .collect();
        assert!(rows.len() > least_rows, "{document} has tables");
        assert_eq!(missing, [""; 0], "{document}");
    }
}
