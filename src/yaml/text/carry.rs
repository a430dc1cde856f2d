//! What Go's tools cannot carry from a file to a cluster.

/// The first character that Go's tools lose or refuse on the way to a cluster: its byte offset and its name.
///
/// An escape does not help: Argo CD and kustomize turn YAML into JSON, where Go writes these characters as they
/// are, and read that JSON as YAML, which forbids them.
pub fn uncarried(s: &str) -> Option<(usize, &'static str)> {
    let mut from = 0;
    while let Some(step) = s[from..]
        .bytes()
        .position(|byte| matches!(byte, 0x7f | 0xc2 | 0xef))
    {
        let at = from + step;
        let c = s[at..].chars().next()?;
        if let Some(name) = name_of_uncarried(c) {
            return Some((at, name));
        }
        from = at + c.len_utf8();
    }
    None
}

fn name_of_uncarried(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{7f}' => "U+007F (delete)",
        '\u{85}' => "U+0085 (next line)",
        '\u{80}'..='\u{9f}' => "a control character between U+0080 and U+009F",
        '\u{fffe}' => "U+FFFE (no character)",
        '\u{ffff}' => "U+FFFF (no character)",
        _ => return None,
    })
}

/// Why a mapping key cannot be carried, whatever its characters.
pub fn uncarried_key(s: &str) -> Option<&'static str> {
    if s == "<<" {
        return Some("kustomize drops the key `<<`, quoted or not");
    }
    key_too_long(s).then_some("Go's YAML readers take keys of at most 1,022 characters")
}

/// Whether Go's YAML readers find no colon behind this key: they look 1,024 characters far, the quotes included.
pub fn key_too_long(s: &str) -> bool {
    let width = |c: char| match c {
        '"' | '\\' | '\n' | '\r' | '\t' => 2,
        // Go's JSON, which YAML becomes on the way, escapes these three as well.
        '<' | '>' | '&' => 6,
        _ if is_unprintable(c) => 6,
        _ => 1,
    };
    s.len() > 1022 / 6 && s.chars().map(width).sum::<usize>() > 1022
}

/// Characters that are written with an escape: controls, line breaks other than `\n`, byte order marks, non-characters.
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
    fn what_cannot_be_carried_is_found() {
        assert_eq!(uncarried("é\u{a0}\u{fffd}\u{feff}\u{2028}\t\0"), None);
        assert_eq!(uncarried("é\u{7f}"), Some((2, "U+007F (delete)")));
        assert_eq!(
            uncarried("ﬀ\u{9f}"),
            Some((3, "a control character between U+0080 and U+009F"))
        );
        assert_eq!(uncarried_key("<"), None);
        assert!(uncarried_key("<<").is_some());
        assert!(!key_too_long(&"é".repeat(1022)));
        assert!(key_too_long(&"a".repeat(1023)));
        assert!(key_too_long(&"<".repeat(171)));
    }
}
