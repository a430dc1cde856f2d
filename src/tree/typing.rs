//! Types of plain (unquoted) scalars, as in `sigs.k8s.io/yaml`, the YAML parser of kubectl and Argo CD.

/// A plain scalar after typing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plain {
    /// An empty scalar, `~` or `null`.
    Null,
    /// A boolean, also of YAML 1.1: `yes`, `on`, `y`.
    Bool(bool),
    /// A number in JSON notation: an integer of 64 bits, or the shortest decimal of a double.
    Number(String),
    /// A string. Dates are strings.
    String,
    /// A number that JSON or the 64-bit types of Go cannot represent, and the reason.
    Unrepresentable(&'static str),
}

/// Returns the type and value of a plain scalar.
pub fn type_plain(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Plain::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Plain::Bool(true);
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Plain::Bool(false);
        }
        ".nan" | ".NaN" | ".NAN" => return Plain::Unrepresentable("JSON has no NaN"),
        _ => {}
    }
    match text.as_bytes()[0] {
        b'+' | b'-' if is_infinity(&text[1..]) => INFINITE,
        b'0'..=b'9' | b'+' | b'-' => number(&text.replace('_', "")),
        b'.' if is_infinity(text) => INFINITE,
        b'.' if parts_digits(text) => float(&text.replace('_', "")),
        _ => Plain::String,
    }
}

/// Returns `true` if each underscore is between two digits.
///
/// Go YAML requires this after a leading point, but not in other numbers.
fn parts_digits(text: &str) -> bool {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    let mut underscores = text.match_indices('_').map(|(at, _)| at);
    underscores.all(|at| is_digit(bytes[..at].last()) && is_digit(bytes.get(at + 1)))
}

const INFINITE: Plain = Plain::Unrepresentable("JSON has no infinity");

fn is_infinity(text: &str) -> bool {
    matches!(text, ".inf" | ".Inf" | ".INF")
}

/// Types a string whose underscores are removed as a number or a string.
fn number(text: &str) -> Plain {
    match integer(text) {
        Some(Ok(value)) => Plain::Number(value.to_string()),
        Some(Err(())) => Plain::Unrepresentable("the integer does not fit in 64 bits"),
        None => float(text),
    }
}

/// Parses an integer in Go notation (`0x1f`, `0o17`, `017`, `0b1`).
///
/// Returns `None` if the string is not an integer.
///
/// # Errors
///
/// Returns an error if the integer exceeds 64 bits.
fn integer(text: &str) -> Option<Result<i64, ()>> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (radix, digits) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &unsigned[2..]),
        [b'0', b'o' | b'O', ..] => (8, &unsigned[2..]),
        [b'0', b'b' | b'B', ..] => (2, &unsigned[2..]),
        [b'0', _, ..] => (8, &unsigned[1..]),
        _ => (10, unsigned),
    };
    // Go YAML also accepts a sign after `0b`.
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) if text.starts_with("0b") => ("-", digits),
        _ if text.starts_with("0b") => ("", digits.strip_prefix('+').unwrap_or(digits)),
        _ => (if text.starts_with('-') { "-" } else { "" }, digits),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    Some(i64::from_str_radix(&format!("{sign}{digits}"), radix).map_err(drop))
}

/// Types a string as a decimal float or a string.
fn float(text: &str) -> Plain {
    if !is_decimal(text) {
        return Plain::String;
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Plain::Number(json_float(value)),
        _ => Plain::Unrepresentable("the number is too large for a double"),
    }
}

/// Returns `true` if the string matches `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
fn is_decimal(text: &str) -> bool {
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (
            mantissa,
            exponent.strip_prefix(['+', '-']).unwrap_or(exponent),
        ),
        None => (unsigned, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    is_digits(whole)
        && is_digits(fraction)
        && is_digits(exponent)
        && !exponent.is_empty()
        && !(whole.is_empty() && fraction.is_empty())
}

/// Formats a finite double as Go's `encoding/json` does.
fn json_float(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{value:e}");
        return if size < 1.0 {
            text
        } else {
            text.replace('e', "e+")
        };
    }
    match value.to_string() {
        zero if zero == "-0" => "0".to_owned(),
        text => text,
    }
}

/// Returns `true` if the string is a single plain scalar in block YAML. The empty string is: it is a null.
pub fn is_plain_safe(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return true;
    };
    // Fast path: most substituted strings are names.
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if first.is_ascii_alphanumeric() && text.bytes().all(is_inner) {
        return true;
    }
    let last_is = |set: &[char]| text.ends_with(set);
    let starts_structure = match first {
        '-' | '?' | ':' => text[1..].is_empty() || text[1..].starts_with([' ', '\t']),
        ' ' | '\t' | ',' | '[' | ']' | '{' | '}' | '#' | '&' | '*' | '!' | '|' | '>' | '\''
        | '"' | '%' | '@' | '`' => true,
        _ => text.starts_with("--- ") || text.starts_with("... "),
    };
    let is_structure = |pair: &[u8]| matches!(pair, [b':', b' ' | b'\t'] | [b' ' | b'\t', b'#']);
    !starts_structure
        && !last_is(&[' ', '\t', ':'])
        && !text.as_bytes().windows(2).any(is_structure)
        && !text.contains(|c: char| {
            (c.is_control() && c != '\t') || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_have_the_types_of_go_yaml() {
        let number = |text: &str| Plain::Number(text.to_owned());
        for (text, expected) in [
            ("", Plain::Null),
            ("~", Plain::Null),
            ("nULL", Plain::String),
            ("y", Plain::Bool(true)),
            ("OFF", Plain::Bool(false)),
            ("oN", Plain::String),
            ("0", number("0")),
            ("-0.0", number("0")),
            ("012", number("10")),
            ("0o14", number("12")),
            ("09", number("9")),
            ("0b11", number("3")),
            ("0b-11", number("-3")),
            ("-0b-11", Plain::String),
            ("0x_1F", number("31")),
            ("0x", Plain::String),
            ("1_000.50", number("1000.5")),
            ("_1", Plain::String),
            (".5", number("0.5")),
            (".5_0", number("0.5")),
            (".5_", Plain::String),
            ("._5", Plain::String),
            ("5.inf", Plain::String),
            ("1.", number("1")),
            ("1.10", number("1.1")),
            ("1e3", number("1000")),
            ("1e21", number("1e+21")),
            ("12e-8", number("1.2e-7")),
            ("+12", number("12")),
            ("-", Plain::String),
            ("1.2.3", Plain::String),
            ("12:30:45", Plain::String),
            ("2020-01-01", Plain::String),
            ("-9223372036854775808", number("-9223372036854775808")),
        ] {
            assert_eq!(type_plain(text), expected, "{text}");
        }
        for text in [
            "9223372036854775808",
            "-9223372036854775809",
            "0xFFFFFFFFFFFFFFFF",
            "1e400",
            ".nan",
            "-.Inf",
            "+.INF",
        ] {
            assert!(
                matches!(type_plain(text), Plain::Unrepresentable(_)),
                "{text}"
            );
        }
    }

    #[test]
    fn structure_is_not_plain() {
        for text in [
            "", "a", "a b", "-1", "-", "a:b", "a#b", "http://x", "é", ".5", "?a", "a{b}",
        ] {
            assert_eq!(is_plain_safe(text), text != "-", "{text}");
        }
        for text in [
            "- a", "a: b", "a:", "a #b", "#a", " a", "a ", "a\nb", "[a", "{a", "*a", "&a", "!a",
            "|", ">-", "'a", "\"a", "%a", "@a", "`a",
        ] {
            assert!(!is_plain_safe(text), "{text}");
        }
    }
}
