//! Who may ask: whoever has the key, as a bearer token or by a cookie that was given for it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Form;
use axum::extract::{Query, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, COOKIE, LOCATION, SET_COOKIE, WWW_AUTHENTICATE};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Api;
use crate::coral::answer::Answer;
use crate::coral::lock::lock;
use crate::coral::refusal::Refusal;

const COOKIE_NAME: &str = "authSessionToken";

/// How many logins are remembered; the oldest is forgotten.
const LOGINS: usize = 1024;

/// The cookies that were given out.
#[derive(Default)]
pub(super) struct Cookies(Mutex<VecDeque<String>>);

impl Cookies {
    fn give(&self) -> String {
        let cookie = Uuid::new_v4().to_string();
        let mut given = lock(&self.0);
        if given.len() == LOGINS {
            given.pop_front();
        }
        given.push_back(cookie.clone());
        cookie
    }

    fn are_in(&self, headers: &HeaderMap) -> bool {
        let given = lock(&self.0);
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.any(|(name, value)| name == COOKIE_NAME && given.iter().any(|cookie| same(cookie, value)))
    }
}

/// Compares digests, so that the time it takes says nothing of how much is right.
fn same(a: &str, b: &str) -> bool {
    Sha256::digest(a) == Sha256::digest(b)
}

impl Api {
    pub(super) fn is_key(&self, token: &str) -> bool {
        same(&self.common.key, token)
    }

    /// # Errors
    ///
    /// Where there is no cookie of a login.
    pub(super) fn require_cookie(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        if self.cookies.are_in(headers) { Ok(()) } else { Err(Refusal::unauthorized("Unauthorized")) }
    }

    fn admits(&self, headers: &HeaderMap) -> bool {
        let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token =
            value.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        token.is_some_and(|(_, token)| self.is_key(token.trim())) || self.cookies.are_in(headers)
    }
}

/// Lets through whoever may ask. Anybody else gets a challenge, and no body.
pub(super) async fn require(State(api): State<Arc<Api>>, request: Request, next: Next) -> Response {
    if api.admits(request.headers()) {
        return next.run(request).await;
    }
    (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, "Bearer")]).into_response()
}

#[derive(Deserialize)]
pub(super) struct LogIn {
    token: String,
}

#[derive(Deserialize)]
pub(super) struct Target {
    to: Option<String>,
}

/// Gives a cookie for the key.
pub(super) async fn log_in(
    State(api): State<Arc<Api>>,
    Query(Target { to }): Query<Target>,
    Form(LogIn { token }): Form<LogIn>,
) -> Answer {
    if !api.is_key(&token) {
        return Err(Refusal::unauthorized("Invalid token"));
    }
    let cookie = format!("{COOKIE_NAME}={}; Path=/; HttpOnly", api.cookies.give());
    let to = to.unwrap_or_else(|| "/ui/console".to_owned());
    Ok((StatusCode::FOUND, [(SET_COOKIE, cookie), (LOCATION, to)]).into_response())
}
