//! Trees that stand in a text as JSON.

use std::fmt::Write as _;

use crate::template::error::{FillError, FillErrorKind};
use crate::template::function::{MAX_LENGTH, too_long};
use crate::tree::Node;
use crate::yaml::print::{Format, Place, value};

/// Returns the text of `written`, a mapping with `$json`, whose filled tree is `filled`.
pub(super) fn text(
    written: &Node,
    filled: &Node,
    is_filled: bool,
    problems: &mut Vec<FillError>,
) -> Node {
    // A patch may have put keys beside it, and a text would be JSON in JSON.
    let is_alone = written.entries().is_some_and(|all| all.len() == 1);
    let trouble = match (is_alone, filled.as_scalar()) {
        (true, None) => None,
        (true, Some(_)) => Some("`$json` takes a map or a list, and this is neither"),
        (false, _) => Some("`$json` stands for a text, and a patch put keys beside it"),
    };
    if let Some(why) = trouble.filter(|_| is_filled) {
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

/// The same JSON with escapes for what readers of policies do not take as it is. AWS knows no letters beyond
/// Latin ones, and its controllers decode some policies as if they came in a URL: there `%22` would become
/// a quote, and `+` a blank.
fn plain(json: &str) -> String {
    let mut plain = String::with_capacity(json.len());
    let (mut is_string, mut is_escaped) = (false, false);
    for letter in json.chars() {
        if is_string && (!letter.is_ascii() || "%+".contains(letter)) {
            let units = &mut [0; 2];
            for unit in letter.encode_utf16(units) {
                let _ = write!(plain, "\\u{unit:04x}");
            }
        } else {
            plain.push(letter);
        }
        is_string ^= letter == '"' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn nothing_is_left_that_a_reader_of_policies_would_change() {
        let json = r#"{"a+":"%22\"+\\","b":1e+5,"é":"😀"}"#;
        let expected = r#"{"a\u002b":"\u002522\"\u002b\\","b":1e+5,"\u00e9":"\ud83d\ude00"}"#;
        assert_eq!(plain(json), expected);
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
        assert_eq!(read(json), read(expected));
    }
}
