//! Base64 (RFC 4648, the standard alphabet, padded): so little of it is needed that a library would be the longer way.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(super) fn encode(bytes: &[u8]) -> String {
    bytes.chunks(3).flat_map(group).collect()
}

/// One to three bytes as four characters.
fn group(bytes: &[u8]) -> [char; 4] {
    let byte = |i: usize| u32::from(bytes.get(i).copied().unwrap_or_default());
    let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
    let digit = |i: usize| {
        let sextet = bits >> (18 - 6 * i) & 0x3f;
        if i > bytes.len() { '=' } else { char::from(ALPHABET[sextet as usize]) }
    };
    [digit(0), digit(1), digit(2), digit(3)]
}

#[cfg(test)]
mod tests {
    use super::encode;

    /// RFC 4648, section 10, and the two last characters of the alphabet.
    #[test]
    fn bytes_are_written_as_in_the_rfc() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
        }
        assert_eq!(encode(&[0xfb, 0xff, 0xfe]), "+//+");
    }
}
