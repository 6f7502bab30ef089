//! Approval: a person decides about a call before its tool runs.

mod approvals;
mod approved_call;
mod checked_call;
mod policy;
mod session_grant;
mod with_approval;

pub use self::approvals::Approvals;
pub use self::policy::Approval;

pub(super) use self::policy::PolicyEntry;
