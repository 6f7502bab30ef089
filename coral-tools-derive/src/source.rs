//! The source file around an attribute. The tokens of a function do not show whether it is in an `impl` block.

use std::iter::Peekable;
use std::str::Chars;

/// Whether the innermost block around `span` is that of an `impl` or a trait, as far as its file shows.
pub(crate) fn is_in_impl(span: proc_macro::Span) -> bool {
    // A function that is not indented is hardly in a block: the file is not read for it.
    let is_indented = span.column() > 1;
    let file = span.local_file().filter(|_| is_indented).and_then(|path| std::fs::read_to_string(path).ok());
    file.is_some_and(|text| ends_in_impl(before(&text, span.line(), span.column())))
}

/// Returns the source before a line and column, which are counted from 1.
fn before(text: &str, line: usize, column: usize) -> &str {
    let lines_before: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    text.get(..lines_before + column - 1).unwrap_or_default()
}

/// A bracket that is open.
struct Bracket {
    /// Whether it is the block of an `impl` or a trait.
    is_impl: bool,
    /// The first keyword of the item that it is part of.
    item: Option<String>,
}

/// Whether the end of the source is directly in the block of an `impl` or a trait.
fn ends_in_impl(text: &str) -> bool {
    let mut open: Vec<Bracket> = Vec::new();
    let mut item = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'/') => skip_through(&mut chars, '\n'),
            '/' if chars.peek() == Some(&'*') => skip_comment(&mut chars),
            '"' => skip_string(&mut chars, '"'),
            '\'' => skip_char(&mut chars),
            '{' | '(' | '[' => {
                let is_impl = c == '{' && matches!(item.as_deref(), Some("impl" | "trait"));
                open.push(Bracket { is_impl, item: item.take().filter(|_| c != '{') });
            }
            '}' | ')' | ']' => item = open.pop().and_then(|bracket| bracket.item),
            ';' => item = None,
            c if c.is_alphanumeric() || c == '_' => {
                let word = word(c, &mut chars);
                if matches!(word.as_str(), "r" | "br" | "cr") && matches!(chars.peek(), Some('"' | '#')) {
                    skip_raw_string(&mut chars);
                } else if !matches!(word.as_str(), "pub" | "unsafe" | "default" | "auto") {
                    item.get_or_insert(word);
                }
            }
            _ => {}
        }
    }
    open.last().is_some_and(|bracket| bracket.is_impl)
}

fn word(first: char, chars: &mut Peekable<Chars<'_>>) -> String {
    let mut word = first.to_string();
    while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
        word.push(c);
    }
    word
}

fn skip_through(chars: &mut Peekable<Chars<'_>>, end: char) {
    chars.find(|c| *c == end);
}

/// Skips a block comment, in which others may be nested.
fn skip_comment(chars: &mut Peekable<Chars<'_>>) {
    let (mut depth, mut last) = (0, '/');
    for c in chars {
        match (last, c) {
            ('/', '*') => (depth, last) = (depth + 1, ' '),
            ('*', '/') if depth == 1 => return,
            ('*', '/') => (depth, last) = (depth - 1, ' '),
            _ => last = c,
        }
    }
}

fn skip_string(chars: &mut Peekable<Chars<'_>>, end: char) {
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            c if c == end => return,
            _ => {}
        }
    }
}

/// Skips a character in quotes, or only the quote of a lifetime.
fn skip_char(chars: &mut Peekable<Chars<'_>>) {
    let mut ahead = chars.clone();
    match (ahead.next(), ahead.next()) {
        (Some('\\'), _) | (_, Some('\'')) => skip_string(chars, '\''),
        _ => {}
    }
}

/// Skips `#"…"#` after `r`, or the first `#` of a raw identifier.
fn skip_raw_string(chars: &mut Peekable<Chars<'_>>) {
    let mut hashes = 0;
    while chars.next_if_eq(&'#').is_some() {
        hashes += 1;
    }
    if chars.next_if_eq(&'"').is_none() {
        return;
    }
    while chars.by_ref().any(|c| c == '"') {
        let mut ahead = chars.clone();
        if (0..hashes).all(|_| ahead.next() == Some('#')) {
            *chars = ahead;
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{before, ends_in_impl};

    #[test]
    fn the_innermost_block_decides() {
        let in_impl = [
            "struct Shop;\nimpl Shop {\n    /// Counts {\n    ",
            "impl Shop { fn first(&self) -> char { '{' } pub ",
            "#[cfg(unix)] unsafe impl<T: Into<[u8; 4]>> Trait for (T, u8) { const A: &str = r#\"\"}\"#; ",
            "pub trait Tools { /* } /* } */ } */ fn a<'a>(a: &'a str) -> u8 { b'}' } ",
            "mod tools { use super::Shop; impl Shop { const S: &str = \"}\\\"}\"; ",
            "mod tools { impl Shop { const HALF: u8 = 4 / 2; ",
            "impl Shop { const BYTES: &[u8] = b\"\\\"}\"; ",
            "impl Shop { const TEXT: &str = \"text }\"; ",
        ];
        for text in in_impl {
            assert!(ends_in_impl(text), "{text}");
        }
        let elsewhere = [
            "",
            "impl Shop {}\n",
            "impl Shop { const HALF: u8 = 4 / 2; }\n",
            "impl Shop { /* one */ }\n",
            "impl Shop { /* /* one */ two */ }\n",
            "mod tools { ",
            "impl Shop { const OPEN: &str = r#\"{\"#; } ",
            "impl Shop { fn outer() { ",
            "fn r#impl() -> impl Trait { ",
            "impl Shop { tools! { ",
            "const TEXT: &str = \"impl Shop {\"; mod tools { ",
            "fn a() { let impl_ = 1; match impl_ { 1 => { ",
        ];
        for text in elsewhere {
            assert!(!ends_in_impl(text), "{text}");
        }
    }

    #[test]
    fn positions_are_counted_from_one() {
        assert_eq!(before("ab\ncd\n", 1, 1), "");
        assert_eq!(before("ab\ncd\n", 2, 2), "ab\nc");
        assert_eq!(before("ab", 9, 9), "");
    }
}
