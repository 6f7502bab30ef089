//! What one wants of a session: to know when it has come so far, and what is said in it.

mod messages;
mod signals;
mod states;
mod wait;

pub use self::messages::{MessageStream, NewMessage};
pub use self::states::StateStream;
pub use self::wait::WaitError;
