//! Tools served by an AWS Lambda function behind a function URL or an API Gateway HTTP API: no axum, and state through a
//! context type of the application.
//!
//! Build and deploy it with `cargo lambda build --release` and `cargo lambda deploy`, with the secret in the environment
//! variable `CORAL_CUSTOM_TOOL_SECRET`.

use std::sync::Arc;

use coral_tools::webhook::WebhookService;
use coral_tools::{Context, FromContext, Secret, ToolError, Toolset, coral_tool, toolset};
use lambda_http::Error;

/// The application's state.
#[derive(Debug, Clone)]
struct App {
    region: Arc<str>,
}

/// The region that the function runs in, as a context parameter of tools.
struct Region(Arc<str>);

impl FromContext<App> for Region {
    async fn from_context(context: &Context<'_, App>) -> Result<Self, ToolError> {
        Ok(Self(Arc::clone(&context.state().region)))
    }
}

/// Greets somebody from the function's region.
#[coral_tool(read_only)]
fn greet(
    /// The name to greet.
    #[arg(min_length = 1)]
    name: String,
    #[context] Region(region): Region,
) -> String {
    format!("Hello, {name}, from {region}!")
}

fn app(secret: Secret, region: &str) -> Result<WebhookService<App>, coral_tools::BuildErrors> {
    let tools: Toolset<App> = toolset![greet];
    tools.try_webhook_service(secret, App { region: region.into() })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    // Prints why a request was rejected, and how calls ended. Lambda adds the time.
    tracing_subscriber::fmt().without_time().with_ansi(false).init();
    let region = std::env::var("AWS_REGION").unwrap_or_else(|_| "an unknown region".into());
    let service = app(Secret::from_env("CORAL_CUSTOM_TOOL_SECRET")?, &region)?;
    lambda_http::run(service).await
}

#[cfg(test)]
mod tests {
    use coral_tools::Secret;
    use lambda_http::request::from_str;
    use lambda_http::tower::ServiceExt;
    use serde_json::json;

    use super::app;

    /// An event of a function URL, as Lambda sends it.
    fn event(body: &str, signature: &str) -> lambda_http::Request {
        let path = "/greet/0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11/agent";
        let event = json!({
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": "",
            "headers": {
                "content-type": "application/json",
                "host": "abcdefgh.lambda-url.eu-central-1.on.aws",
                "x-coral-signature": signature,
            },
            "requestContext": {
                "accountId": "anonymous",
                "apiId": "abcdefgh",
                "domainName": "abcdefgh.lambda-url.eu-central-1.on.aws",
                "domainPrefix": "abcdefgh",
                "http": {
                    "method": "POST",
                    "path": path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": "127.0.0.1",
                    "userAgent": "ktor-client",
                },
                "requestId": "8b4cb2f0-8c0f-4d8e-a8f0-7a3d3c5ce7a1",
                "routeKey": "$default",
                "stage": "$default",
                "time": "12/Mar/2026:19:03:58 +0000",
                "timeEpoch": 1_773_342_238_000_u64,
            },
            "body": body,
            "isBase64Encoded": false,
        });
        from_str(&event.to_string()).expect("an event")
    }

    #[tokio::test]
    async fn a_signed_event_reaches_the_tool_and_its_state() {
        let secret = Secret::new("secret");
        let body = "{\n    \"name\": \"Zoë\"\n}";
        let request = event(body, &secret.sign(body));
        let response = app(secret, "eu-central-1").expect("valid tools").oneshot(request).await.expect("a response");
        assert_eq!(response.status(), 200);
        let text = response.into_body().into_bytes();
        assert_eq!(text, r#"{"result":"Hello, Zoë, from eu-central-1!"}"#);
    }

    #[tokio::test]
    async fn an_event_with_another_signature_is_rejected() {
        let request = event("{}", &Secret::new("other").sign("{}"));
        let service = app(Secret::new("secret"), "eu-central-1").expect("valid tools");
        assert_eq!(service.oneshot(request).await.expect("a response").status(), 401);
    }
}
