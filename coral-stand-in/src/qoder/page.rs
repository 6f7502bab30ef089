//! Pages of lists.

use axum::extract::RawQuery;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::fault::{Fault, value_of};
use super::rejection::{ApiResult, Rejection, json_response};
use super::state::ServerState;

/// The parameters of a query string, in order.
pub(super) struct QueryParameters(Vec<(String, String)>);

impl QueryParameters {
    pub(super) fn from_raw_query(RawQuery(query): RawQuery) -> Self {
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let query = query.unwrap_or_default();
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        Self(pairs.map(|(key, value)| (decode(key), decode(value))).collect())
    }

    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == key).map(|(_, value)| value.as_str())
    }

    pub(super) fn all(&self, key: &str) -> Vec<&str> {
        self.0.iter().filter(|(own, _)| own == key).map(|(_, value)| value.as_str()).collect()
    }
}

/// Responds with the requested page of a list.
pub(super) fn page(state: &ServerState, items: &[Value], query: &QueryParameters) -> ApiResult {
    let cursors: Vec<&str> = ["page", "after_id", "before_id"].into_iter().filter_map(|key| query.get(key)).collect();
    if cursors.len() > 1 {
        return Err(Rejection::field("page", "there is more than one cursor"));
    }
    let limit = query.get("limit").map_or(Some(20), |limit| limit.parse().ok()).filter(|limit| *limit > 0);
    let limit: usize = limit.ok_or_else(|| Rejection::field("limit", "must be a positive number"))?;
    let limit = limit.min(100);
    let limit = state.fault_value(value_of!(MaxPageSize)).unwrap_or(limit);
    let position = |id: &str| items.iter().position(|item| item["id"] == id);
    let cursor = cursors.first().map(|id| position(id).ok_or_else(|| Rejection::field("page", "unknown cursor")));
    let (is_backwards, cursor) = (query.get("before_id").is_some(), cursor.transpose()?);
    let (start, end) = match cursor {
        Some(at) if is_backwards => (at.saturating_sub(limit), at),
        Some(at) => (at + 1, (at + 1 + limit).min(items.len())),
        None => (0, limit.min(items.len())),
    };
    let data = &items[start..end];
    let has_more = if is_backwards { start > 0 } else { end < items.len() };
    let id = |item: Option<&Value>| item.map_or(Value::Null, |item| item["id"].clone());
    let (first, last) = (id(data.first()), id(data.last()));
    let next = match state.has(Fault::StuckCursors) {
        true => items.first().map_or(Value::Null, |item| item["id"].clone()),
        false if has_more && !is_backwards && !state.has(Fault::LastIdOnly) => last.clone(),
        false => Value::Null,
    };
    let page = json!({"data": data, "next_page": next, "first_id": first, "last_id": last, "has_more": has_more});
    Ok(json_response(200, &page))
}
