//! The values of options.

use coral_stand_in::coral::{CoralStandIn, EmulatedVersion};
use coral_tools::serde_json::{Map, Value, json};

use crate::client::post;
use crate::{agent_type, debug_agent, request};

/// A server with one agent type that has one option `O`.
async fn with_option(option: Value) -> CoralStandIn {
    let agent = agent_type("optional", json!({"O": option}));
    CoralStandIn::builder().agent(agent, |_agent| async {}).start().await.expect("started")
}

/// Creates a session with this value. Returns the error message of the server.
async fn create_with_value(coral: &CoralStandIn, value: Value) -> Result<(), String> {
    let response =
        post(coral, "/api/v1/local/session", &request(json!([debug_agent("optional", json!({"O": value}))]))).await;
    if response.status == 200 { Ok(()) } else { Err(response.message().expect("a message")) }
}

const DECODE_ERROR: &str =
    "Failed to convert request body to class org.coralprotocol.coralserver.session.SessionRequest";

#[tokio::test]
async fn every_type_accepts_its_range() {
    let cases: [(&str, Value, Value); 10] = [
        ("i8", json!(i8::MIN), json!(128)),
        ("i16", json!(i16::MAX), json!(-32_769)),
        ("i32", json!(i32::MIN), json!(2_147_483_648_i64)),
        ("i64", json!(i64::MAX), json!(u64::MAX)),
        ("u8", json!(u8::MAX), json!(256)),
        ("u16", json!(u16::MAX), json!(-1)),
        ("u32", json!(u32::MAX), json!(4_294_967_296_i64)),
        ("u64", json!(u64::MAX.to_string()), json!(5)),
        ("f32", json!(1.5), json!(1e300)),
        ("f64", json!(f64::MAX), json!("NaN")),
    ];
    for (tag, good, bad) in cases {
        let coral = with_option(json!({"type": tag})).await;
        assert_eq!(create_with_value(&coral, json!({"type": tag, "value": good})).await, Ok(()), "{tag}");
        assert_eq!(
            create_with_value(&coral, json!({"type": tag, "value": bad})).await,
            Err(DECODE_ERROR.into()),
            "{tag} {bad}"
        );
        let (list, good) = (format!("list[{tag}]"), json!([good, good]));
        let coral = with_option(json!({"type": list})).await;
        assert_eq!(create_with_value(&coral, json!({"type": list, "value": good})).await, Ok(()), "{list}");
        assert_eq!(
            create_with_value(&coral, json!({"type": list, "value": [bad]})).await,
            Err(DECODE_ERROR.into()),
            "{list}"
        );
    }
}

/// Old servers list options of these types, which are not types of values.
#[tokio::test]
async fn options_of_type_secret_and_number_accept_string_and_f64() {
    let coral = with_option(json!({"type": "secret", "default": "hunter2"})).await;
    assert_eq!(create_with_value(&coral, json!({"type": "string", "value": "x"})).await, Ok(()));
    assert!(create_with_value(&coral, json!({"type": "i32", "value": 1})).await.is_err());
    let coral = with_option(json!({"type": "number", "default": 1, "validation": {"max": 1.5}})).await;
    assert_eq!(create_with_value(&coral, json!({"type": "f64", "value": 1.5})).await, Ok(()));
    let error = create_with_value(&coral, json!({"type": "f64", "value": 2.5})).await;
    assert!(error.is_err_and(|error| error.contains("is greater than the maximum value 1.5")));
}

#[tokio::test]
async fn unknown_types_and_mismatched_values_are_decode_errors() {
    let coral = with_option(json!({"type": "string"})).await;
    for value in [
        json!({"type": "secret", "value": "x"}),
        json!({"type": "number", "value": 1}),
        json!({"type": "list[bool]", "value": [true]}),
        json!({"type": "string", "value": 5}),
        json!({"type": "string"}),
        json!({"type": "string", "value": "x", "extra": 1}),
        json!("x"),
    ] {
        assert_eq!(create_with_value(&coral, value.clone()).await, Err(DECODE_ERROR.into()), "{value}");
    }
    assert_eq!(create_with_value(&coral, json!({"value": "x", "type": "string"})).await, Ok(()));
}

