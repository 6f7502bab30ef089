//! Matches Java regular expressions as coral-server does: against the whole string.
//!
//! The pattern is translated to `regex-lite`, which is closer to Java than `regex` is: in both, `\w`, `\d`, `\s` and
//! `(?i)` are limited to ASCII. Constructs without a counterpart (lookarounds, backreferences, possessive quantifiers,
//! Unicode classes, set operations) cannot be translated, so only the server checks such patterns.

use std::iter::Peekable;
use std::str::Chars;

/// Java's `.`: every character except its line terminators.
const DOT: &str = r"[^\n\r\x{85}\x{2028}\x{2029}]";

/// A translated regular expression.
pub(crate) struct JavaRegex {
    regex: regex_lite::Regex,
    /// Before Java 19, `\b` is not limited to ASCII, so the result for other strings is uncertain.
    has_boundary: bool,
}

impl JavaRegex {
    /// Whether the server certainly rejects the string.
    pub(crate) fn rejects(&self, text: &str) -> bool {
        let is_certain = text.is_ascii() || !self.has_boundary;
        is_certain && !self.regex.is_match(text)
    }
}

/// Compiles a pattern. The error names the construct that cannot be translated.
pub(crate) fn compile(java: &str) -> Result<JavaRegex, &'static str> {
    let mut translator =
        JavaRegexTranslator { rest: java.chars().peekable(), done: String::new(), has_boundary: false };
    translator.pattern()?;
    let JavaRegexTranslator { done, has_boundary, .. } = translator;
    let regex = regex_lite::Regex::new(&format!(r"\A(?:{done})\z")).map_err(|_| "syntax that is not supported here")?;
    Ok(JavaRegex { regex, has_boundary })
}

/// Translates a pattern character by character.
struct JavaRegexTranslator<'a> {
    rest: Peekable<Chars<'a>>,
    done: String,
    has_boundary: bool,
}

impl JavaRegexTranslator<'_> {
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

    /// Java's `$` also matches before a final line terminator. At the end of a pattern this makes no difference.
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

    /// A quantifier followed by `+` is possessive. One followed by `?` is lazy, which makes no difference for a whole
    /// match.
    fn not_possessive(&mut self) -> Result<(), &'static str> {
        if self.rest.peek() == Some(&'+') {
            return Err("a possessive quantifier");
        }
        self.done.extend(self.rest.next_if_eq(&'?'));
        self.not_quantified("a quantifier of a quantifier")
    }

    /// The engines disagree on the operand of such a quantifier.
    fn not_quantified(&mut self, what: &'static str) -> Result<(), &'static str> {
        if self.rest.peek().is_some_and(|next| "*+?{".contains(*next)) { Err(what) } else { Ok(()) }
    }

    fn group(&mut self) -> Result<(), &'static str> {
        /// Groups with the same meaning in both engines; the flags are limited to ASCII in both.
        const COMMON: [&str; 3] = ["?:", "?i)", "?i:"];
        self.done.push('(');
        if self.rest.peek() != Some(&'?') {
            return Ok(());
        }
        let head: String = self.rest.clone().take(3).collect();
        if let Some(common) = COMMON.iter().find(|common| head.starts_with(**common)) {
            self.done.extend(self.rest.by_ref().take(common.len()));
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

    /// Translates an escape outside a class.
    fn escape(&mut self) -> Result<(), &'static str> {
        match self.rest.peek() {
            Some('1'..='9' | 'k') => Err("a backreference"),
            Some(c @ ('b' | 'B' | 'A' | 'z')) => {
                let c = *c;
                self.rest.next();
                // `\b{…}` is a grapheme boundary in Java and a word boundary in `regex-lite`.
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

    /// Translates an escape of a character or a class. Returns whether it is a single character.
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
            _ => return Err("an escape that is not supported here"),
        }
        Ok(true)
    }

    fn code(&mut self, digits: usize) -> Result<(), &'static str> {
        let code: String = self.rest.by_ref().take(digits).collect();
        if code.len() != digits || !code.chars().all(|c| c.is_ascii_hexdigit()) {
            return Err("an escape that is not supported here");
        }
        self.done.push_str(&format!(r"\x{{{code}}}"));
        Ok(())
    }

    /// Appends a literal character, inside or outside a class.
    fn literal(&mut self, c: char) {
        if c.is_ascii_punctuation() && !matches!(c, '<' | '>') {
            self.done.push('\\');
        }
        self.done.push(c);
    }

    /// Translates a class without nested classes. In Java, a `-` outside a range is literal.
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

    /// Translates the rest of a range, if the preceding item starts one.
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
