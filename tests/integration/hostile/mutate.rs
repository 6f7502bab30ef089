//! Small and large mutations of the bytes of a body.

use std::ops::Range;

use fastrand::Rng;

/// Replacements for tokens. Strings that errors must not contain have a marker.
const TOKENS: [&str; 42] = [
    "null",
    "true",
    "false",
    "nul",
    "NaN",
    "-Infinity",
    "0",
    "-0",
    "5.0",
    "5e0",
    "1e3",
    "1.0E-7",
    "8675309",
    "-8675309",
    "8675309.5",
    "8675309e20",
    "8675309e400",
    "1e-400",
    "1e999999999999",
    "9007199254740993.0",
    "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775809",
    "340282366920938463463374607431768211456",
    "00",
    "+1",
    ".5",
    "1.",
    "\"\"",
    "\"hunter2\"",
    "\"hunter2 8675309\"",
    "\"8675309\"",
    "[\"hunter2\"]",
    "[8675309]",
    "{\"hunter2",
    "{\"kind\":\"hunter2\"}",
    "{}",
    "[]",
    "\"\\ud800\"",
    "\"\\ud83d\\ude00\\u0000\\/\"",
    "\"\\x\"",
    "\"\u{202e}\u{0}\u{7f}\"",
];

const NOISE: [&[u8]; 8] = [b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\0", b"\"", b"\\", b",}]"];

/// Applies one mutation to `body`.
pub(super) fn mutate(body: &mut Vec<u8>, other: &[u8], rng: &mut Rng) {
    match rng.u8(..16) {
        0 => body.truncate(rng.usize(..=body.len())),
        1 => flip_bit(body, rng),
        2 => insert(body, NOISE[rng.usize(..NOISE.len())], rng),
        3 => drop(body.drain(random_range(body.len(), rng))),
        4 => copy_range(body, rng),
        5 => splice(body, other, rng),
        6 => nest_token(body, rng),
        7 => duplicate_member(body, rng),
        8 => insert(body, &b"\n \t\r"[..rng.usize(..4)], rng),
        9 => insert_long_key(body, rng),
        10 => swap_tokens(body, rng),
        _ => replace_token(body, rng),
    }
}

fn flip_bit(body: &mut [u8], rng: &mut Rng) {
    if let Some(at) = rng.choice(0..body.len()) {
        body[at] ^= 1 << rng.u8(..8);
    }
}

fn insert(body: &mut Vec<u8>, bytes: &[u8], rng: &mut Rng) {
    let at = rng.usize(..=body.len());
    body.splice(at..at, bytes.iter().copied());
}

fn copy_range(body: &mut Vec<u8>, rng: &mut Rng) {
    let piece = body[random_range(body.len(), rng)].to_vec();
    insert(body, &piece, rng);
}

fn splice(body: &mut Vec<u8>, other: &[u8], rng: &mut Rng) {
    let (here, there) = (tokens(body), tokens(other));
    if let (Some(here), Some(there)) = (rng.choice(&here), rng.choice(&there)) {
        body.splice(here.start.., other[there.start..].iter().copied());
    }
}

/// Wraps a token in many arrays or objects, with or without their closing brackets.
fn nest_token(body: &mut Vec<u8>, rng: &mut Rng) {
    let levels = if rng.u16(..200) == 0 { 20_000 } else { rng.usize(1..200) };
    let (open, close): (&[u8], &[u8]) = if rng.bool() { (b"[", b"]") } else { (b"{\"value\":", b"}") };
    let Some(token) = rng.choice(tokens(body)) else { return };
    let kept = body[token.clone()].to_vec();
    let close = if rng.u8(..4) == 0 { Vec::new() } else { close.repeat(levels) };
    body.splice(token, [open.repeat(levels), kept, close].concat());
}

fn duplicate_member(body: &mut Vec<u8>, rng: &mut Rng) {
    let tokens = tokens(body);
    let starts = (0..tokens.len()).filter(|at| tokens.get(at + 1).is_some_and(|next| &body[next.clone()] == b":"));
    let Some(at) = rng.choice(starts.collect::<Vec<_>>()) else { return };
    let key = body[tokens[at].clone()].to_vec();
    let value = TOKENS[rng.usize(..TOKENS.len())].as_bytes();
    let at = tokens[at].start;
    body.splice(at..at, [&key, &b":"[..], value, b","].concat());
}

fn insert_long_key(body: &mut Vec<u8>, rng: &mut Rng) {
    let length = if rng.u8(..50) == 0 { 5_000 } else { rng.usize(..100) };
    let member = [&b"{\""[..], &b"va\\u006cue\\n"[..rng.usize(..12)], &b"k".repeat(length), b"\":1,"].concat();
    if let Some(brace) = body.iter().position(|byte| *byte == b'{') {
        body.splice(brace..=brace, member);
    }
}

fn swap_tokens(body: &mut Vec<u8>, rng: &mut Rng) {
    let tokens = tokens(body);
    let (Some(one), Some(two)) = (rng.choice(&tokens), rng.choice(&tokens)) else { return };
    let (first, second) = if one.start < two.start { (one, two) } else { (two, one) };
    let (left, right) = (body[first.clone()].to_vec(), body[second.clone()].to_vec());
    if first != second {
        body.splice(second.clone(), left);
        body.splice(first.clone(), right);
    }
}

fn replace_token(body: &mut Vec<u8>, rng: &mut Rng) {
    if let Some(token) = rng.choice(tokens(body)) {
        body.splice(token, TOKENS[rng.usize(..TOKENS.len())].bytes());
    }
}

fn random_range(length: usize, rng: &mut Rng) -> Range<usize> {
    let start = rng.usize(..=length);
    start..(start + rng.usize(..20)).min(length)
}

/// The ranges of the first 200 strings, words and punctuation marks; the body may be malformed.
fn tokens(body: &[u8]) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < body.len() && tokens.len() < 200 {
        let end = at + token_length(&body[at..]);
        if !body[at].is_ascii_whitespace() {
            tokens.push(at..end);
        }
        at = end;
    }
    tokens
}

fn token_length(rest: &[u8]) -> usize {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
    match rest[0] {
        b'"' => rest.iter().skip(1).position(|byte| *byte == b'"').map_or(rest.len(), |close| close + 2),
        byte if is_word(&byte) => rest.iter().position(|byte| !is_word(byte)).unwrap_or(rest.len()),
        _ => 1,
    }
}
