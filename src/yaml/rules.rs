//! Rules for every YAML file: unquoted words, keys, merges, nothing said twice.

use super::text;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, is_secret_key};
use crate::source::Span;
use crate::tree::{
    CASE, Entry, Key, Node, Part, Plain, Role, Scalar, Style, Text, Value, ambiguity, type_plain,
};

/// Judges an unquoted word: what no reader can keep is an error, what readers disagree on a warning.
///
/// The value of a `key` that speaks of a secret is not told.
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
    let is_secret = || key.is_some_and(|key| is_secret_key(&key.text.as_written()));
    if let Plain::Unrepresentable(why) = type_plain(text) {
        let message = if is_secret() {
            format!("this value cannot be carried: {why}")
        } else {
            format!("`{text}` cannot be carried: {why}")
        };
        diags.push(
            Diagnostic::new(Code::UnrepresentableNumber, node.span, message)
                .help("quote it if it is a text"),
        );
    } else if let Some(why) = ambiguity(text) {
        let (message, help) = if is_secret() {
            (
                "this value is ambiguous: readers of YAML disagree about it".to_owned(),
                "quote it if it is a text".to_owned(),
            )
        } else {
            (
                format!("`{text}` is ambiguous: {why}"),
                format!("write \"{text}\" if it is a text, or spell the value so that all agree"),
            )
        };
        diags.push(Diagnostic::new(Code::AmbiguousScalar, node.span, message).help(help));
    }
}

/// A node in the place of a key.
pub(super) fn key(node: &Node, has_optional_keys: bool, diags: &mut Diagnostics) -> Key {
    let span = node.span;
    let Some(scalar) = node.as_scalar() else {
        diags.push(
            Diagnostic::new(
                Code::InvalidKey,
                span,
                "a key must be a string, not a collection",
            )
            .help("quote braces and brackets that are meant as text"),
        );
        return Key {
            span,
            // A text that no other key has: one mistake gives one message.
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

/// Returns the text of an optional key without its `?`, or `None` if it has none.
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
    } else if let Some(why) = text::uncarried_key(key) {
        let message = format!("this key is lost on the way: {why}");
        diags.push(Diagnostic::new(Code::InvalidKey, span, message).help("choose another key"));
    }
    let ambiguous = match type_plain(key) {
        _ if !plain => return,
        Plain::Null | Plain::Bool(_) | Plain::Unrepresentable(_) => true,
        Plain::Number(number) => number != key,
        Plain::String => ambiguity(key).is_some(),
    };
    if ambiguous {
        let message = format!("the key `{key}` is not a string to every reader of YAML");
        diags.push(
            Diagnostic::new(Code::AmbiguousKey, span, message).help(format!("quote it: \"{key}\"")),
        );
    }
}

/// Refuses a key for its length.
pub(super) fn key_too_long(span: Span) -> Diagnostic {
    let message = "this key is longer than the 1,022 characters that Argo CD's reader accepts";
    Diagnostic::new(Code::KeyTooLong, span, message).help("shorten it")
}

/// The entries of a mapping: literal merges spread, explicit keys winning; nothing said twice.
pub(super) fn mapping(entries: Vec<Entry>, diags: &mut Diagnostics) -> Vec<Entry> {
    refuse_duplicates(&entries, diags);
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
                let message = "`<<` takes no optional mapping, and no `$case`";
                let help = "put the mapping into `variables`, and spread the variable";
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
                refuse_merge(entry, diags);
            }
            Value::Sequence(_) if entry.key.is_spread() => refuse_merge(entry, diags),
            _ => merged.push(entry.clone()),
        }
    }
    merged
}

/// Returns `true` if only filling tells which entries a spread mapping has.
fn is_decided_later(spread: &Entry) -> bool {
    spread.key.is_optional || spread.value.entry(CASE).is_some()
}

fn refuse_merge(entry: &Entry, diags: &mut Diagnostics) {
    let message = "`<<` takes a mapping, an alias of one, or a variable that holds one";
    let is_quoted = entry
        .value
        .as_scalar()
        .is_some_and(|scalar| scalar.text.sole_slot().is_some());
    let help = if is_quoted {
        "write the variable without quotes"
    } else {
        "write the entries themselves"
    };
    diags.push(Diagnostic::new(Code::InvalidMerge, entry.value.span, message).help(help));
}

fn refuse_duplicates(entries: &[Entry], diags: &mut Diagnostics) {
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
            let message = format!("the key `{key}` is said twice in one mapping");
            let help = if spread {
                "merge the two mappings into one"
            } else {
                "remove one of them, or give it another name"
            };
            diags.push(
                Diagnostic::new(code, second.span, message)
                    .related(first.span, "first said here")
                    .help(help),
            );
        }
    }
}
