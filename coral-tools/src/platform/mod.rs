//! The same tools on platforms that are pulled from: Everruns and Qoder Cloud Agents. Features `everruns` and `qoder`.
//!
//! Coral calls tools; these wait until somebody asks them. A [`Run`] is that somebody, for one turn of an agent: it reads what
//! the platform tells, runs the calls that the agent makes, each once, hands in the answers, and goes on until the turn is
//! over. Connections that break are made again, from where they broke.
//!
//! What comes of a call is the same as on Coral: the arguments are read and checked in the same way, the agent reads the same
//! answer. A tool that wants to know asks its [`CallContext`](crate::CallContext) for `origin()` and `call_id()`.

mod answers;
mod desk;
#[cfg(feature = "everruns")]
pub mod everruns;
mod limits;
#[cfg(feature = "qoder")]
pub mod qoder;
mod run;
#[cfg(test)]
mod tests;
mod turn;
mod wire;

pub use self::answers::Answers;
pub use self::limits::{Foreign, Limits};
pub use self::run::Run;
pub use self::turn::{CallMade, RunError, Turn, TurnEnd};
