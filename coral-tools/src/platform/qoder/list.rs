//! Lists that come in pages.

use std::ops::ControlFlow;

use serde_json::Value;

use crate::api::{ClientError, RequestPath};
use crate::json::DecodeError;
use crate::platform::qoder::client::Qoder;
use crate::platform::qoder::view::View;

/// The most that Qoder gives at once.
const SIZE: &str = "100";
/// More than anybody wants to hear of at once; a list without an end is not followed for ever.
const MOST: usize = 1_000;

impl Qoder {
    /// Everything in a list.
    pub(crate) async fn list<T: View>(
        &self,
        operation: &'static str,
        path: RequestPath,
    ) -> Result<Vec<T>, ClientError> {
        let mut all = Vec::new();
        let visit = |item| {
            all.push(crate::platform::qoder::view::view(operation, item)?);
            Ok(ControlFlow::Continue(()))
        };
        self.visit(operation, path, visit).await?;
        Ok(all)
    }

    /// Shows `visit` each item of a list, until it has seen enough.
    pub(crate) async fn visit(
        &self,
        operation: &'static str,
        path: RequestPath,
        mut visit: impl FnMut(Value) -> Result<ControlFlow<()>, ClientError>,
    ) -> Result<(), ClientError> {
        let path = path.query("limit", Some(SIZE));
        let mut next: Option<Cursor> = None;
        for _ in 0..MOST {
            let at = next.iter().fold(path.clone(), |path, cursor| path.query(cursor.name, Some(&cursor.value)));
            let page = self.get(operation, at).await?.json().unwrap_or_default();
            let (items, cursor) = read(page).map_err(|what| fault(operation, what))?;
            for item in items {
                if visit(item)?.is_break() {
                    return Ok(());
                }
            }
            match cursor {
                None => return Ok(()),
                Some(cursor) if next.as_ref() == Some(&cursor) => {
                    return Err(fault(operation, "one page of it leads to itself"));
                }
                Some(cursor) => next = Some(cursor),
            }
        }
        Err(fault(operation, "it has more than 1000 pages"))
    }
}

/// Where the next page is.
#[derive(Debug, PartialEq)]
struct Cursor {
    name: &'static str,
    value: String,
}

/// `next_page` leads on; where it is not given, the last id does, as long as there is more.
fn read(mut page: Value) -> Result<(Vec<Value>, Option<Cursor>), &'static str> {
    let Some(Value::Array(items)) = page.get_mut("data").map(Value::take) else {
        return Err("it is not a list in pages");
    };
    let text = |key: &str| page.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let last = || text("last_id").or_else(|| items.last()?.get("id")?.as_str().map(str::to_owned));
    let cursor = match text("next_page") {
        Some(value) => Some(Cursor { name: "page", value }),
        None if page.get("has_more") == Some(&Value::Bool(true)) => {
            let value = last().ok_or("it has more, and does not say where")?;
            Some(Cursor { name: "after_id", value })
        }
        None => None,
    };
    Ok((items, cursor))
}

fn fault(operation: &'static str, what: &str) -> ClientError {
    ClientError::unreadable(operation, DecodeError::new(what))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_page_leads_on_by_whatever_it_has() {
        let by = |name, value: &str| Ok(Some(Cursor { name, value: value.to_owned() }));
        for (page, expected) in [
            (json!({"data": [{"id": "a"}], "next_page": "p", "last_id": "a", "has_more": true}), by("page", "p")),
            (json!({"data": [{"id": "a"}], "next_page": null, "last_id": "b", "has_more": true}), by("after_id", "b")),
            (json!({"data": [{"id": "a"}], "has_more": true}), by("after_id", "a")),
            (json!({"data": [{"id": "a"}], "last_id": "a", "has_more": false}), Ok(None)),
            (json!({"data": []}), Ok(None)),
            (json!({"data": [{}], "has_more": true}), Err("it has more, and does not say where")),
            (json!({"data": [], "next_page": "", "has_more": true}), Err("it has more, and does not say where")),
            (json!([]), Err("it is not a list in pages")),
        ] {
            assert_eq!(read(page.clone()).map(|(_, cursor)| cursor), expected, "{page}");
        }
    }
}
