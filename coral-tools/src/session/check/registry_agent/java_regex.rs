//! Regular expressions of Java's, applied as coral-server does: to the whole text.
//!
//! `regex-lite` is closer to Java than the full engine is: to both, `\w`, `\d`, `\s` and `(?i)` know ASCII alone. What
//! is written otherwise, or means something else, is translated; what has no counterpart (lookarounds, backreferences,
//! possessive quantifiers, Unicode classes, set operations) is left to the server.

use std::iter::Peekable;
use std::str::Chars;

/// The line ends that Java's `.` does not match.
const DOT: &str = r"[^\n\r\x{85}\x{2028}\x{2029}]";

/// A regular expression that can be applied here.
pub(crate) struct Regex {
    regex: regex_lite::Regex,
    /// Before Java 19, `\b` knows letters beyond ASCII.
    has_boundary: bool,
}

impl Regex {
    /// Whether the text is refused for sure.
    pub(crate) fn refuses(&self, text: &str) -> bool {
        let is_certain = text.is_ascii() || !self.has_boundary;
        is_certain && !self.regex.is_match(text)
    }
}

/// Compiles what both engines understand alike; otherwise says what in it they do not.
pub(crate) fn compile(java: &str) -> Result<Regex, &'static str> {
    let mut translation = Translation { rest: java.chars().peekable(), done: String::new(), has_boundary: false };
    translation.pattern()?;
    let Translation { done, has_boundary, .. } = translation;
    let regex =
        regex_lite::Regex::new(&format!(r"\A(?:{done})\z")).map_err(|_| "syntax that is not understood here")?;
    Ok(Regex { regex, has_boundary })
}

struct Translation<'a> {
    rest: Peekable<Chars<'a>>,
    done: String,
    has_boundary: bool,
}

