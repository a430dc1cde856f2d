//! JSON strings of trees (`$json`).

use std::fmt::Write as _;

use crate::template::error::{FillError, FillErrorKind};
use crate::template::function::{MAX_LENGTH, too_long};
use crate::tree::Node;
use crate::yaml::print::{Format, Place, value};

/// Returns the JSON string of `written`, a mapping with `$json`, whose substituted tree is `filled`.
pub(super) fn text(
    written: &Node,
    filled: &Node,
    is_filled: bool,
    problems: &mut Vec<FillError>,
) -> Node {
    // A patch can add keys next to `$json`, and a string would be encoded twice.
    let is_only_key = written.entries().is_some_and(|all| all.len() == 1);
    let reason = match (is_only_key, filled.as_scalar()) {
        (true, None) => None,
        (true, Some(_)) => {
            Some("the value of `$json` must be a mapping or a sequence, but is a scalar")
        }
        (false, _) => Some("`$json` must be the only key of its mapping, but a patch added a key"),
    };
    if let Some(why) = reason.filter(|_| is_filled) {
        let (span, kind) = (filled.span, FillErrorKind::NotJson(why));
        problems.push(FillError { span, kind });
    }
    let mut printed = Vec::new();
    value(Format::Json, filled, Place::Document, &mut printed);
    let text = plain(&String::from_utf8(printed).unwrap_or_default());
    if text.len() > MAX_LENGTH {
        problems.push(FillError {
            span: filled.span,
            kind: too_long(),
        });
        return Node::string(written.span, "");
    }
    Node::string(written.span, &text)
}

/// Returns the JSON with escapes for the characters that consumers of policies do not accept unchanged.
///
/// AWS accepts only Latin characters in policies, and its controllers URL-decode some policies, so that
/// `%22` would become a quote, and `+` a space.
fn plain(json: &str) -> String {
    let mut plain = String::with_capacity(json.len());
    let (mut is_string, mut is_escaped) = (false, false);
    for c in json.chars() {
        if is_string && (!c.is_ascii() || "%+".contains(c)) {
            let units = &mut [0; 2];
            for unit in c.encode_utf16(units) {
                let _ = write!(plain, "\\u{unit:04x}");
            }
        } else {
            plain.push(c);
        }
        is_string ^= c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn characters_that_policy_consumers_change_are_escaped() {
        let json = r#"{"a+":"%22\"+\\","b":1e+5,"é":"😀"}"#;
        let expected = r#"{"a\u002b":"\u002522\"\u002b\\","b":1e+5,"\u00e9":"\ud83d\ude00"}"#;
        assert_eq!(plain(json), expected);
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
        assert_eq!(read(json), read(expected));
    }
}