#[tokio::test]
async fn integers_may_be_quoted_but_have_no_fraction() {
    let coral = with_option(json!({"type": "i32"})).await;
    assert_eq!(create_with_value(&coral, json!({"type": "i32", "value": "50"})).await, Ok(()));
    assert_eq!(create_with_value(&coral, json!({"type": "i32", "value": 50.0})).await, Err(DECODE_ERROR.into()));
}

#[tokio::test]
async fn blobs_are_base64_in_either_alphabet() {
    let coral = with_option(json!({"type": "blob", "validation": {"min_size": "2B", "max_size": "1KiB"}})).await;
    for good in ["+/8=", "-_8=", "-_8"] {
        assert_eq!(create_with_value(&coral, json!({"type": "blob", "value": good})).await, Ok(()), "{good}");
    }
    assert_eq!(create_with_value(&coral, json!({"type": "blob", "value": "!"})).await, Err(DECODE_ERROR.into()));
}

/// Each version has its own message; that of coral-server 1.1 contains how Java prints an array of bytes.
#[tokio::test]
async fn the_size_of_blobs_is_checked() {
    let option = json!({"O": {"type": "blob", "validation": {"min_size": "2B", "max_size": "1KiB"}}});
    let large = "A".repeat(1368);
    for (version, blob, error) in [
        (EmulatedVersion::Server1_2, "AA==", "Blob value is 1 B large, which is less than the minimum size 2 B"),
        (EmulatedVersion::Server1_2, &large, "Blob value is 1 KiB large, which is greater than the maximum size 1 KiB"),
        (EmulatedVersion::Server1_1, "AA==", "Value [B@0 is smaller than the minimum size 2 (2B)"),
        (EmulatedVersion::Server1_1, &large, "Value [B@0 is greater than the maximum size 1024 (1KiB)"),
    ] {
        let agent = agent_type("optional", option.clone());
        let coral = CoralStandIn::builder().emulates(version).agent(agent, |_agent| async {});
        let coral = coral.start().await.expect("started");
        let expected = format!("Value given for option \"O\" is invalid: {error}");
        assert_eq!(create_with_value(&coral, json!({"type": "blob", "value": blob})).await, Err(expected), "{version}");
    }
}

#[tokio::test]
async fn values_are_checked_against_the_validation() {
    let number = json!({"min": 1, "max": 5});
    let variants = json!({"variants": [1, 3]});
    let text = json!({"min_length": 2, "max_length": 4, "regex": "[a-zé]+"});
    for (tag, validation, value, error) in [
        ("i32", &number, json!(1), None),
        ("i32", &number, json!(0), Some("Value 0 is less than the minimum value 1")),
        ("u8", &number, json!(6), Some("Value 6 is greater than the maximum value 5")),
        ("u64", &number, json!("6"), Some("Value 6 is greater than the maximum value 5")),
        ("i64", &variants, json!(3), None),
        ("i64", &variants, json!(2), Some("Value 2 is not a valid variant.  Valid variants are: 1,3)")),
        ("list[i32]", &number, json!([1, 9]), Some("Value 9 is greater than the maximum value 5")),
        ("string", &text, json!("abc"), None),
        // Lengths are in bytes.
        ("string", &text, json!("é"), None),
        ("string", &text, json!("a"), Some("Value \"a\" is shorter than the minimum length 2")),
        ("string", &text, json!("ééé"), Some("Value \"ééé\" is longer than the maximum length 4")),
        // The whole string has to match.
        ("string", &text, json!("ab1"), Some("Value \"ab1\" does not match the regex pattern '[a-zé]+'")),
        ("string", &json!({"variants": []}), json!("x"), None),
        // In Java, both hyphens are literal, and `.` does not match a line break.
        ("string", &json!({"regex": r"[\w-\.]+@[\w-]+"}), json!("a-b.c@d"), None),
        (
            "string",
            &json!({"regex": "a.c"}),
            json!("a\rc"),
            Some("Value \"a\rc\" does not match the regex pattern 'a.c'"),
        ),
        // Constraints of `f32` have 32 bits, too.
        ("f32", &json!({"max": 0.1, "variants": [0.1]}), json!(0.1), None),
        ("list[f32]", &json!({"min": 0.1}), json!([0.1, 0.2]), None),
        ("f32", &json!({"max": 0.1}), json!(0.5), Some("Value 0.5 is greater than the maximum value 0.1")),
        ("u64", &json!({"max": 5}), json!("abc"), Some("abc is not a valid u64")),
        ("list[u64]", &json!({}), json!(["1", "abc"]), Some("[1, abc] is not a valid u64")),
    ] {
        let coral = with_option(json!({"type": tag, "validation": validation})).await;
        let expected = error.map_or(Ok(()), |error| Err(format!("Value given for option \"O\" is invalid: {error}")));
        assert_eq!(create_with_value(&coral, json!({"type": tag, "value": value})).await, expected, "{tag} {value}");
    }
}

