//! The routes of the application.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use coral_tools::calls::NextCallError;
use coral_tools::{BuildErrors, Secret};
use serde_json::{Value, json};

use crate::App;
use crate::prediction::{INTERFACE, Prediction, Question, send_prediction_result, team};

/// The body is `{"error": …}`.
type Failure = (StatusCode, Json<Value>);

pub(crate) fn router(app: App, secret: Secret) -> Result<Router, BuildErrors> {
    let webhooks = app.tools.try_webhooks(secret)?.with_state(app.sessions.clone());
    let routes =
        Router::new().route("/predict/single/{agent}", post(single)).route("/predict/benchmark", post(benchmark));
    Ok(routes.with_state(app).nest("/coral", webhooks))
}

/// Asks one predictor.
async fn single(
    State(app): State<App>,
    Path(agent): Path<String>,
    Json(question): Json<Question>,
) -> Result<Json<Prediction>, Failure> {
    if !app.predictors.contains(&agent) {
        return Err(failure(StatusCode::NOT_FOUND, "there is no such agent"));
    }
    predict(&app, &question, &[agent]).await
}

/// Asks all predictors.
async fn benchmark(State(app): State<App>, Json(question): Json<Question>) -> Result<Json<Prediction>, Failure> {
    predict(&app, &question, &app.predictors).await
}

/// Opens a session and returns its prediction. axum drops this future if the client disconnects, which closes the session.
async fn predict(app: &App, question: &Question, predictors: &[String]) -> Result<Json<Prediction>, Failure> {
    let request = team(question, predictors).tools(&app.tools, &app.base_url).ttl(app.timeout * 2);
    let call = async {
        let session = app.sessions.open(&request, ()).await?;
        session.next_call::<send_prediction_result>().within(app.timeout).unless_agent_stops(INTERFACE).await
    };
    tokio::select! {
        biased;
        call = call => call.map(|call| Json(call.result)).map_err(|error| no_prediction(&error)),
        () = app.shutdown.requested() => Err(failure(StatusCode::SERVICE_UNAVAILABLE, "restarting; ask again")),
    }
}

fn no_prediction(error: &NextCallError) -> Failure {
    tracing::warn!(%error, session = error.session_id(), "no prediction");
    match error {
        NextCallError::TimedOut { .. } => failure(StatusCode::GATEWAY_TIMEOUT, "the agents have not finished in time"),
        NextCallError::Client(_) => failure(StatusCode::BAD_GATEWAY, "the agents cannot be reached"),
        _ => failure(StatusCode::BAD_GATEWAY, "the agents have stopped without a prediction"),
    }
}

fn failure(status: StatusCode, error: &str) -> Failure {
    (status, Json(json!({"error": error})))
}
