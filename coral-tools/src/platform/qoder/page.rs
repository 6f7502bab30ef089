//! Lists that come in pages.

use std::ops::ControlFlow;

use serde_json::Value;

use super::client::Qoder;
use super::view::View;
use crate::api::{ClientError, Path};
use crate::session::state::StateError;

/// The most that Qoder gives at once.
const SIZE: &str = "100";
/// More than anybody wants to hear of at once; a list without an end is not followed for ever.
const MOST: usize = 1_000;

impl Qoder {
    /// Everything in a list.
    pub(super) async fn list<T: View>(&self, doing: &'static str, path: Path) -> Result<Vec<T>, ClientError> {
        let mut all = Vec::new();
        let visit = |item| {
            all.push(super::view::view(doing, item)?);
            Ok(ControlFlow::Continue(()))
        };
        self.visit(doing, path, visit).await?;
        Ok(all)
    }

    /// Shows `visit` each item of a list, until it has seen enough.
    pub(super) async fn visit(
        &self,
        doing: &'static str,
        path: Path,
        mut visit: impl FnMut(Value) -> Result<ControlFlow<()>, ClientError>,
    ) -> Result<(), ClientError> {
        let path = path.query("limit", Some(SIZE));
        let mut next: Option<Cursor> = None;
        for _ in 0..MOST {
            let at = next.iter().fold(path.clone(), |path, cursor| path.query(cursor.name, Some(&cursor.value)));
            let page = self.get(doing, at).await?.json();
            let (items, cursor) = page.and_then(read).ok_or_else(|| fault(doing, "it is not a list in pages"))?;
            for item in items {
                if visit(item)?.is_break() {
                    return Ok(());
                }
            }
            match cursor {
                None => return Ok(()),
                Some(cursor) if next.as_ref() == Some(&cursor) => {
                    return Err(fault(doing, "one page of it leads to itself"));
                }
                Some(cursor) => next = Some(cursor),
            }
        }
        Err(fault(doing, "it has more than 1000 pages"))
    }
}

/// Where the next page is.
#[derive(Debug, PartialEq)]
struct Cursor {
    name: &'static str,
    value: String,
}

/// `next_page` leads on; where it is not given, the last id does, as long as there is more.
fn read(mut page: Value) -> Option<(Vec<Value>, Option<Cursor>)> {
    let Value::Array(items) = page.get_mut("data")?.take() else { return None };
    let text = |key: &str| page.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let last = || text("last_id").or_else(|| items.last()?.get("id")?.as_str().map(str::to_owned));
    let cursor = match text("next_page") {
        Some(value) => Some(Cursor { name: "page", value }),
        None if page.get("has_more") == Some(&Value::Bool(true)) => {
            last().map(|value| Cursor { name: "after_id", value })
        }
        None => None,
    };
    Some((items, cursor))
}

fn fault(doing: &'static str, what: &str) -> ClientError {
    ClientError::unreadable(doing, StateError::new(what))
}
