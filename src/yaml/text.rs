//! Encoding of strings as JSON and block YAML, so that Go parsers return them unchanged.

mod plain;
mod unsupported;

pub use unsupported::{find_unsupported_char, key_too_long, unsupported_key_reason};

use plain::is_plain_text;
use unsupported::is_unprintable;

/// Appends a JSON string, which is also a double-quoted YAML scalar.
///
/// Escapes the characters that Go YAML parsers reject or fold in a JSON string. Never escapes `/` and never
/// writes surrogate pairs, because the same parsers reject those escapes.
pub fn json_string(out: &mut Vec<u8>, s: &str) {
    out.push(b'"');
    json_chars(out, s);
    out.push(b'"');
}

/// Appends the characters of a JSON string without the quotes.
pub(crate) fn json_chars(out: &mut Vec<u8>, s: &str) {
    let mut rest = s;
    while let Some(at) = rest.bytes().position(|byte| SUSPECT[usize::from(byte)]) {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at..];
        let mut chars = rest.chars();
        if let Some(c) = chars.next() {
            push_char(out, c);
        }
        rest = chars.as_str();
    }
    out.extend_from_slice(rest.as_bytes());
}

/// Returns `true` if a string contains `{{`, which begins an expression of a Go template.
pub(crate) fn has_braces(s: &str) -> bool {
    s.contains("{{")
}

/// Appends a JSON string with escaped braces.
///
/// The escapes have the same value in YAML regardless of how often a Go template engine evaluates the string
/// first; Sveltos does so up to twice.
pub(crate) fn braced_string(out: &mut Vec<u8>, s: &str) {
    let mut string = Vec::with_capacity(s.len() + 16);
    json_string(&mut string, s);
    for byte in string {
        match byte {
            b'{' => out.extend_from_slice(b"\\u007b"),
            byte => out.push(byte),
        }
    }
}

/// The bytes that need an escape, or begin a character that might need one.
const SUSPECT: [bool; 256] = {
    let mut suspect = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        suspect[byte] = matches!(byte, 0..=0x1f | 0x22 | 0x5c | 0x7f | 0xc2 | 0xe2 | 0xef);
        byte += 1;
    }
    suspect
};

fn push_char(out: &mut Vec<u8>, c: char) {
    let short = match c {
        '"' | '\\' => c,
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        _ if is_unprintable(c) => {
            out.extend_from_slice(format!("\\u{:04x}", u32::from(c)).as_bytes());
            return;
        }
        _ => {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short as u8]);
}

/// Appends a string as the value of a key, or of a `-`, in column `indent`.
///
/// The string is plain if every parser reads the same string, a `|` block if it has several lines without
/// special characters, and otherwise quoted.
pub fn yaml_string(out: &mut Vec<u8>, s: &str, indent: usize) {
    if is_plain_text(s) {
        out.extend_from_slice(s.as_bytes());
    } else if is_block_text(s) {
        yaml_block(out, s, indent + 2);
    } else {
        json_string(out, s);
    }
}

/// Appends a mapping key, without its colon.
pub fn yaml_key(out: &mut Vec<u8>, s: &str) {
    if is_plain_text(s) && !s.contains([' ', ':', '?', '\'', '"']) {
        out.extend_from_slice(s.as_bytes());
    } else {
        json_string(out, s);
    }
}

/// Appends the lines of a block. The first line continues the output; the others are indented unless empty.
pub(crate) fn block_lines(out: &mut Vec<u8>, s: &str, indent: usize) {
    for (index, line) in s.split('\n').enumerate() {
        if index > 0 {
            out.push(b'\n');
            if !line.is_empty() {
                out.resize(out.len() + indent, b' ');
            }
        }
        out.extend_from_slice(line.as_bytes());
    }
}

fn yaml_block(out: &mut Vec<u8>, s: &str, indent: usize) {
    out.extend_from_slice(if s.ends_with('\n') { b"|\n" } else { b"|-\n" });
    out.resize(out.len() + indent, b' ');
    block_lines(out, s.strip_suffix('\n').unwrap_or(s), indent);
}

/// Returns `true` if a `|` block can represent the string: its indentation and end are unambiguous.
fn is_block_text(s: &str) -> bool {
    let is_clean = |line: &str| {
        !line.ends_with([' ', '\t']) && !line.contains(|c| is_unprintable(c) && c != '\t')
    };
    s.contains('\n')
        && !s.starts_with([' ', '\t', '\n'])
        && !s.ends_with("\n\n")
        && s.split('\n').all(is_clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn json_escapes_characters_that_go_rejects() {
        for (text, expected) in [
            ("a/b", r#""a/b""#),
            ("say \"hi\"\\\n", r#""say \"hi\"\\\n""#),
            ("\0\u{8}\u{1b}", r#""\u0000\u0008\u001b""#),
            ("é😀\u{e000}", "\"é😀\u{e000}\""),
            ("\u{7f}\u{85}\u{a0}", "\"\\u007f\\u0085\u{a0}\""),
            (
                "\u{2027}\u{2028}\u{feff}\u{fffd}\u{fffe}",
                "\"\u{2027}\\u2028\\ufeff\u{fffd}\\ufffe\"",
            ),
        ] {
            assert_eq!(written(|out| json_string(out, text)), expected);
        }
    }

    #[test]
    fn several_lines_are_a_block() {
        for (text, expected) in [
            ("a\n", "|\n    a"),
            ("a\n\n  b", "|-\n    a\n\n      b"),
            ("---\n# x\n", "|\n    ---\n    # x"),
            (" a\nb", r#"" a\nb""#),
            ("a \nb", r#""a \nb""#),
            ("a\n\n", r#""a\n\n""#),
            ("a\r\nb", r#""a\r\nb""#),
            ("\n", r#""\n""#),
        ] {
            assert_eq!(written(|out| yaml_string(out, text, 2)), expected);
        }
    }

    #[test]
    fn keys_are_quoted_more_often_than_values() {
        for (text, expected) in [
            ("a.b/c", "a.b/c"),
            ("a b", r#""a b""#),
            ("y", r#""y""#),
            ("a:b", r#""a:b""#),
            ("<<", r#""<<""#),
            ("8080", r#""8080""#),
        ] {
            assert_eq!(written(|out| yaml_key(out, text)), expected);
        }
    }
}
