//! Characters and keys that Go tools do not preserve.

/// Returns the byte offset and name of the first character that Go tools do not preserve.
///
/// An escape does not help: Argo CD and kustomize convert YAML to JSON, in which Go does not escape these
/// characters, and parse that JSON as YAML, which forbids them.
pub fn find_unsupported_char(s: &str) -> Option<(usize, &'static str)> {
    let mut from = 0;
    while let Some(step) = s[from..]
        .bytes()
        .position(|byte| matches!(byte, 0x7f | 0xc2 | 0xef))
    {
        let at = from + step;
        let c = s[at..].chars().next()?;
        if let Some(name) = unsupported_char_name(c) {
            return Some((at, name));
        }
        from = at + c.len_utf8();
    }
    None
}

fn unsupported_char_name(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{7f}' => "U+007F (delete)",
        '\u{85}' => "U+0085 (next line)",
        '\u{80}'..='\u{9f}' => "a control character between U+0080 and U+009F",
        '\u{fffe}' => "U+FFFE (no character)",
        '\u{ffff}' => "U+FFFF (no character)",
        _ => return None,
    })
}

/// Returns the reason why a mapping key is not preserved, regardless of its characters.
pub fn unsupported_key_reason(s: &str) -> Option<&'static str> {
    if s == "<<" {
        return Some("kustomize drops the key `<<`, quoted or not");
    }
    key_too_long(s).then_some("Go YAML parsers accept keys of at most 1,022 characters")
}

/// Returns `true` if a key is too long for Go YAML parsers, which look for the colon in the first 1,024
/// characters, including the quotes.
pub fn key_too_long(s: &str) -> bool {
    let width = |c: char| match c {
        '"' | '\\' | '\n' | '\r' | '\t' => 2,
        // The Go JSON encoder also escapes these three when YAML is converted.
        '<' | '>' | '&' => 6,
        _ if is_unprintable(c) => 6,
        _ => 1,
    };
    s.len() > 1022 / 6 && s.chars().map(width).sum::<usize>() > 1022
}

/// Returns `true` if a character must be escaped: a control character, a line break other than `\n`, a byte
/// order mark, or a noncharacter.
pub(super) fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsupported_characters_and_keys_are_found() {
        assert_eq!(
            find_unsupported_char("é\u{a0}\u{fffd}\u{feff}\u{2028}\t\0"),
            None
        );
        assert_eq!(
            find_unsupported_char("é\u{7f}"),
            Some((2, "U+007F (delete)"))
        );
        assert_eq!(
            find_unsupported_char("ﬀ\u{9f}"),
            Some((3, "a control character between U+0080 and U+009F"))
        );
        assert_eq!(unsupported_key_reason("<"), None);
        assert!(unsupported_key_reason("<<").is_some());
        assert!(!key_too_long(&"é".repeat(1022)));
        assert!(key_too_long(&"a".repeat(1023)));
        assert!(key_too_long(&"<".repeat(171)));
    }
}
