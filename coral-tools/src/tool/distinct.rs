//! Two tools of one name, found by the compiler.

use std::marker::PhantomData;

use super::Tool;

/// The name of a tool: inherent for one, that of [`NotNamed`] for a type that is none and gets an error of its own.
#[derive(Debug)]
pub struct Named<T>(PhantomData<T>);

impl<T: Tool> Named<T> {
    pub const NAME: &'static str = T::NAME;
}

pub trait NotNamed {
    const NAME: &'static str = "";
}

impl<T> NotNamed for Named<T> {}

/// One tool of a `toolset!`: its path there, and its name.
#[derive(Debug)]
pub struct Entry {
    path: &'static str,
    name: &'static str,
    /// Names differ where their hashes do: the compiler compares each with each, and slowly.
    hash: u64,
}

#[must_use]
pub const fn entry(path: &'static str, name: &'static str) -> Entry {
    Entry { path, name, hash: hash(name.as_bytes()) }
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

/// Fails to compile where `tools[index]` has the name of one before it.
#[track_caller]
pub const fn distinct(tools: &[Entry], index: usize) {
    let tool = &tools[index];
    let mut before = 0;
    while before < index {
        let other = &tools[before];
        if tool.hash == other.hash && !tool.name.is_empty() && same(tool.name.as_bytes(), other.name.as_bytes()) {
            let message = Message::new()
                .text("`")
                .text(other.path)
                .text("` and `")
                .text(tool.path)
                .text("` are both named `")
                .text(tool.name)
                .text("`; rename one with `#[coral_tool(name = \"…\")]`");
            panic!("{}", message.as_str());
        }
        before += 1;
    }
}

const fn same(a: &[u8], b: &[u8]) -> bool {
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

/// A sentence put together at compile time, where nothing can be allocated.
struct Message {
    bytes: [u8; 1024],
    len: usize,
}

impl Message {
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
            Err(_) => "two tools have one name",
        }
    }
}
