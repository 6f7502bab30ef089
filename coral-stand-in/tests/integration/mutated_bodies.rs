//! Bodies with one changed value, with the outcomes that coral-server 1.2.0 was measured to have.

use coral_stand_in::coral::{CoralStandIn, EmulatedVersion};
use coral_tools::serde_json::{Value, json};

use crate::client::post_text;
use crate::{agent_type, debug_agent, puppet, request, request_with, start, start_version};

const SESSION: &str = "/api/v1/local/session";

const DECODE_ERROR: &str =
    "Failed to convert request body to class org.coralprotocol.coralserver.session.SessionRequest";

/// The text of a body with `raw` instead of the string `@`.
fn with_raw(body: &Value, raw: &str) -> String {
    let text = body.to_string();
    assert_eq!(text.matches("\"@\"").count(), 1, "{text}");
    text.replace("\"@\"", raw)
}

/// Sends a body. Returns the error message of the server.
async fn send(coral: &CoralStandIn, body: &str) -> Result<(), String> {
    let response = post_text(coral, SESSION, body).await;
    if response.status == 200 { Ok(()) } else { Err(response.message().expect("a message")) }
}

/// Sends each raw value at `@`. The second item is whether the server accepts the body.
async fn assert_accepted(coral: &CoralStandIn, body: &Value, values: &[(&str, bool)]) {
    for &(raw, is_accepted) in values {
        let expected = if is_accepted { Ok(()) } else { Err(DECODE_ERROR.to_owned()) };
        assert_eq!(send(coral, &with_raw(body, raw)).await, expected, "{raw} in {body}");
    }
}

/// A request with the value `@` for the only option of an agent type. Its type is `tag`.
async fn with_option(tag: &str, validation: &Value) -> (CoralStandIn, Value) {
    let agent = agent_type("optional", json!({"O": {"type": tag, "validation": validation}}));
    let coral = CoralStandIn::builder().agent(agent, |_agent| async {}).start().await.expect("started");
    (coral, request(json!([debug_agent("optional", json!({"O": {"type": tag, "value": "@"}}))])))
}

#[tokio::test]
async fn unsigned_options_have_no_exponent_and_no_minus_sign() {
    for tag in ["u8", "u16", "u32"] {
        let (coral, body) = with_option(tag, &json!({})).await;
        let values =
            [("5", true), ("\"5\"", true), ("5e0", false), ("\"5e1\"", false), ("-0", false), ("\"-0\"", false)];
        assert_accepted(&coral, &body, &values).await;
    }
}

#[tokio::test]
async fn signed_options_have_exponents_no_plus_sign_and_wrap() {
    for tag in ["i8", "i16", "i32", "i64"] {
        let (coral, body) = with_option(tag, &json!({})).await;
        let values = [
            ("5e0", true),
            ("-0", true),
            ("\"5e1\"", true),
            ("\"+5\"", false),
            ("18446744073709551616", true),
            ("1e-400", true),
            ("9223372036854775808", false),
        ];
        assert_accepted(&coral, &body, &values).await;
    }
}