impl Translation<'_> {
    fn pattern(&mut self) -> Result<(), &'static str> {
        while let Some(c) = self.rest.next() {
            match c {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '(' => self.group()?,
                '.' => self.done.push_str(DOT),
                '$' => self.end()?,
                '*' | '+' | '?' => self.quantifier(c)?,
                '{' => self.counted()?,
                _ => self.done.push(c),
            }
        }
        Ok(())
    }

    /// To Java, `$` is also before a last line end; where nothing can follow it, that makes no difference.
    fn end(&mut self) -> Result<(), &'static str> {
        let mut after = self.rest.clone().skip_while(|c| *c == ')');
        if after.next().is_some_and(|c| c != '|') {
            return Err("a `$` before its end");
        }
        self.done.push('$');
        Ok(())
    }

    fn counted(&mut self) -> Result<(), &'static str> {
        self.done.push('{');
        for c in self.rest.by_ref() {
            self.done.push(c);
            if c == '}' {
                break;
            }
        }
        self.not_possessive()
    }

    fn quantifier(&mut self, quantifier: char) -> Result<(), &'static str> {
        self.done.push(quantifier);
        self.not_possessive()
    }

    /// A quantifier that is followed by `+` gives nothing back; by `?`, it is lazy, which is the same for a whole match.
    fn not_possessive(&mut self) -> Result<(), &'static str> {
        if self.rest.peek() == Some(&'+') {
            return Err("a possessive quantifier");
        }
        self.done.extend(self.rest.next_if_eq(&'?'));
        self.not_quantified("a quantifier of a quantifier")
    }

    /// Each engine takes something else for what such a quantifier is of.
    fn not_quantified(&mut self, what: &'static str) -> Result<(), &'static str> {
        if self.rest.peek().is_some_and(|next| "*+?{".contains(*next)) { Err(what) } else { Ok(()) }
    }

    fn group(&mut self) -> Result<(), &'static str> {
        /// The flags among them are for ASCII alone in both.
        const ALIKE: [&str; 3] = ["?:", "?i)", "?i:"];
        self.done.push('(');
        if self.rest.peek() != Some(&'?') {
            return Ok(());
        }
        let head: String = self.rest.clone().take(3).collect();
        if let Some(alike) = ALIKE.iter().find(|alike| head.starts_with(**alike)) {
            self.done.extend(self.rest.by_ref().take(alike.len()));
            return self.not_quantified("a quantifier of a flag");
        }
        match head.get(1..) {
            Some(name) if name.starts_with('<') && !name.ends_with(['=', '!']) => {
                self.done.extend(self.rest.by_ref().take(2));
                Ok(())
            }
            Some(look) if look.starts_with(['=', '!', '<']) => Err("a lookaround"),
            Some(atomic) if atomic.starts_with('>') => Err("an atomic group"),
            _ => Err("a flag"),
        }
    }

    /// An escape outside of a class.
    fn escape(&mut self) -> Result<(), &'static str> {
        match self.rest.peek() {
            Some('1'..='9' | 'k') => Err("a backreference"),
            Some(c @ ('b' | 'B' | 'A' | 'z')) => {
                let c = *c;
                self.rest.next();
                // `\b{…}` is a grapheme boundary to Java, and a word boundary to others.
                if self.rest.peek() == Some(&'{') {
                    return Err("a boundary of another kind");
                }
                self.has_boundary |= matches!(c, 'b' | 'B');
                self.done.extend(['\\', c]);
                Ok(())
            }
            _ => self.one_escape().map(|_| ()),
        }
    }

    /// An escape for one character or for a class of them; whether it is one character.
    fn one_escape(&mut self) -> Result<bool, &'static str> {
        match self.rest.next() {
            Some(c @ ('d' | 'D' | 's' | 'S' | 'w' | 'W')) => {
                self.done.extend(['\\', c]);
                return Ok(false);
            }
            Some(c @ ('t' | 'n' | 'r' | 'f' | 'a')) => self.done.extend(['\\', c]),
            Some('e') => self.done.push_str(r"\x1B"),
            Some('x') => self.code(2)?,
            Some('u') => self.code(4)?,
            Some('p' | 'P') => return Err("a Unicode class"),
            Some('Q') => return Err("a quotation"),
            Some(c) if !c.is_ascii_alphanumeric() => self.literal(c),
            _ => return Err("an escape that is not understood here"),
        }
        Ok(true)
    }

    fn code(&mut self, digits: usize) -> Result<(), &'static str> {
        let code: String = self.rest.by_ref().take(digits).collect();
        if code.len() != digits || !code.chars().all(|c| c.is_ascii_hexdigit()) {
            return Err("an escape that is not understood here");
        }
        self.done.push_str(&format!(r"\x{{{code}}}"));
        Ok(())
    }

    /// A character that stands for itself, inside of a class or outside.
    fn literal(&mut self, c: char) {
        if c.is_ascii_punctuation() && !matches!(c, '<' | '>') {
            self.done.push('\\');
        }
        self.done.push(c);
    }

    /// A class without classes in it. To Java, a `-` that is in no range stands for itself.
    fn class(&mut self) -> Result<(), &'static str> {
        self.done.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.done.push('^');
        }
        if self.rest.peek() == Some(&']') {
            return Err("an empty class");
        }
        loop {
            match self.rest.next() {
                None => return Err("a class without an end"),
                Some(']') => {
                    self.done.push(']');
                    return Ok(());
                }
                Some('[') => return Err("a class in a class"),
                Some('&') if self.rest.peek() == Some(&'&') => return Err("an intersection of classes"),
                Some('\\') => {
                    let starts_range = self.one_escape()?;
                    self.range(starts_range)?;
                }
                Some(c) => {
                    self.literal(c);
                    self.range(true)?;
                }
            }
        }
    }

    /// The rest of a range, if what has just been written can start one and does.
    fn range(&mut self, can_start: bool) -> Result<(), &'static str> {
        let mut ahead = self.rest.clone();
        if !can_start || ahead.next() != Some('-') {
            return Ok(());
        }
        match ahead.next() {
            None | Some(']') => return Ok(()),
            Some('[') => return Err("a class in a class"),
            Some('\\') => {
                if ahead.next().is_some_and(|c| "dDsSwWpP".contains(c)) {
                    return Ok(());
                }
            }
            Some(_) => {}
        }
        self.rest.next();
        self.done.push('-');
        match self.rest.next() {
            Some('\\') => self.one_escape().map(|_| ()),
            Some(c) => {
                self.literal(c);
                Ok(())
            }
            None => Ok(()),
        }
    }
}
