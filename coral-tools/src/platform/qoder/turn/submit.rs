//! Answers on their way: as many at once as a body may have, and fewer where they are refused.

use std::collections::{HashSet, VecDeque};

use serde_json::json;

use crate::platform::event::ToolResult;
use crate::platform::qoder::sessions::NewEvent;

/// How many bytes of answers go together. Older servers take bodies of 4 MB.
const MOST: usize = 3 << 20;

/// Answers that are still to be handed in, in parts.
#[derive(Debug)]
pub(crate) struct HandIn {
    parts: VecDeque<Part>,
    /// What goes in the place of answers that were refused.
    pub(crate) replaced: Vec<ToolResult>,
}

/// Answers that are handed in together.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) answers: Vec<ToolResult>,
    /// Whether it stands for an answer that was refused.
    is_replaced: bool,
}

impl HandIn {
    pub(crate) fn of(answers: &[ToolResult]) -> Self {
        let mut parts: VecDeque<Part> = VecDeque::new();
        let mut bytes = 0;
        for answer in answers {
            let size = NewEvent::result(answer).to_json().to_string().len();
            bytes += size;
            match parts.back_mut() {
                Some(part) if bytes <= MOST => part.answers.push(answer.clone()),
                _ => {
                    parts.push_back(Part::of(vec![answer.clone()]));
                    bytes = size;
                }
            }
        }
        Self { parts, replaced: Vec::new() }
    }

    pub(crate) fn next(&mut self) -> Option<Part> {
        self.parts.pop_front()
    }

    /// A part was refused, of which these calls are still open: what is to be handed in instead is next. Nothing where there
    /// is no way left. Every way leads to less: fewer answers, each for itself, a short one in its place.
    pub(crate) fn again(&mut self, part: Part, open: &HashSet<String>, may_be_too_large: bool) -> Option<()> {
        let Part { mut answers, is_replaced } = part;
        let count = answers.len();
        answers.retain(|answer| open.contains(&answer.call_id));
        match answers.as_slice() {
            [] => {}
            fewer if fewer.len() < count => self.parts.push_front(Part { answers, is_replaced }),
            _ if !may_be_too_large => return None,
            [_] if is_replaced => return None,
            [one] => {
                let instead = refused(one);
                self.replaced.push(instead.clone());
                self.parts.push_front(Part { answers: vec![instead], is_replaced: true });
            }
            _ => answers.into_iter().rev().for_each(|one| self.parts.push_front(Part::of(vec![one]))),
        }
        Some(())
    }
}

impl Part {
    fn of(answers: Vec<ToolResult>) -> Self {
        Self { answers, is_replaced: false }
    }
}

/// What the agent reads in the place of an answer that Qoder does not take.
fn refused(answer: &ToolResult) -> ToolResult {
    tracing::warn!(
        call = answer.call_id,
        bytes = answer.json.len(),
        "an answer was refused; the agent is told so instead"
    );
    let why = "the result of this call was refused by the platform, perhaps for its size; ask for less";
    let json = json!({"success": false, "error": why}).to_string();
    ToolResult { call_id: answer.call_id.clone(), json: json.into_bytes().into(), is_error: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(id: &str, bytes: usize) -> ToolResult {
        ToolResult { call_id: id.to_owned(), json: vec![b'"'; bytes].into(), is_error: false }
    }

    fn ids(part: &Part) -> Vec<&str> {
        part.answers.iter().map(|answer| answer.call_id.as_str()).collect()
    }

    #[test]
    fn as_many_go_together_as_fit() {
        // A quotation mark is two bytes in JSON.
        let third = MOST / 6;
        let answers = [answer("1", third), answer("2", third), answer("3", third), answer("4", MOST), answer("5", 1)];
        let hand_in = HandIn::of(&answers);
        let parts: Vec<Vec<&str>> = hand_in.parts.iter().map(ids).collect();
        assert_eq!(parts, [vec!["1", "2"], vec!["3"], vec!["4"], vec!["5"]]);
        assert!(HandIn::of(&[]).next().is_none());
    }

    #[test]
    fn every_refusal_leads_to_less() {
        let open = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<HashSet<_>>();
        let mut hand_in = HandIn::of(&["1", "2", "3", "4"].map(|id| answer(id, 1)));
        let mut refuse = |open: &HashSet<String>, may_be_too_large| {
            let part = hand_in.next()?;
            hand_in.again(part, open, may_be_too_large)?;
            Some(hand_in.parts.iter().map(|part| ids(part).join(" ")).collect::<Vec<_>>())
        };
        assert_eq!(refuse(&open(&["2", "3", "4"]), false).expect("fewer"), ["2 3 4"]);
        assert_eq!(refuse(&open(&["3", "4"]), true).expect("fewer"), ["3 4"]);
        assert_eq!(refuse(&open(&["3", "4"]), true).expect("each for itself"), ["3", "4"]);
        assert_eq!(refuse(&open(&["3", "4"]), true).expect("a short one"), ["3", "4"]);
        assert!(refuse(&open(&["3", "4"]), true).is_none(), "it is refused even then");
        assert_eq!(refuse(&open(&[]), true).expect("late"), Vec::<String>::new());
        assert!(refuse(&open(&[]), true).is_none());

        let mut hand_in = HandIn::of(&[answer("1", 1)]);
        let part = hand_in.next().expect("a part");
        assert!(hand_in.again(part, &open(&["1"]), false).is_none(), "its size is not the matter");
    }
}
