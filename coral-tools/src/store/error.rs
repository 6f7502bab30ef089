//! [`StoreError`].

use std::error::Error;
use std::fmt;

/// The error of a [`Store`](super::Store). It is for the log; agents read a generic message.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// A limit of the store is reached, and nothing in it can be dropped. The text names the limit.
    Full(&'static str),
    /// The store cannot be reached or has failed.
    Failed(Box<dyn Error + Send + Sync>),
}

impl StoreError {
    /// Creates the error of a store that has failed.
    pub fn failed(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Failed(source.into())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full(limit) => write!(f, "the store is full: {limit}"),
            Self::Failed(_) => f.write_str("the store has failed"),
        }
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Full(_) => None,
            Self::Failed(source) => Some(&**source),
        }
    }
}
