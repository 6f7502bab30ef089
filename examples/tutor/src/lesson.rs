//! A lesson: the questions of a person, and the tools with which an agent answers them.

use std::time::Duration;

use coral_tools::{Agent, BaseUrl, CallContext, Runtime, SessionRequest, SessionValue, ToolError, Toolset};
use coral_tools::{coral_tool, toolset};
use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::watch;

use crate::App;

pub(crate) const NAMESPACE: &str = "lessons";
/// The number of questions and prompts in a lesson.
pub(crate) const MAX_LINES: usize = 500;

/// The value of a session, which tools change and the page watches.
pub(crate) type Lesson = watch::Sender<LessonState>;

/// A line of the page: the name of its event, and its text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line(pub(crate) &'static str, pub(crate) String);

#[derive(Debug, Default)]
pub(crate) struct LessonState {
    pub(crate) lines: Vec<Line>,
    /// The question that the agent has received. It receives it until it has answered it, because a response may be lost.
    given: Option<String>,
    pub(crate) has_ended: bool,
}

impl LessonState {
    /// Adds a question or a prompt. Returns `false` if there are too many.
    pub(crate) fn add(&mut self, line: Line) -> bool {
        let has_room = self.lines.len() < MAX_LINES;
        self.lines.extend(has_room.then_some(line));
        has_room
    }

    /// Whether a line is the same as the previous one of its kind: agents repeat calls.
    fn repeats(&self, line: &Line) -> bool {
        self.lines.iter().rfind(|other| other.0 == line.0) == Some(line)
    }

    /// Returns the first question without an answer.
    fn next_question(&self) -> Option<String> {
        let lines = |kind| self.lines.iter().filter(move |line| line.0 == kind);
        lines("question").nth(lines("answer").count()).map(|line| line.1.clone())
    }
}

/// The result of `request_question`.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct NextQuestion {
    /// The question, for answer_question. If it is null, nothing was asked yet: call request_question again, with the same message.
    question: Option<String>,
}

/// Get the next question of the person. Waits for a while; if there is none yet, call it again.
#[coral_tool]
pub(crate) async fn request_question(
    /// The message that the person reads meanwhile, such as an invitation to ask.
    #[arg(max_length = 2000)]
    message: String,
    #[context] SessionValue(lesson): SessionValue<Lesson>,
    #[context] call: CallContext,
) -> NextQuestion {
    let prompt = Line("prompt", message);
    lesson.send_if_modified(|lesson| !lesson.repeats(&prompt) && lesson.add(prompt));
    let mut changes = lesson.subscribe();
    let asked = call.wait_for(changes.wait_for(|lesson| lesson.next_question().is_some())).await;
    let question = asked.and_then(|lesson| lesson.ok()?.next_question());
    lesson.send_modify(|lesson| lesson.given.clone_from(&question));
    NextQuestion { question }
}

/// Answer the question that request_question has returned.
#[coral_tool(idempotent)]
pub(crate) async fn answer_question(
    /// The answer, as plain text.
    #[arg(min_length = 1, max_length = 100_000)]
    response: String,
    #[context] SessionValue(lesson): SessionValue<Lesson>,
) -> Result<(), ToolError> {
    let answer = Line("answer", response);
    let is_accepted = lesson.send_if_modified(|lesson| {
        let is_new = lesson.given.is_some() && lesson.given.take() == lesson.next_question();
        let is_accepted = is_new || lesson.repeats(&answer);
        lesson.lines.extend(is_new.then_some(answer));
        is_accepted
    });
    is_accepted.then_some(()).ok_or_else(|| ToolError::new("there is no question to answer; call request_question"))
}

pub(crate) fn tools() -> Toolset<App> {
    toolset![request_question, answer_question]
}

/// A session with one tutor.
pub(crate) fn session_request(public_url: &BaseUrl) -> SessionRequest {
    SessionRequest::in_namespace(NAMESPACE)
        .agent(Agent::local("tutor", "1.0.0", Runtime::Executable).can_call_all(&tools()))
        .tools(&tools(), public_url.join("coral"))
        .ttl(Duration::from_secs(2 * 60 * 60))
        .session_end_webhook()
}
