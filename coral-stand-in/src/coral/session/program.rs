//! The program of an agent, as far as the log of the server shows it.

use coral_tools::registry::{OptionSpec, OptionType, ScalarType};
use serde_json::Value;
use uuid::Uuid;

use super::{Agent, Session};
use crate::coral::decode::blob;
use crate::coral::kotlin_text::print_float;
use crate::coral::logs::Level;

/// A program that was started.
pub(super) struct Program<'s> {
    session: &'s Session,
    agent: &'s Agent,
    kind: ProgramKind,
}

enum ProgramKind {
    Executable,
    Container {
        id: String,
    },
    /// A function in the process of the server.
    Function,
}

impl<'s> Program<'s> {
    pub(super) fn start(session: &'s Session, agent: &'s Agent, runtime: &str) -> Self {
        let kind = match runtime {
            "executable" => ProgramKind::Executable,
            "docker" => ProgramKind::Container { id: container_id() },
            _ => ProgramKind::Function,
        };
        let program = Self { session, agent, kind };
        program.log_start();
        program
    }

    fn log_start(&self) {
        match &self.kind {
            ProgramKind::Executable => {
                self.log(Level::Info, format!("Executing {}", self.agent.agent_type.command_line()));
                self.log_options();
            }
            ProgramKind::Container { id } => {
                self.log_options();
                self.log(Level::Info, format!("container {id} created"));
            }
            ProgramKind::Function => {}
        }
    }

    /// Options are logged when they become environment variables, which functions do not have.
    fn log_options(&self) {
        for (name, value) in &self.agent.options {
            let option = self.agent.agent_type.options().get(name);
            let shown = option.map_or_else(|| value.to_string(), |option| display(option, value));
            // The server writes the name of the option where the name of the agent should be.
            self.log(Level::Info, format!("Setting option \"{name}\" = \"{shown}\" for agent {name}"));
        }
    }

    /// Whether the program receives SIGTERM when its agent is cancelled. Containers are killed.
    pub(super) fn receives_sigterm(&self) -> bool {
        matches!(self.kind, ProgramKind::Executable)
    }

    /// Logs the end of the program. A program that was cancelled has no exit code.
    pub(super) fn log_end(&self, exit_code: Option<u8>) {
        match (&self.kind, exit_code) {
            (ProgramKind::Executable, Some(code)) => {
                let level = if code == 0 { Level::Info } else { Level::Warning };
                self.log(level, format!("exited with code {code}"));
            }
            (ProgramKind::Container { id }, code) => {
                if let Some(code) = code {
                    self.log(Level::Info, format!("container {id} exited with code {code}"));
                }
                self.log(Level::Info, format!("container {id} removed"));
            }
            (ProgramKind::Executable, None) | (ProgramKind::Function, _) => {}
        }
    }

    fn log(&self, level: Level, text: String) {
        self.session.log(Some(self.agent), level, text);
    }
}

/// The id of a container: 64 hexadecimal digits.
fn container_id() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

/// The value of an option, as the log shows it: secrets are hidden, and blobs have their size.
fn display(option: &OptionSpec, value: &Value) -> String {
    match value {
        Value::Array(items) => items.iter().map(|item| display_scalar(option, item)).collect::<Vec<_>>().join(","),
        value => display_scalar(option, value),
    }
}

fn display_scalar(option: &OptionSpec, value: &Value) -> String {
    let (OptionType::One(kind) | OptionType::List(kind)) = &option.kind else { return value.to_string() };
    match (kind, value) {
        (ScalarType::Blob, Value::String(base64)) => {
            format!("{}b blob", blob(base64).map_or(0, |bytes| bytes.len()))
        }
        (_, Value::String(text)) if option.secret => "*".repeat(text.encode_utf16().count()),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Bool(value)) => u8::from(*value).to_string(),
        (ScalarType::F32 | ScalarType::F64, Value::Number(number)) => print_float(number.as_f64().unwrap_or(f64::NAN)),
        (_, value) => value.to_string(),
    }
}