/// Lengths are in UTF-16 units, and values in messages are not quoted.
#[tokio::test]
async fn coral_server_1_1_validates_strings_differently() {
    let text = json!({"O": {"type": "string", "validation": {"min_length": 2, "max_length": 4}}});
    let coral = CoralStandIn::builder()
        .emulates(EmulatedVersion::Server1_1)
        .agent(agent_type("optional", text), |_agent| async {});
    let coral = coral.start().await.expect("started");
    let with_string = async |text: &str| create_with_value(&coral, json!({"type": "string", "value": text})).await;
    assert_eq!(with_string("ééé").await, Ok(()));
    let error = "Value given for option \"O\" is invalid: Value é is shorter than the minimum length 2";
    assert_eq!(with_string("é").await, Err(error.into()));
}

#[tokio::test]
async fn defaults_are_validated_and_satisfy_required() {
    let invalid = with_option(json!({"type": "u8", "default": 9, "validation": {"max": 5}})).await;
    let none = post(&invalid, "/api/v1/local/session", &request(json!([debug_agent("optional", json!({}))]))).await;
    let error = "Value given for option \"O\" is invalid: Value 9 is greater than the maximum value 5";
    assert_eq!((none.status, none.message().as_deref()), (500, Some(error)));
    for option in [json!({"type": "u8", "required": true, "default": 1}), json!({"type": "list[u8]", "required": true})]
    {
        let coral = with_option(option.clone()).await;
        let none = post(&coral, "/api/v1/local/session", &request(json!([debug_agent("optional", json!({}))]))).await;
        assert_eq!(none.status, 200, "{option}");
    }
}

#[tokio::test]
async fn an_agent_gets_the_requested_values_and_the_defaults() {
    let options = json!({
        "GIVEN": {"type": "u64"},
        "BY_DEFAULT": {"type": "i32", "default": 50},
        "LIST": {"type": "list[string]"},
        "ABSENT": {"type": "string"},
    });
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel::<Map<String, Value>>();
    let coral = CoralStandIn::builder()
        .agent(agent_type("optional", options), move |agent| {
            let sender = sender.clone();
            async move { sender.send(agent.options().clone()).expect("the test receives") }
        })
        .start()
        .await
        .expect("started");
    let agent = debug_agent("optional", json!({"GIVEN": {"type": "u64", "value": "7"}}));
    let response = post(&coral, "/api/v1/local/session", &request(json!([agent]))).await;
    assert_eq!(response.status, 200, "{response:?}");
    let options = receiver.recv().await.expect("options");
    assert_eq!(Value::from(options), json!({"GIVEN": "7", "BY_DEFAULT": 50, "LIST": []}));
}
