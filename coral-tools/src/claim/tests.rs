use std::time::{Duration, SystemTime, UNIX_EPOCH};

use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::{collection, prop_assert, prop_assert_eq, proptest};
use serde_json::Value;

use super::error::ClaimError;
use super::{ClaimKey, ClaimKeys, ClaimValue, PARAMETER};

const NOW: u64 = 1_800_000_000;
const TTL: Duration = Duration::from_secs(60);

fn key(id: &str, byte: u8) -> ClaimKey {
    ClaimKey::new(id, [byte; 32]).expect("a key")
}

fn at(seconds: u64) -> impl Fn() -> SystemTime + Send + Sync + 'static {
    move || UNIX_EPOCH + Duration::from_secs(seconds)
}

fn keys() -> ClaimKeys {
    ClaimKeys::for_path("/coral", key("a", 1)).clock(at(NOW))
}

fn claim(keys: &ClaimKeys, value: &Value) -> String {
    keys.sign("tool", &ClaimValue::new(value).expect("a value"), TTL)
}

fn read(keys: &ClaimKeys, claim: &str) -> Result<Value, ClaimError> {
    keys.read(Some(&format!("{PARAMETER}={claim}")), "tool")
}

#[test]
fn the_format_of_a_claim_is_stable() {
    let expected = "1.a.1800000060.InVzZXIi.YNxDEE8IR5blc3tdVlZmdq5z1CPzI2ewX0HitsbdCz4";
    assert_eq!(claim(&keys(), &"user".into()), expected);
}

#[test]
fn any_change_of_a_byte_of_a_claim_is_rejected() {
    let keys = keys();
    let original = claim(&keys, &7.into());
    for position in 0..original.len() {
        for byte in (0..128).filter(|&byte| byte != original.as_bytes()[position]) {
            let mut changed = original.clone().into_bytes();
            changed[position] = byte;
            let changed = String::from_utf8(changed).expect("ASCII");
            assert!(read(&keys, &changed).is_err(), "byte {position} as {byte}: {changed}");
        }
    }
}

#[test]
fn a_claim_with_a_byte_more_or_less_is_rejected() {
    let keys = keys();
    let original = claim(&keys, &7.into());
    for position in 0..original.len() {
        let (start, end) = original.split_at(position);
        assert!(read(&keys, start).is_err(), "truncated at {position}");
        assert!(read(&keys, &format!("{start}{}", &end[1..])).is_err(), "without byte {position}");
        for inserted in ['A', '.', '=', '0'] {
            assert!(read(&keys, &format!("{start}{inserted}{end}")).is_err(), "{inserted} at {position}");
        }
    }
}

/// Also if the parts, which have no fixed length, are the same when they are joined.
#[test]
fn tool_and_path_do_not_run_into_each_other() {
    let value = ClaimValue::new("u").expect("a value");
    let of = |path: &str, tool: &str| {
        let claim = ClaimKeys::for_path(path, key("a", 1)).clock(at(NOW)).sign(tool, &value, TTL);
        claim.rsplit_once('.').expect("a signature").1.to_owned()
    };
    assert_ne!(of("b", "a"), of("", "ab"));
    assert_ne!(of("b", "a"), of("ab", ""));
}

#[test]
fn a_claim_is_valid_until_its_expiry() {
    let made = claim(&keys(), &7.into());
    for (now, expected) in [(NOW, true), (NOW + 59, true), (NOW + 60, false), (NOW + 61, false), (0, true)] {
        assert_eq!(read(&keys().clock(at(now)), &made).is_ok(), expected, "{now}");
    }
    let before_1970 = || UNIX_EPOCH - Duration::from_secs(1);
    assert_eq!(read(&keys().clock(before_1970), &made), Err(ClaimError::Expired));
    assert_eq!(read(&keys(), &claim(&keys().clock(before_1970), &7.into())), Err(ClaimError::Expired));
}

#[test]
fn no_claim_is_rejected_during_a_rotation() {
    let ring = |first: (&str, u8), second: Option<(&str, u8)>| {
        let keys = ClaimKeys::for_path("/coral", key(first.0, first.1)).clock(at(NOW));
        second.map_or(keys.clone(), |(id, byte)| keys.also_accept(key(id, byte)).expect("another id"))
    };
    let (old, new) = (("old", 1), ("new", 2));
    let steps = [ring(old, None), ring(old, Some(new)), ring(new, Some(old)), ring(new, None)];
    for step in steps.windows(2) {
        for (signing, reading) in [(0, 1), (1, 0)] {
            let made = claim(&step[signing], &7.into());
            assert_eq!(read(&step[reading], &made), Ok(7.into()), "{made}");
        }
    }
    assert_eq!(read(&steps[3], &claim(&steps[0], &7.into())), Err(ClaimError::UnknownKey));
    let same_id = steps[0].clone().also_accept(key("old", 2)).expect_err("the same id");
    assert_eq!(
        same_id.to_string(),
        "claim key `old`: there is another key with this id; each key needs an id of its own"
    );
}

#[test]
fn a_key_shorter_than_32_bytes_is_an_error() {
    for length in [0, 1, 31] {
        let error = ClaimKey::new("a", vec![1; length]).expect_err("too short");
        assert!(error.to_string().starts_with("claim key `a`: it is shorter than 32 bytes"), "{error}");
    }
    for length in [32, 64, 65, 1000] {
        assert!(ClaimKey::new("a", vec![1; length]).is_ok());
    }
    for id in ["", "a.b", "a b", "ä", &"a".repeat(33)] {
        assert!(ClaimKey::new(id, [1; 32]).is_err(), "{id}");
    }
}

#[test]
fn debug_output_has_no_key_and_no_value() {
    let key = ClaimKey::new("first", "0123456789abcdef0123456789abcdef").expect("a key");
    let keys = ClaimKeys::for_path("/coral", key).also_accept(self::key("second", 2)).expect("another id");
    let value = ClaimValue::new("Ada").expect("a value");
    assert_eq!(
        format!("{keys:?} {value:?}"),
        "ClaimKeys { base_path: \"/coral\", signing_key: ClaimKey(first, redacted), also_accepted: [ClaimKey(second, redacted)], .. } \
         ClaimValue(…)"
    );
}

#[test]
fn a_value_longer_than_1_kib_is_an_error() {
    assert!(ClaimValue::new(&"a".repeat(1022)).is_ok());
    let error = ClaimValue::new(&"a".repeat(1023)).expect_err("too long");
    assert_eq!(error.to_string(), "the value that the tools are bound to: it is longer than 1 KiB of JSON; use an id");
    let long = claim(&keys(), &"a".repeat(1022).into());
    assert_eq!(read(&keys(), &long), Ok("a".repeat(1022).into()));
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        proptest::strategy::Just(Value::Null),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            collection::hash_map(".{0,5}", inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
    .prop_filter("short enough", |value| value.to_string().len() <= 1024)
}

proptest! {
    #[test]
    fn every_value_is_read_as_it_was_bound(value in any_value(), key in collection::vec(any::<u8>(), 32..100)) {
        let keys = ClaimKeys::for_path("/coral", ClaimKey::new("a", key).expect("a key")).clock(at(NOW));
        prop_assert_eq!(read(&keys, &claim(&keys, &value)), Ok(value));
    }

    #[test]
    fn a_query_without_a_valid_claim_is_rejected(query in "(coral-claim=)?[0-9a-zA-Z=&._-]{0,200}") {
        prop_assert!(keys().read::<Value>(Some(&query), "tool").is_err());
    }
}
