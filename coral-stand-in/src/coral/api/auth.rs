//! Authentication: the API key as a bearer token, or the cookie of a login.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Query, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, LOCATION, SET_COOKIE, WWW_AUTHENTICATE};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::cookies::{COOKIE_NAME, equals_in_constant_time};
use super::state::Api;
use crate::coral::rejection::Rejection;
use crate::coral::response::ApiResult;

impl Api {
    pub(super) fn is_key(&self, token: &str) -> bool {
        equals_in_constant_time(&self.context.key, token)
    }

    /// # Errors
    ///
    /// Returns an error if the request has no valid cookie.
    pub(super) fn require_cookie(&self, headers: &HeaderMap) -> Result<(), Rejection> {
        if self.cookies.are_valid(headers) { Ok(()) } else { Err(Rejection::unauthorized("Unauthorized")) }
    }

    fn is_authenticated(&self, headers: &HeaderMap) -> bool {
        let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token =
            value.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        token.is_some_and(|(_, token)| self.is_key(token.trim())) || self.cookies.are_valid(headers)
    }
}

/// Rejects requests that are not authenticated, with a challenge and without a body.
pub(super) async fn require_authentication(State(api): State<Arc<Api>>, request: Request, next: Next) -> Response {
    if api.is_authenticated(request.headers()) {
        return next.run(request).await;
    }
    (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, "Bearer")]).into_response()
}

#[derive(Deserialize)]
pub(super) struct LoginForm {
    token: String,
}

#[derive(Deserialize)]
pub(super) struct RedirectQuery {
    to: Option<String>,
}

/// Responds to the API key with a cookie.
pub(super) async fn log_in(
    State(api): State<Arc<Api>>,
    Query(RedirectQuery { to }): Query<RedirectQuery>,
    Form(LoginForm { token }): Form<LoginForm>,
) -> ApiResult {
    if !api.is_key(&token) {
        return Err(Rejection::unauthorized("Invalid token"));
    }
    let cookie = format!("{COOKIE_NAME}={}; Path=/; HttpOnly", api.cookies.create());
    let to = to.unwrap_or_else(|| "/ui/console".to_owned());
    Ok((StatusCode::FOUND, [(SET_COOKIE, cookie), (LOCATION, to)]).into_response())
}
