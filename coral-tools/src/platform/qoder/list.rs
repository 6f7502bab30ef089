//! Reads lists, which the API returns in pages.

use std::ops::ControlFlow;

use serde_json::Value;

use crate::api::{ClientError, RequestPath};
use crate::json::{DecodeError, FromJson};
use crate::platform::qoder::client::Qoder;

/// The largest page size that Qoder accepts.
const PAGE_SIZE: &str = "100";
/// Limit for a list that never ends.
const MAX_PAGES: usize = 1_000;
/// The size that all pages of a list may have together, as a multiple of that of one response.
const LIST_LIMIT: usize = 4;

impl Qoder {
    /// Reads all items of a list.
    pub(crate) async fn list<T: FromJson>(
        &self,
        operation: &'static str,
        path: RequestPath,
    ) -> Result<Vec<T>, ClientError> {
        let mut items = Vec::new();
        let push = |item| {
            items.push(item);
            ControlFlow::Continue(())
        };
        self.for_each_item(operation, path, push).await?;
        Ok(items)
    }

    /// Calls `visit` with each item of a list, until it breaks.
    pub(crate) async fn for_each_item<T: FromJson>(
        &self,
        operation: &'static str,
        path: RequestPath,
        mut visit: impl FnMut(T) -> ControlFlow<()>,
    ) -> Result<(), ClientError> {
        let unreadable = |error| ClientError::invalid_response(operation, error);
        let path = path.query("limit", Some(PAGE_SIZE));
        let mut cursor: Option<PageCursor> = None;
        let (mut size, limit) = (0, self.transport().settings().response_limit.saturating_mul(LIST_LIMIT));
        for _ in 0..MAX_PAGES {
            let page = cursor.iter().fold(path.clone(), |path, at| path.query(at.parameter, Some(&at.value)));
            let page = self.get(operation, page).await?;
            size += page.size();
            if size > limit {
                let problem = format!("the pages of the list are larger than {limit} bytes; raise `response_limit`");
                return Err(unreadable(DecodeError::new(problem)));
            }
            let page: Value = page.json().unwrap_or_default();
            let (items, next) = read_page(page).map_err(|problem| unreadable(DecodeError::new(problem)))?;
            for (index, item) in items.into_iter().enumerate() {
                let item = T::from_json(item).map_err(|error| unreadable(error.in_item(index).in_field("data")))?;
                if visit(item).is_break() {
                    return Ok(());
                }
            }
            match next {
                None => return Ok(()),
                Some(next) if cursor.as_ref() == Some(&next) => {
                    return Err(unreadable(DecodeError::new("the cursor of a page leads to the same page")));
                }
                Some(next) => cursor = Some(next),
            }
        }
        Err(unreadable(DecodeError::new(format!("the list has more than {MAX_PAGES} pages"))))
    }
}

/// The query parameter that selects the next page.
#[derive(Debug, PartialEq)]
struct PageCursor {
    parameter: &'static str,
    value: String,
}

/// Returns the items of a page and the cursor of the next one: `next_page`, or else the last id if `has_more` is set.
fn read_page(mut page: Value) -> Result<(Vec<Value>, Option<PageCursor>), &'static str> {
    let Some(Value::Array(items)) = page.get_mut("data").map(Value::take) else {
        return Err("`data` is not an array");
    };
    let text = |key: &str| page.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let last_id = || text("last_id").or_else(|| items.last()?.get("id")?.as_str().map(str::to_owned));
    let cursor = match text("next_page") {
        Some(value) => Some(PageCursor { parameter: "page", value }),
        None if page.get("has_more") == Some(&Value::Bool(true)) => {
            let value = last_id().ok_or("`has_more` is set, but a cursor is missing")?;
            Some(PageCursor { parameter: "after_id", value })
        }
        None => None,
    };
    Ok((items, cursor))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_next_page_is_found_by_either_cursor() {
        let by = |parameter, value: &str| Ok(Some(PageCursor { parameter, value: value.to_owned() }));
        let no_cursor = "`has_more` is set, but a cursor is missing";
        for (page, expected) in [
            (json!({"data": [{"id": "a"}], "next_page": "p", "last_id": "a", "has_more": true}), by("page", "p")),
            (json!({"data": [{"id": "a"}], "next_page": null, "last_id": "b", "has_more": true}), by("after_id", "b")),
            (json!({"data": [{"id": "a"}], "has_more": true}), by("after_id", "a")),
            (json!({"data": [{"id": "a"}], "last_id": "a", "has_more": false}), Ok(None)),
            (json!({"data": []}), Ok(None)),
            (json!({"data": [{}], "has_more": true}), Err(no_cursor)),
            (json!({"data": [], "next_page": "", "has_more": true}), Err(no_cursor)),
            (json!([]), Err("`data` is not an array")),
        ] {
            assert_eq!(read_page(page.clone()).map(|(_, cursor)| cursor), expected, "{page}");
        }
    }
}
