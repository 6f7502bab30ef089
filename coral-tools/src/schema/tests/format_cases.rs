//! Strings that are in a format and strings that are not.

use serde_json::json;

use super::Constraint;
use super::constraints::check;

/// Formats, with strings that are in the format and strings that are not.
const FORMAT_CASES: [(&str, &[&str], &[&str]); 9] = [
    (
        "date-time",
        &[
            "2026-01-31T09:30:00Z",
            "2024-02-29t23:59:60.5z",
            "2026-01-31T09:30:00-08:00",
            "1990-12-31T15:59:60-08:00",
            "2017-01-01T05:29:60+05:30",
        ],
        &[
            "2026-01-31",
            "2026-02-29T00:00:00Z",
            "2026-01-31T24:00:00Z",
            "2026-01-31T12:00:60Z",
            "2026-01-31T23:59:61Z",
            "2017-01-01T05:30:60+05:30",
            "2026-01-31 09:30:00Z",
        ],
    ),
    (
        "date",
        &["2000-02-29", "2026-02-28", "2026-04-30", "2026-12-31"],
        &[
            "1900-02-29",
            "2026-02-29",
            "2024-02-30",
            "2026-04-31",
            "2026-06-31",
            "2026-09-31",
            "2026-11-31",
            "2026-01-32",
            "2026-01-00",
            "2026-13-01",
            "2026-00-01",
            "26-01-01",
            "2026-1-01",
            "2026-01-0é",
            "2026-01-01-01",
        ],
    ),
    (
        "time",
        &["09:30:00Z", "09:30:00.123+01:00", "23:59:59+23:59", "00:00:00-00:00"],
        &[
            "09:30:00",
            "9:30:00Z",
            "24:00:00Z",
            "09:60:00Z",
            "09:30:00.Z",
            "09:30:00.1aZ",
            "09:30:00:00Z",
            "09:30:00+24:00",
            "09:30:00+01:60",
            "09:30:00+1:00",
        ],
    ),
    (
        "email",
        &["a@b.example", "first.last+tag@mail.example", "!#$%&'*+-/=?^_`{|}~@b"],
        &["a", "@b", "a@", "a..b@c", "a b@c", ".a@b", "a@b@c", "a@b_c", "ä@b"],
    ),
    (
        "hostname",
        &["a", "mail.example", "xn--bcher-kva.example", "1.2-3"],
        &["", "-a", "a-", "a..b", "ä.example", "a_b"],
    ),
    ("ipv4", &["127.0.0.1"], &["127.0.0", "127.0.0.256", "01.0.0.1"]),
    ("ipv6", &["::1", "2001:db8::ff00:42:8329", "::ffff:1.2.3.4"], &["1", ":::", "12345::"]),
    (
        "uri",
        &[
            "https://example.com/a?b=c#d",
            "mailto:a@b",
            "urn:isbn:0",
            "http://[::1]:80/",
            "http://ada@[::1]",
            "file:///a",
            "a+b-c.1:d",
            "http://a/%2F%aB",
            "http://a#b",
        ],
        &[
            "",
            "//example.com",
            "a",
            "http://a b",
            "1a:b",
            "+a:b",
            "a_b:c",
            "http://[::1/",
            "http://[::1]x]/",
            "http://[1.2.3.4]/",
            "http://a/%2",
            "http://a/%",
            "http://a/%2g",
            "http://a/%g2",
            "a:b#c#d",
            "http://a/#b#c",
            "https://ex.com/[a]",
            "http://a]/",
            "a:[b",
        ],
    ),
    (
        "uuid",
        &["67e55044-10b1-426f-9247-BB680e5fe0c8"],
        &[
            "67e5504410b1426f9247bb680e5fe0c8",
            "67e55044-10b1-426f-9247-bb680e5fe0cg",
            "67e550441-0b1-426f-9247-bb680e5fe0c8",
        ],
    ),
];

#[test]
fn formats_are_enforced() {
    for (format, good, bad) in FORMAT_CASES {
        let good: Vec<_> = good.iter().map(|text| json!(text)).collect();
        let bad: Vec<_> = bad.iter().map(|text| json!(text)).collect();
        check::<String>(&[Constraint::Format(format)], &good, &bad);
    }
}

#[test]
fn hostnames_and_local_parts_are_limited_in_length() {
    let label = |length| "a".repeat(length);
    let hostname = |last| format!("{0}.{0}.{0}.{1}", label(63), label(last));
    check::<String>(
        &[Constraint::Format("hostname")],
        &[json!(label(63)), json!(hostname(61))],
        &[json!(label(64)), json!(hostname(62))],
    );
    let address = |length| json!(format!("{}@b", label(length)));
    check::<String>(&[Constraint::Format("email")], &[address(64)], &[address(65)]);
}
