//! Qoder Cloud Agents: sessions whose custom tools are an application's.

mod agent;
mod client;
mod environment;
mod event;
mod feed;
mod new_event;
mod new_session;
mod page;
mod past;
mod plain;
mod reader;
mod resource;
mod session;
mod tools;
mod view;
mod wire;
mod written;

pub use self::agent::{AgentChange, AgentRef, NewAgent};
pub use self::client::Qoder;
pub use self::environment::NewEnvironment;
pub use self::event::{Event, EventKind};
pub use self::new_event::NewEvent;
pub use self::new_session::NewSession;
pub use self::resource::Resource;
pub use self::session::{Session, SessionChange, SessionFilter};
pub use self::tools::{QoderTools, Schemas};
pub use self::view::{Agent, Environment, SessionState, Status, Usage};
