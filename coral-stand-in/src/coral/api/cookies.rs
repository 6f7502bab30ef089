//! The cookies of logins.

use std::collections::VecDeque;
use std::sync::Mutex;

use http::HeaderMap;
use http::header::COOKIE;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::coral::lock::lock;

pub(super) const COOKIE_NAME: &str = "authSessionToken";

/// The largest number of valid cookies; the oldest becomes invalid.
const MAX_LOGINS: usize = 1024;

/// The valid cookies.
#[derive(Default)]
pub(super) struct LoginCookies(Mutex<VecDeque<String>>);

impl LoginCookies {
    pub(super) fn create(&self) -> String {
        let cookie = Uuid::new_v4().to_string();
        let mut cookies = lock(&self.0);
        if cookies.len() == MAX_LOGINS {
            cookies.pop_front();
        }
        cookies.push_back(cookie.clone());
        cookie
    }

    pub(super) fn are_valid(&self, headers: &HeaderMap) -> bool {
        let valid = lock(&self.0);
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.any(|(name, value)| {
            name == COOKIE_NAME && valid.iter().any(|cookie| equals_in_constant_time(cookie, value))
        })
    }
}

/// Compares digests, so that the duration does not depend on the position of a difference.
pub(super) fn equals_in_constant_time(a: &str, b: &str) -> bool {
    Sha256::digest(a) == Sha256::digest(b)
}
