//! Numbers, strings and booleans.

#![allow(dead_code, reason = "only serde reads the fields")]

use std::borrow::Cow;
use std::num::{NonZeroI32, NonZeroI64, NonZeroU8, NonZeroU64};

use serde_json::json;

use super::{holds, holds_beyond};

#[test]
fn integers_of_every_width() {
    holds::<i8>(
        &[json!(-128), json!(127), json!(5.0)],
        &[json!(128), json!(-129), json!(1.5), json!("5"), json!(null)],
    );
    holds::<i16>(&[json!(-32768)], &[json!(32768)]);
    holds::<i32>(&[json!(i32::MIN), json!(i32::MAX)], &[json!(i64::from(i32::MAX) + 1)]);
    let far = [json!(u64::MAX), json!(1e17), json!(1.5e300)];
    holds_beyond::<i64>(&[json!(i64::MIN), json!(i64::MAX), json!(1e3)], &[json!(0.5)], &far);
    holds::<i128>(&[json!(i64::MIN), json!(u64::MAX)], &[json!("1"), json!(0.5)]);
    holds::<isize>(&[json!(-1)], &[json!(true)]);
    holds::<u8>(&[json!(0), json!(255), json!(-0.0)], &[json!(256), json!(-1)]);
    holds::<u16>(&[json!(65535)], &[json!(65536)]);
    holds::<u32>(&[json!(u32::MAX)], &[json!(u64::from(u32::MAX) + 1)]);
    let far = [json!(9_007_199_254_740_992.0), json!(1.8446744073709552e19)];
    holds_beyond::<u64>(&[json!(u64::MAX), json!(9_007_199_254_740_991.0)], &[json!(-1)], &far);
    holds::<u128>(&[json!(u64::MAX)], &[json!(-1), json!([])]);
    holds::<usize>(&[json!(7)], &[json!({})]);
}

#[test]
fn nonzero_integers() {
    holds::<NonZeroU8>(&[json!(1), json!(255)], &[json!(0), json!(256)]);
    holds::<NonZeroU64>(&[json!(1)], &[json!(0), json!(-1)]);
    holds::<NonZeroI32>(&[json!(-1), json!(1)], &[json!(0), json!(0.0), json!(i64::MAX)]);
    holds::<NonZeroI64>(&[json!(i64::MIN), json!(i64::MAX), json!(-3.0)], &[json!(0)]);
    holds::<Option<NonZeroI32>>(&[json!(null), json!(1)], &[json!(0)]);
}

#[test]
fn floats_booleans_and_strings() {
    holds::<f64>(&[json!(0), json!(-1.5), json!(u64::MAX), json!(1e300)], &[json!("1"), json!(null)]);
    holds_beyond::<f32>(&[json!(0.1), json!(3), json!(3e38)], &[json!("1")], &[json!(1e39), json!(-1e39)]);
    holds::<bool>(&[json!(true)], &[json!("true"), json!(0)]);
    holds::<char>(&[json!("é"), json!("🦀")], &[json!(""), json!("ab"), json!(1)]);
    holds::<String>(&[json!(""), json!("a\u{0}b")], &[json!(1), json!(null), json!(["a"])]);
    holds::<Box<str>>(&[json!("a")], &[json!(1)]);
    holds::<Cow<'static, str>>(&[json!("a")], &[json!(false)]);
    holds::<Box<i8>>(&[json!(1)], &[json!(300)]);
    holds::<()>(&[json!(null)], &[json!(0), json!({})]);
}
