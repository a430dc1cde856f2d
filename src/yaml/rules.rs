//! Rules for every YAML file: plain scalars, keys, merge keys and duplicates.

use super::text;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, is_secret_key};
use crate::source::Span;
use crate::tree::{
    Ambiguity, CASE, Entry, Key, Node, Part, Plain, Role, Scalar, Style, Text, Value, ambiguity,
    type_plain,
};

/// Checks a plain scalar: reports a number that cannot be represented, and warns if parsers interpret the
/// scalar differently.
///
/// The message omits the value if the name of `key` indicates a secret.
pub(super) fn check_plain(node: &Node, key: Option<&Key>, diags: &mut Diagnostics) {
    let Some(scalar) = node
        .as_scalar()
        .filter(|scalar| scalar.style == Style::Plain)
    else {
        return;
    };
    let Some(text) = scalar.text.literal() else {
        return;
    };
    let is_secret = || key.is_some_and(|key| is_secret_key(&key.text.source_text()));
    if let Plain::Unrepresentable(why) = type_plain(text) {
        let message = if is_secret() {
            format!("this number cannot be represented: {why}")
        } else {
            format!("number `{text}` cannot be represented: {why}")
        };
        diags.push(
            Diagnostic::new(Code::UnrepresentableNumber, node.span, message)
                .help("quote the value if it is a string"),
        );
    } else if let Some(why) = ambiguity(text) {
        let (message, help) = if is_secret() {
            (
                "this value is ambiguous: YAML parsers interpret it differently".to_owned(),
                "quote the value if it is a string".to_owned(),
            )
        } else {
            let help = match &why {
                Ambiguity::Boolean(value) => format!("write `{value}`, or \"{text}\" for a string"),
                Ambiguity::Octal(number)
                | Ambiguity::Notation(number)
                | Ambiguity::Digits(number) => {
                    format!("quote the string: \"{text}\"; for a number, write `{number}`")
                }
                Ambiguity::Date => format!("quote the string: \"{text}\""),
            };
            (format!("`{text}` is ambiguous: {why}"), help)
        };
        diags.push(Diagnostic::new(Code::AmbiguousScalar, node.span, message).help(help));
    }
}

/// Returns the key that a node represents, and reports an invalid key.
pub(super) fn key(node: &Node, has_optional_keys: bool, diags: &mut Diagnostics) -> Key {
    let span = node.span;
    let Some(scalar) = node.as_scalar() else {
        diags.push(
            Diagnostic::new(
                Code::InvalidKey,
                span,
                "a key must be a string, found a collection",
            )
            .help("quote a key that contains braces or brackets"),
        );
        return Key {
            span,
            // A unique string, so that the error is not also reported as a duplicate key.
            text: Text::Literal(format!("key at {}", span.start).into()),
            role: Role::Name,
            is_optional: false,
        };
    };
    let plain = scalar.style == Style::Plain;
    let definite = without_mark(&scalar.text).filter(|_| plain && has_optional_keys);
    let is_optional = definite.is_some();
    let text = match definite {
        Some(text) => Scalar {
            style: scalar.style,
            text,
        }
        .as_text(),
        None => scalar.as_text(),
    };
    let role = match text.literal() {
        Some("<<") if plain => Role::Spread,
        _ => Role::Name,
    };
    if let Some(literal) = text.literal().filter(|_| role == Role::Name) {
        check_key(literal, plain, span, diags);
    }
    Key {
        span,
        text,
        role,
        is_optional,
    }
}

/// Returns an optional key without its `?`, or `None` if the key is not optional.
fn without_mark(text: &Text) -> Option<Text> {
    match text {
        Text::Literal(text) => {
            let name = text.strip_suffix('?').filter(|name| !name.is_empty())?;
            Some(Text::Literal(name.into()))
        }
        Text::Parts(parts) => {
            let (Part::Literal(last), before) = parts.split_last()? else {
                return None;
            };
            let last = last.strip_suffix('?')?;
            let last = (!last.is_empty()).then(|| Part::Literal(last.into()));
            Some(Text::Parts(before.iter().cloned().chain(last).collect()))
        }
    }
}

