//! Signatures and secrets of calls.

use coral_tools::Secret;
use coral_tools::WebhookConfig;
use coral_tools::testing::{CallerError, CoralCaller};
use coral_tools::webhook::RotatingSecrets;
use http::{HeaderName, HeaderValue, StatusCode};
use tower::ServiceExt;

use super::{BASE, app, coral, secret};

const HEX: &str = "00112233445566778899aabbccddeeff";

/// The status of a call that `coral` signs and an application of this `config` verifies.
async fn status(config: impl Into<WebhookConfig>, coral: &CoralCaller) -> Result<Option<u16>, CallerError> {
    let view = coral.call_in_process(app(config), &format!("{BASE}/echo"), ()).await?;
    Ok(view.status())
}

#[tokio::test]
async fn only_calls_signed_with_the_secret_are_accepted() -> Result<(), CallerError> {
    assert_eq!(status(secret(), &coral()).await?, Some(200));
    assert_eq!(status(secret(), &CoralCaller::new(Secret::new("forged"))).await?, Some(401));
    assert_eq!(
        status(Secret::new(""), &CoralCaller::new(Secret::new(""))).await?,
        Some(401),
        "an empty key is invalid"
    );
    assert_eq!(status(WebhookConfig::dangerously_unsigned(), &CoralCaller::new(Secret::new("x"))).await?, Some(200));
    Ok(())
}

#[tokio::test]
async fn both_secrets_are_accepted_during_rotation() -> Result<(), CallerError> {
    let both = || [Secret::new("new"), Secret::new("old")];
    for name in ["new", "old"] {
        assert_eq!(status(both(), &CoralCaller::new(Secret::new(name))).await?, Some(200), "{name}");
    }
    assert_eq!(status(both(), &CoralCaller::new(Secret::new("older"))).await?, Some(401));
    Ok(())
}

#[tokio::test]
async fn secrets_are_replaced_while_they_are_served() -> Result<(), Box<dyn std::error::Error>> {
    let secrets = RotatingSecrets::new([Secret::new("old")]);
    let app = app(secrets.clone());
    let status = async |secret: &str| {
        let coral = CoralCaller::new(Secret::new(secret));
        let view = coral.call_in_process(app.clone(), &format!("{BASE}/echo"), ()).await?;
        Ok::<_, CallerError>(view.status())
    };
    assert_eq!((status("old").await?, status("new").await?), (Some(200), Some(401)));
    secrets.replace([Secret::new("new"), Secret::new("old")])?;
    assert_eq!((status("old").await?, status("new").await?), (Some(200), Some(200)));
    secrets.replace([Secret::new("new")])?;
    assert_eq!((status("old").await?, status("new").await?), (Some(401), Some(200)));
    assert!(secrets.replace([Secret::new("")]).is_err());
    assert_eq!(status("new").await?, Some(200), "an invalid replacement changes nothing");
    Ok(())
}

#[tokio::test]
async fn secrets_are_text_or_hex() -> Result<(), Box<dyn std::error::Error>> {
    let (as_text, as_bytes) = (Secret::new(HEX), Secret::hex(HEX)?);
    for secret in [&as_text, &as_bytes] {
        assert_eq!(status(secret.clone(), &CoralCaller::new(secret.clone())).await?, Some(200));
    }
    assert_eq!(status(as_text, &CoralCaller::new(as_bytes)).await?, Some(401));
    Ok(())
}

#[tokio::test]
async fn the_signature_header_is_configurable() -> Result<(), CallerError> {
    let config = || WebhookConfig::new(secret()).signature_header(HeaderName::from_static("x-my-signature"));
    assert_eq!(status(config(), &coral().signature_header("X-My-Signature")).await?, Some(200));
    assert_eq!(status(config(), &coral()).await?, Some(401));
    Ok(())
}

/// Signatures of the bodies that a Coral server printed for these arguments.
#[tokio::test]
async fn signatures_equal_those_of_a_server() -> Result<(), Box<dyn std::error::Error>> {
    let third = r##"{"title": "Q4", "content": "# Done"}"##;
    let text = Secret::new(HEX);
    let bytes = Secret::hex(HEX)?;
    for (secret, arguments, signature) in [
        (secret(), "null", "8ca2b70c2d5d388607af2ee15f5c12bbb7bab96c0ca36f9afde482f7b3a78ab6"),
        (secret(), "{}", "2f59040b63b7200598444239da2c9a4f3abc5c434259b23126d72514dab8cd09"),
        (secret(), third, "dfd31bf31bb9c11dcbd2585347d957426dacbce07ca02adf56017b85bae90ae1"),
        (secret(), r#"{"name": "Zoë ☃"}"#, "c9b0a457ace31ec7985ff916e9b2f03e2f6432bfb843bf5fbb5aad200b9d868e"),
        (
            secret(),
            r#"{"a": 1.00, "n": null, "tags": ["x", "y"], "o": {}}"#,
            "496b41b49bc064d2d8140278ae653085e7366659c5cefcabc801730bf32da7ab",
        ),
        (text, third, "4d69de4c992fdc380872aaca0a1d5ae85c0553fa62b29a49d78e6cc1dd91a7de"),
        (bytes, third, "833a8db6ecc42ca511aee8d3c0463376f97ee41535900231f6bd39b28b5b494b"),
    ] {
        let request = CoralCaller::new(secret).request(BASE, arguments)?;
        assert_eq!(request.signature(), signature, "{arguments}");
    }
    Ok(())
}

#[tokio::test]
async fn signatures_of_other_bodies_or_formats_are_401() -> Result<(), Box<dyn std::error::Error>> {
    let good = coral().request(&format!("{BASE}/echo"), ())?;
    let prefixed = format!("sha256={}", good.signature());
    let another = coral().request(BASE, "{}")?;
    for bad in [None, Some(""), Some("zz"), Some(prefixed.as_str()), Some(another.signature())] {
        let mut request = good.to_http()?;
        request.headers_mut().remove("x-coral-signature");
        if let Some(bad) = bad {
            request.headers_mut().insert("x-coral-signature", HeaderValue::from_str(bad)?);
        }
        assert_eq!(app(secret()).oneshot(request).await?.status(), StatusCode::UNAUTHORIZED, "{bad:?}");
    }
    let mut upper = good.to_http()?;
    let signature = HeaderValue::from_str(&good.signature().to_uppercase())?;
    upper.headers_mut().insert("x-coral-signature", signature);
    assert_eq!(app(secret()).oneshot(upper).await?.status(), StatusCode::OK);
    Ok(())
}
