//! The arguments of a call, in a form that is the same for equal arguments.

use serde_json::Value;

/// Returns the arguments with sorted properties and without white space; `None` if they are not JSON, or if a number in them may
/// be read as another one here than by the tool.
pub(crate) fn canonical_arguments(arguments: &[u8]) -> Option<Vec<u8>> {
    if arguments.trim_ascii().is_empty() {
        return Some(b"{}".to_vec());
    }
    let value: Value = serde_json::from_slice(arguments).ok()?;
    let mut canonical = Vec::with_capacity(arguments.len());
    match value {
        // As for the tools, `null` stands for no arguments.
        Value::Null => canonical.extend(b"{}"),
        value => write(&value, &mut canonical)?,
    }
    Some(canonical)
}

fn write(value: &Value, out: &mut Vec<u8>) -> Option<()> {
    match value {
        Value::Array(items) => {
            out.push(b'[');
            for item in items {
                write(item, out)?;
                out.push(b',');
            }
            out.push(b']');
        }
        Value::Object(object) => {
            let mut properties: Vec<_> = object.iter().collect();
            properties.sort_unstable_by_key(|(name, _)| *name);
            out.push(b'{');
            for (name, value) in properties {
                serde_json::to_writer(&mut *out, name).ok()?;
                out.push(b':');
                write(value, out)?;
                out.push(b',');
            }
            out.push(b'}');
        }
        // A 128-bit integer of a tool keeps digits that are lost here.
        Value::Number(number) if number.as_f64()?.abs() >= 9e18 => return None,
        scalar => serde_json::to_writer(out, scalar).ok()?,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::canonical_arguments;

    #[test]
    fn order_and_white_space_make_no_difference() {
        let one = canonical_arguments(br#"{"b": [1, {"y": null, "x": 0.5}], "a": "\u00eb"}"#);
        let other = canonical_arguments("{\n\"a\":\"ë\",\"b\":[1,{\"x\":0.5,\"y\":null}]}".as_bytes());
        assert!(one.is_some());
        assert_eq!(one, other);
    }

    #[test]
    fn no_arguments_have_one_form() {
        for arguments in ["", " ", "null", "{}", "{ }"] {
            assert_eq!(canonical_arguments(arguments.as_bytes()).as_deref(), Some(&b"{}"[..]), "{arguments}");
        }
    }

    #[test]
    fn different_arguments_differ() {
        let forms =
            [r#"{"a":1}"#, r#"{"a":"1"}"#, r#"{"a":[1]}"#, r#"{"a":[1,2]}"#, r#"{"a":[[1],2]}"#, r#"{"a":null}"#];
        let mut canonical: Vec<_> = forms.iter().map(|form| canonical_arguments(form.as_bytes())).collect();
        canonical.sort();
        canonical.dedup();
        assert_eq!(canonical.len(), forms.len());
    }

    #[test]
    fn numbers_that_lose_digits_and_text_that_is_not_json_have_no_form() {
        for arguments in [r#"{"a": 36893488147419103233}"#, r#"{"a": 1e300}"#, "{", "{} {}"] {
            assert_eq!(canonical_arguments(arguments.as_bytes()), None, "{arguments}");
        }
    }
}