fn check_key(key: &str, plain: bool, span: Span, diags: &mut Diagnostics) {
    if text::key_too_long(key) {
        diags.push(key_too_long(span));
    } else if let Some(why) = text::unsupported_key_reason(key) {
        let message = format!("this key is not preserved: {why}");
        diags.push(Diagnostic::new(Code::InvalidKey, span, message).help("rename the key"));
    }
    let ambiguous = match type_plain(key) {
        _ if !plain => return,
        Plain::Null | Plain::Bool(_) | Plain::Unrepresentable(_) => true,
        Plain::Number(number) => number != key,
        Plain::String => ambiguity(key).is_some(),
    };
    if ambiguous {
        let message = format!("key `{key}` is not a string for every YAML parser");
        diags.push(
            Diagnostic::new(Code::AmbiguousKey, span, message)
                .help(format!("quote the key: \"{key}\"")),
        );
    }
}

/// Returns the diagnostic of a key that is too long.
pub(super) fn key_too_long(span: Span) -> Diagnostic {
    let message = "this key is longer than the 1,022 characters that Argo CD's YAML parser accepts";
    Diagnostic::new(Code::KeyTooLong, span, message).help("shorten the key")
}

/// Returns the entries of a mapping with literal merge keys resolved, and reports duplicate keys.
///
/// Explicit keys override merged keys.
pub(super) fn mapping(entries: Vec<Entry>, diags: &mut Diagnostics) -> Vec<Entry> {
    check_duplicates(&entries, diags);
    if !entries.iter().any(|entry| entry.key.is_spread()) {
        return entries;
    }
    let explicit = |key: &Text| {
        entries
            .iter()
            .any(|entry| !entry.key.is_spread() && entry.key.text == *key)
    };
    let mut merged = Vec::with_capacity(entries.len());
    for entry in &entries {
        match &entry.value.value {
            Value::Mapping(_) if entry.key.is_spread() && is_decided_later(entry) => {
                let message = "the value of `<<` must not be optional and must not contain `$case`";
                let help = "move the mapping to `variables`, and write `<<: ${NAME}`";
                let diagnostic = Diagnostic::new(Code::InvalidMerge, entry.value.span, message);
                diags.push(diagnostic.help(help));
            }
            Value::Mapping(inner) if entry.key.is_spread() => {
                merged.extend(
                    inner
                        .iter()
                        .filter(|entry| !explicit(&entry.key.text))
                        .cloned(),
                );
            }
            Value::Scalar(scalar)
                if entry.key.is_spread()
                    && (scalar.style == Style::Quoted || scalar.text.sole_slot().is_none()) =>
            {
                report_merge(entry, diags);
            }
            Value::Sequence(_) if entry.key.is_spread() => report_merge(entry, diags),
            _ => merged.push(entry.clone()),
        }
    }
    merged
}

/// Returns `true` if the entries of a merged mapping are known only after substitution.
fn is_decided_later(spread: &Entry) -> bool {
    spread.key.is_optional || spread.value.entry(CASE).is_some()
}

fn report_merge(entry: &Entry, diags: &mut Diagnostics) {
    let message = "the value of `<<` must be a mapping, an alias of a mapping, or a variable";
    let is_quoted = entry
        .value
        .as_scalar()
        .is_some_and(|scalar| scalar.text.sole_slot().is_some());
    let help = if is_quoted {
        "remove the quotes around the variable"
    } else {
        "write the entries instead of `<<`"
    };
    diags.push(Diagnostic::new(Code::InvalidMerge, entry.value.span, message).help(help));
}

fn check_duplicates(entries: &[Entry], diags: &mut Diagnostics) {
    let mut order: Vec<(&str, usize)> = entries
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| Some((entry.key.text.literal()?, index)))
        .collect();
    order.sort_unstable();
    for pair in order.windows(2) {
        let [(key, first), (other, second)] = pair else {
            continue;
        };
        if key == other {
            let (first, second) = (&entries[*first].key, &entries[*second].key);
            let spread = first.is_spread() && second.is_spread();
            let code = if spread {
                Code::InvalidMerge
            } else {
                Code::DuplicateKey
            };
            let message = format!("duplicate key `{key}`");
            let help = if spread {
                "combine the two mappings into one"
            } else {
                "remove or rename one of the keys"
            };
            diags.push(
                Diagnostic::new(code, second.span, message)
                    .related(first.span, "first defined here")
                    .help(help),
            );
        }
    }
}
