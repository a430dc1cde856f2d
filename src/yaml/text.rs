//! Writes strings as JSON and as block YAML that Go's readers give back unchanged.

mod carry;
mod plain;

pub use carry::{key_too_long, uncarried, uncarried_key};

use carry::is_unprintable;
use plain::is_plain_text;

/// Appends a JSON string, which is a double-quoted YAML scalar too.
///
/// Escapes what Go's YAML readers refuse or fold in a JSON string. Never `/` and never pairs of surrogates:
/// the same readers refuse those escapes.
pub fn json_string(out: &mut Vec<u8>, s: &str) {
    out.push(b'"');
    json_chars(out, s);
    out.push(b'"');
}

/// The same without the quotes.
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

/// Whether a text holds what begins an expression of a Go template.
pub(crate) fn has_braces(s: &str) -> bool {
    s.contains("{{")
}

/// A JSON string whose braces are escapes: to YAML they mean the same however often an engine of Go templates
/// reads it before, and Sveltos does up to twice.
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

/// For each byte, whether it needs an escape or starts a character that may need one.
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

/// Appends a string as the value of a key, or of a `-`, that stands at column `indent`.
///
/// Plain where every reader takes it for the same text, a `|` block where it has several clean lines, else quoted.
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

/// Appends lines of a block: all but the first, which goes on where the text ends, and empty ones are indented.
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

/// Whether the text may be a `|` block: no reader has to guess its indentation or its end.
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
    fn json_escapes_what_go_cannot_read_raw() {
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
    fn several_clean_lines_are_a_block() {
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
    fn keys_are_quoted_sooner() {
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
