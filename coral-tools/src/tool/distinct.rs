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

/// Fails to compile where `tools[index]`, a path and a name, has the name of one before it.
#[track_caller]
pub const fn distinct(tools: &[(&str, &str)], index: usize) {
    let (path, name) = tools[index];
    let mut before = 0;
    while before < index {
        let (other, taken) = tools[before];
        if !name.is_empty() && same(name.as_bytes(), taken.as_bytes()) {
            let message = Message::new()
                .text("`")
                .text(other)
                .text("` and `")
                .text(path)
                .text("` are both named `")
                .text(name)
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
    // From the end: the names of one application often begin alike, and there are as many pairs as tools squared.
    let mut i = a.len();
    while i > 0 {
        i -= 1;
        if a[i] != b[i] {
            return false;
        }
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