#[tokio::test]
async fn items_of_lists_are_decoded_like_single_options() {
    for (tag, values) in [
        ("list[u8]", vec![("[5]", true), ("[5e0]", false), ("[1, -0]", false), ("[\"5e1\"]", false)]),
        ("list[u32]", vec![("[\"5\"]", true), ("[5e0]", false), ("[-0]", false)]),
        ("list[i32]", vec![("[5e0, -0]", true), ("[\"+5\"]", false), ("[1e-400]", true)]),
        ("list[i64]", vec![("[18446744073709551616]", true), ("[9223372036854775808]", false)]),
        ("list[f32]", vec![("[\" 5\", \"5 \"]", true), ("[\"five\"]", false)]),
        ("list[f64]", vec![("[\" 5\"]", true), ("[null]", false)]),
        ("list[string]", vec![(r#"["\ud800"]"#, true), (r#"["\ud80"]"#, false)]),
    ] {
        let (coral, body) = with_option(tag, &json!({})).await;
        assert_accepted(&coral, &body, &values).await;
    }
}

#[tokio::test]
async fn boolean_options_ignore_case() {
    let (coral, body) = with_option("bool", &json!({})).await;
    let values = [
        ("true", true),
        ("\"TRUE\"", true),
        ("\"False\"", true),
        ("\"yes\"", false),
        ("\" true\"", false),
        ("1", false),
    ];
    assert_accepted(&coral, &body, &values).await;
}

#[tokio::test]
async fn other_numbers_and_booleans_are_decoded_like_options() {
    let coral = start().await;
    let mut budget = puppet("a");
    budget["x402Budgets"] = json!([{"priority": 1, "resource": "r", "remainingBudget": "@"}]);
    let unsigned = [("123", true), ("5e0", false), ("-0", false)];
    assert_accepted(&coral, &request(json!([budget])), &unsigned).await;

    let ttl = request_with(json!([puppet("a")]), json!({"ttl": "@"}));
    assert_accepted(&coral, &ttl, &[("5e1", true), ("\"+5\"", false), ("18446744073709551616", true)]).await;

    let extended = request_with(json!([puppet("a")]), json!({"extendedEndReport": "@"}));
    let booleans = [("true", true), ("\"TRUE\"", true), ("\"False\"", true), ("\"yes\"", false), ("1", false)];
    assert_accepted(&coral, &extended, &booleans).await;
}

#[tokio::test]
async fn floats_may_have_white_space_around_them() {
    for tag in ["f32", "f64"] {
        let (coral, body) = with_option(tag, &json!({})).await;
        assert_accepted(&coral, &body, &[("\" 5\"", true), ("\"5 \"", true), ("\"five\"", false)]).await;
    }
    let (coral, body) = with_option("i32", &json!({})).await;
    assert_accepted(&coral, &body, &[("\" 5\"", false)]).await;
}

#[tokio::test]
async fn only_schemas_accept_unquoted_words() {
    let coral = start().await;
    let mut body = request(json!([puppet("a")]));
    let transport = json!({"type": "http", "url": "http://127.0.0.1:9/t"});
    for field in ["properties", "$defs"] {
        let tool = json!({"transport": transport, "inputSchema": {"type": "object", field: {"x": "@"}}});
        body["agentGraphRequest"]["customTools"] = json!({"t": tool});
        assert_accepted(&coral, &body, &[("nope", true), ("NaN", true), ("[nope, NaN]", true), ("", false)]).await;
    }
    let mut body = request(json!([puppet("a")]));
    body["annotations"] = json!({"k": "@"});
    assert_accepted(&coral, &body, &[("nope", false), ("5", false), ("true", false)]).await;
}

#[tokio::test]
async fn a_lone_surrogate_is_accepted() {
    let coral = start().await;
    let mut body = request(json!([puppet("a")]));
    body["annotations"] = json!({"k": "@"});
    let values = [(r#""\ud800""#, true), (r#""\ud83d\ude00""#, true), (r#""\ud80""#, false), (r#""\x""#, false)];
    assert_accepted(&coral, &body, &values).await;
}

#[tokio::test]
async fn settings_of_remote_servers_are_decoded_like_others() {
    let provider = json!({
        "type": "remote_request",
        "runtime": "docker",
        "maxCost": {"type": "micro_coral", "amount": 5},
        "serverSource": {"type": "servers", "servers": [
            {"address": "h", "port": 443, "secure": true, "attributes": []},
        ]},
        "serverScoring": {"type": "default"},
    });
    for version in [EmulatedVersion::Server1_2, EmulatedVersion::Server1_1] {
        let coral = start_version(version).await;
        for (path, raw, message) in [
            ("/serverScoring", "null", "Payment services are disabled"),
            ("/serverSource/servers/0/port", "443", "Payment services are disabled"),
            ("/serverSource/servers/0/port", "5e0", DECODE_ERROR),
            ("/serverSource/servers/0/port", "-0", DECODE_ERROR),
            ("/serverSource/servers/0/secure", "\"TRUE\"", "Payment services are disabled"),
            ("/maxCost/amount", "\"+5\"", DECODE_ERROR),
        ] {
            let mut agent = puppet("a");
            agent["provider"] = provider.clone();
            *agent["provider"].pointer_mut(path).expect(path) = json!("@");
            let body = with_raw(&request(json!([agent])), raw);
            assert_eq!(send(&coral, &body).await, Err(message.to_owned()), "{version} {path} {raw}");
        }
    }
}

#[tokio::test]
async fn invalid_floats_are_printed_as_by_java() {
    for (tag, validation, raw, error) in [
        ("f64", json!({"max": 1}), "1e10", "Value 1.0E10 is greater than the maximum value 1.0"),
        ("f64", json!({"max": 1}), "12345678.5", "Value 1.23456785E7 is greater than the maximum value 1.0"),
        ("f64", json!({"min": 0.5}), "0.00025", "Value 2.5E-4 is less than the minimum value 0.5"),
        ("f32", json!({"max": 0.5}), "0.7", "Value 0.7 is greater than the maximum value 0.5"),
        ("f32", json!({"max": 1}), "3e38", "Value 3.0E38 is greater than the maximum value 1.0"),
        ("f64", json!({"variants": [1, 2.5]}), "5", "Value 5.0 is not a valid variant.  Valid variants are: 1.0,2.5)"),
    ] {
        let (coral, body) = with_option(tag, &validation).await;
        let expected = format!("Value given for option \"O\" is invalid: {error}");
        assert_eq!(send(&coral, &with_raw(&body, raw)).await, Err(expected));
    }
}
