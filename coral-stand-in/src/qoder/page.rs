//! Lists, a page at a time.

use axum::extract::RawQuery;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::refusal::{Answer, Refusal, json_response};
use super::trap::Trap;
use super::world::World;

/// The parameters of a query.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn of(RawQuery(query): RawQuery) -> Self {
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

/// The page of a list that is asked for.
pub(super) fn page(world: &World, items: &[Value], query: &Query) -> Answer {
    let cursors: Vec<&str> = ["page", "after_id", "before_id"].into_iter().filter_map(|key| query.get(key)).collect();
    if cursors.len() > 1 {
        return Err(Refusal::field("page", "there are two cursors"));
    }
    let limit = query.get("limit").map_or(Some(20), |limit| limit.parse().ok()).filter(|limit| *limit > 0);
    let limit: usize = limit.ok_or_else(|| Refusal::field("limit", "must be a number"))?;
    let limit = limit.min(100);
    let limit = world.number(|trap| if let Trap::PagesOf(size) = trap { Some(*size) } else { None }).unwrap_or(limit);
    let position = |id: &str| items.iter().position(|item| item["id"] == id);
    let at = cursors.first().map(|id| position(id).ok_or_else(|| Refusal::field("page", "no such cursor")));
    let (is_back, at) = (query.get("before_id").is_some(), at.transpose()?);
    let (start, end) = match at {
        Some(at) if is_back => (at.saturating_sub(limit), at),
        Some(at) => (at + 1, (at + 1 + limit).min(items.len())),
        None => (0, limit.min(items.len())),
    };
    let data = &items[start..end];
    let has_more = if is_back { start > 0 } else { end < items.len() };
    let id = |item: Option<&Value>| item.map_or(Value::Null, |item| item["id"].clone());
    let (first, last) = (id(data.first()), id(data.last()));
    let next = match world.has(Trap::StuckCursors) {
        true => items.first().map_or(Value::Null, |item| item["id"].clone()),
        false if has_more && !is_back && !world.has(Trap::LastIdOnly) => last.clone(),
        false => Value::Null,
    };
    let page = json!({"data": data, "next_page": next, "first_id": first, "last_id": last, "has_more": has_more});
    Ok(json_response(200, &page))
}
