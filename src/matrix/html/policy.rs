//! What a page can load and run: nothing but its own script and style.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// Returns the content security policy of a page with this style and this script.
pub(super) fn policy(style: &str, script: &str) -> String {
    let [style, script] = [style, script].map(hash);
    format!(
        "default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
}

fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

/// Returns JSON for an element of HTML: no tag, comment or line end of a script is in it.
pub(super) fn inert(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{hash, inert};

    #[test]
    fn json_ends_no_element() {
        assert_eq!(
            inert("[\"</script><!--&\u{2028}\"]"),
            "[\"\\u003c/script\\u003e\\u003c!--\\u0026\\u2028\"]"
        );
    }

    #[test]
    fn hashes_are_those_of_browsers() {
        // The example of the specification "Content Security Policy Level 3", section 2.3.1.
        assert_eq!(
            hash("alert('Hello, world.');"),
            "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
        );
    }
}
