//! Integers as JSON writes them, of every width.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{One, input, messages, of_struct, three};

#[test]
fn integers_may_have_a_point_or_an_exponent() {
    for body in ["5", "5.0", "5e0", "0.5e1", "50e-1", "5.0E0"] {
        let one: One<u8> = input::<u8>().read(format!("{{\"value\":{body}}}").as_bytes()).expect("five");
        assert_eq!(one.value, 5);
    }
    let one: One<i64> = input::<i64>().read(b"{\"value\": 1.0E3}").expect("a thousand");
    assert_eq!(one.value, 1000);
    let one: One<Vec<u64>> =
        input::<Vec<u64>>().read(b"{\"value\": [18446744073709551615, 9007199254740991.0]}").expect("large");
    assert_eq!(one.value, [u64::MAX, (1 << 53) - 1]);
    assert!(input::<u64>().read::<One<u64>>(b"{\"value\": 18446744073709551616}").is_err());
}

#[test]
fn integers_wider_than_64_bits() {
    let max = format!("{{\"value\": {}}}", u128::MAX);
    assert_eq!(input::<u128>().read::<One<u128>>(max.as_bytes()).map(|one| one.value), Ok(u128::MAX));
    let min = format!("{{\"value\": {}}}", i128::MIN);
    assert_eq!(input::<i128>().read::<One<i128>>(min.as_bytes()).map(|one| one.value), Ok(i128::MIN));
    type Wide = (u128, Option<u128>, Option<Vec<u128>>, Result<u128, String>);
    let all = "{\"value\": [N, N, [N], {\"Ok\": N}]}".replace('N', &u128::MAX.to_string());
    let read = input::<Wide>().read::<One<Wide>>(all.as_bytes()).map(|one| one.value);
    assert_eq!(read, Ok((u128::MAX, Some(u128::MAX), Some(vec![u128::MAX]), Ok(u128::MAX))));
    let reported = messages::<One<u128>>(&input::<u128>(), "{\"value\": 1.8446744073709552E19}");
    assert!(reported.len() == 1 && reported[0].starts_with("`value`"), "{reported:?}");
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
struct Huge(#[schemars(extend("maximum" = 1e30))] u128);

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
struct Deep(#[schemars(extend("maximum" = -1e30))] i128);

#[test]
fn wide_integers_may_have_bounds_beyond_64_bits() {
    fn read<T: JsonSchema + serde::de::DeserializeOwned>(number: &str) -> Option<T> {
        input::<T>().read::<One<T>>(format!("{{\"value\": {number}}}").as_bytes()).ok().map(|one| one.value)
    }
    assert_eq!(read(&(1_u128 << 70).to_string()), Some(Huge(1 << 70)));
    assert_eq!(read::<Huge>(&u128::MAX.to_string()), None);
    assert_eq!(read(&i128::MIN.to_string()), Some(Deep(i128::MIN)));
    assert_eq!(read::<Deep>(&i64::MIN.to_string()), None);
}

/// Documented: only the first pass has all digits, and `null` for a default needs the second pass.
#[test]
fn the_second_pass_rejects_integers_wider_than_64_bits() {
    #[derive(Debug, Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only serde reads the fields")]
    struct Wide {
        #[serde(default = "three")]
        retries: u8,
        number: u128,
    }
    let read = |retries: &str| {
        let body = format!("{{{retries}\"number\": {}}}", u128::MAX);
        of_struct::<Wide>().read::<Wide>(body.as_bytes()).map(|wide| wide.number)
    };
    assert_eq!(read(""), Ok(u128::MAX));
    assert_eq!(read("\"retries\": 4, "), Ok(u128::MAX));
    let problems = read("\"retries\": null, ").expect_err("rejected, not truncated");
    assert_eq!((problems.len(), problems[0].path()), (1, "number"));
}
