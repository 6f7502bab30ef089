//! Finds functions that are not tools, and two tools with one name, at compile time.

use std::marker::PhantomData;

use super::not_a_tool::NotATool;
use crate::tool::Tool;

/// The name of a tool. `NAME` is inherent for a type that implements [`Tool`]; for any other type it is that of
/// [`ToolNameFallback`], because such a type has a compile error of its own.
#[derive(Debug)]
pub struct NameOf<T>(PhantomData<T>);

impl<T: Tool> NameOf<T> {
    pub const NAME: &'static str = T::NAME;
}

pub trait ToolNameFallback {
    const NAME: &'static str = "";
}

impl<T> ToolNameFallback for NameOf<T> {}

/// A tool of a `toolset!`: its path there, and its name; the name is empty if the entry is left out or has an error.
#[derive(Debug)]
pub struct NamedTool {
    path: &'static str,
    name: &'static str,
    /// Compared before the names: each name is compared with each other, and the compiler compares strings slowly.
    hash: u64,
}

#[must_use]
pub const fn named_tool(path: &'static str, name: &'static str) -> NamedTool {
    NamedTool { path, name, hash: hash(name.as_bytes()) }
}

/// FNV-1a.
const fn hash(bytes: &[u8]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0100_0000_01b3);
        i += 1;
    }
    hash
}

/// Fails to compile if `tools[index]` is a function without `#[coral_tool]`, or has the name of an earlier tool.
#[track_caller]
pub const fn check_tool(tools: &[NamedTool], index: usize) {
    let tool = &tools[index];
    if is_same(tool.name.as_bytes(), NotATool::NAME.as_bytes()) {
        let message = ConstMessage::new()
            .text("`")
            .text(tool.path)
            .text("` is a function, but not a tool: add `#[coral_tool]` to the function");
        panic!("{}", message.as_str());
    }
    let mut before = 0;
    while before < index {
        let other = &tools[before];
        let is_named = !tool.name.is_empty();
        if tool.hash == other.hash && is_named && is_same(tool.name.as_bytes(), other.name.as_bytes()) {
            let message = ConstMessage::new()
                .text("`")
                .text(other.path)
                .text("` and `")
                .text(tool.path)
                .text("` are both named `")
                .text(tool.name)
                .text("`: rename one with `#[coral_tool(name = \"…\")]`");
            panic!("{}", message.as_str());
        }
        before += 1;
    }
}

const fn is_same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// Concatenates strings at compile time, where nothing can be allocated.
struct ConstMessage {
    bytes: [u8; 1024],
    len: usize,
}

impl ConstMessage {
    const fn new() -> Self {
        Self { bytes: [0; 1024], len: 0 }
    }

    const fn text(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        if self.len + text.len() > self.bytes.len() {
            return self;
        }
        let mut i = 0;
        while i < text.len() {
            self.bytes[self.len] = text[i];
            self.len += 1;
            i += 1;
        }
        self
    }

    const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "this is not a tool, or has the name of another one",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::{ConstMessage, NotATool, check_tool, is_same, named_tool};

    /// Returns the error for the last of the tools with these names, whose paths are `p0`, `p1` and `p2`.
    fn error(names: [&'static str; 3]) -> Option<String> {
        let [first, second, third] = names;
        let tools = [named_tool("p0", first), named_tool("p1", second), named_tool("p2", third)];
        let checked = catch_unwind(|| check_tool(&tools, 2));
        checked.err().map(|panic| *panic.downcast::<String>().expect("a message"))
    }

    #[test]
    fn a_tool_must_not_have_the_name_of_an_earlier_one() {
        let rename = "rename one with `#[coral_tool(name = \"…\")]`";
        assert_eq!(error(["a", "b", "c"]), None);
        assert_eq!(error(["a", "a", "c"]), None, "only the last is checked");
        assert_eq!(error(["a", "b", "a"]), Some(format!("`p0` and `p2` are both named `a`: {rename}")));
        assert_eq!(error(["b", "a", "a"]), Some(format!("`p1` and `p2` are both named `a`: {rename}")));
        assert_eq!(error(["ab", "ba", "abc"]), None);
        assert_eq!(error(["", "", ""]), None, "entries that are left out");
        let not_a_tool = "`p2` is a function, but not a tool: add `#[coral_tool]` to the function";
        assert_eq!(error(["a", "b", NotATool::NAME]), Some(not_a_tool.to_owned()));
        assert_eq!(error([NotATool::NAME, "b", "c"]), None);
    }

    #[test]
    fn equal_bytes_are_the_same() {
        for (a, b) in [("", ""), ("a", "a"), ("abc", "abc")] {
            assert!(is_same(a.as_bytes(), b.as_bytes()), "{a} {b}");
        }
        for (a, b) in [("", "a"), ("a", "b"), ("abc", "abd"), ("abc", "xbc"), ("ab", "abc"), ("abc", "ab")] {
            assert!(!is_same(a.as_bytes(), b.as_bytes()), "{a} {b}");
        }
    }

    #[test]
    fn texts_are_joined_as_long_as_they_fit() {
        assert_eq!(ConstMessage::new().text("ab").text("").text("cé").as_str(), "abcé");
        let full = "a".repeat(1024);
        assert_eq!(ConstMessage::new().text(&full).text("b").as_str(), full);
        assert_eq!(ConstMessage::new().text(&full[1..]).text("bc").text("b").as_str(), format!("{}b", &full[1..]));
    }
}
