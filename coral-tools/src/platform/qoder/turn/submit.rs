//! Submits results: in chunks that fit into a request, and in smaller ones if the server rejects them.

use std::collections::{HashSet, VecDeque};

use serde_json::json;

use crate::platform::event::ToolResult;
use crate::platform::qoder::sessions::NewEvent;

/// Size limit of a chunk. Older servers accept bodies of 4 MB.
const MAX_CHUNK_BYTES: usize = 3 << 20;

/// Results that have not been submitted yet, in chunks.
#[derive(Debug)]
pub(super) struct SubmitQueue {
    chunks: VecDeque<ResultChunk>,
    /// Results that replace rejected ones.
    replaced: Vec<ToolResult>,
}

/// Results that are submitted in one request.
#[derive(Debug, Clone)]
pub(super) struct ResultChunk {
    pub(super) results: Vec<ToolResult>,
    /// Whether the chunk consists of a result that replaces a rejected one.
    is_replacement: bool,
}

impl SubmitQueue {
    pub(super) fn new(results: &[ToolResult]) -> Self {
        let mut chunks: VecDeque<ResultChunk> = VecDeque::new();
        let mut bytes = 0;
        for result in results {
            let size = result_event(result).to_json().to_string().len();
            bytes += size;
            match chunks.back_mut() {
                Some(chunk) if bytes <= MAX_CHUNK_BYTES => chunk.results.push(result.clone()),
                _ => {
                    chunks.push_back(ResultChunk::new(vec![result.clone()]));
                    bytes = size;
                }
            }
        }
        Self { chunks, replaced: Vec::new() }
    }

    pub(super) fn next_chunk(&mut self) -> Option<ResultChunk> {
        self.chunks.pop_front()
    }

    /// Results that were submitted instead of rejected ones.
    pub(super) fn into_replaced(self) -> Vec<ToolResult> {
        self.replaced
    }

    /// Queues a smaller chunk after a rejection: only the results of `open` calls, or else each result separately, or else an
    /// error instead of the result. Returns whether that was possible.
    pub(super) fn requeue(&mut self, chunk: ResultChunk, open: &HashSet<String>, may_be_too_large: bool) -> bool {
        let ResultChunk { mut results, is_replacement } = chunk;
        let count = results.len();
        results.retain(|result| open.contains(&result.call_id));
        match results.as_slice() {
            [] => {}
            fewer if fewer.len() < count => self.chunks.push_front(ResultChunk { results, is_replacement }),
            _ if !may_be_too_large => return false,
            [_] if is_replacement => return false,
            [rejected] => {
                let replacement = replacement_of(rejected);
                self.replaced.push(replacement.clone());
                self.chunks.push_front(ResultChunk { results: vec![replacement], is_replacement: true });
            }
            _ => results.into_iter().rev().for_each(|one| self.chunks.push_front(ResultChunk::new(vec![one]))),
        }
        true
    }
}

impl ResultChunk {
    fn new(results: Vec<ToolResult>) -> Self {
        Self { results, is_replacement: false }
    }
}

/// The event that submits a result.
pub(super) fn result_event(result: &ToolResult) -> NewEvent {
    let text = String::from_utf8_lossy(&result.json);
    // Qoder stores an empty text as a missing result.
    let text = if text.is_empty() { "null" } else { &*text };
    let event = NewEvent::other("user.custom_tool_result").extra("custom_tool_use_id", result.call_id.as_str());
    event.extra("is_error", result.is_error).text_content(text)
}

/// The error that the agent reads instead of a rejected result.
fn replacement_of(result: &ToolResult) -> ToolResult {
    let message = "the platform rejected the result of this call, perhaps because of its size; ask for less";
    let json = json!({"success": false, "error": message}).to_string();
    ToolResult { call_id: result.call_id.clone(), json: json.into_bytes().into(), is_error: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(id: &str, bytes: usize) -> ToolResult {
        ToolResult { call_id: id.to_owned(), json: vec![b'"'; bytes].into(), is_error: false }
    }

    fn ids(chunk: &ResultChunk) -> Vec<&str> {
        chunk.results.iter().map(|result| result.call_id.as_str()).collect()
    }

    #[test]
    fn results_are_grouped_up_to_the_size_limit() {
        // A quotation mark has two bytes in JSON.
        let third = MAX_CHUNK_BYTES / 6;
        let results =
            [result("1", third), result("2", third), result("3", third), result("4", MAX_CHUNK_BYTES), result("5", 1)];
        let queue = SubmitQueue::new(&results);
        let chunks: Vec<Vec<&str>> = queue.chunks.iter().map(ids).collect();
        assert_eq!(chunks, [vec!["1", "2"], vec!["3"], vec!["4"], vec!["5"]]);
        assert!(SubmitQueue::new(&[]).next_chunk().is_none());
    }

    #[test]
    fn every_rejection_leads_to_a_smaller_request() {
        let open = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<HashSet<_>>();
        let mut queue = SubmitQueue::new(&["1", "2", "3", "4"].map(|id| result(id, 1)));
        let mut reject = |open: &HashSet<String>, may_be_too_large| {
            let chunk = queue.next_chunk()?;
            let chunks =
                |queue: &SubmitQueue| queue.chunks.iter().map(|chunk| ids(chunk).join(" ")).collect::<Vec<_>>();
            queue.requeue(chunk, open, may_be_too_large).then(|| chunks(&queue))
        };
        assert_eq!(reject(&open(&["2", "3", "4"]), false).expect("fewer results"), ["2 3 4"]);
        assert_eq!(reject(&open(&["3", "4"]), true).expect("fewer results"), ["3 4"]);
        assert_eq!(reject(&open(&["3", "4"]), true).expect("separate results"), ["3", "4"]);
        assert_eq!(reject(&open(&["3", "4"]), true).expect("a replacement"), ["3", "4"]);
        assert!(reject(&open(&["3", "4"]), true).is_none(), "the replacement was rejected");
        assert_eq!(reject(&open(&[]), true).expect("late results"), Vec::<String>::new());
        assert!(reject(&open(&[]), true).is_none(), "the queue is empty");

        let mut queue = SubmitQueue::new(&[result("1", 1)]);
        let chunk = queue.next_chunk().expect("a chunk");
        assert!(!queue.requeue(chunk, &open(&["1"]), false), "the size is not the reason");
    }
}
