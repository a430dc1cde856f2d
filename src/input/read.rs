//! Typed reading of mappings: every key is known, every value has the type that is asked for.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, all_of, did_you_mean, nearest};
use crate::source::{Span, Spanned};
use crate::tree::{Entry, Node, Shape, Text};
use crate::tree::{Plain, type_plain};

/// A mapping whose keys are known.
pub(super) struct Mapping<'a> {
    node: &'a Node,
    entries: &'a [Entry],
    /// What the mapping is, for messages: "a clusters entry".
    what: &'static str,
    /// The keys that unknown keys are probably meant to be.
    misspelled: Vec<String>,
}

impl<'a> Mapping<'a> {
    /// Takes a node as a mapping with some of `keys`; reports any other key.
    pub(super) fn read(
        node: &'a Node,
        what: &'static str,
        keys: &[&str],
        diags: &mut Diagnostics,
    ) -> Option<Self> {
        let entries = mapping(node, what, diags)?;
        let mut misspelled = Vec::new();
        for entry in entries.iter().filter(|entry| !entry.key.is_optional) {
            let known = entry
                .key
                .text
                .literal()
                .is_some_and(|key| keys.contains(&key));
            if !known && !entry.key.is_spread() {
                let key = entry.key.text.as_written();
                let message = format!("{what} has no key `{key}`");
                let help = did_you_mean(&key, keys.iter().copied());
                diags.push(Diagnostic::new(Code::UnknownKey, entry.key.span, message).help(help));
                misspelled.extend(nearest(&key, keys.iter().copied()).map(ToOwned::to_owned));
            }
        }
        Some(Self {
            node,
            entries,
            what,
            misspelled,
        })
    }

    /// The value of a key; a null counts as absent.
    pub(super) fn get(&self, key: &str) -> Option<&'a Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a key; a null counts as absent.
    pub(super) fn entry(&self, key: &str) -> Option<&'a Entry> {
        let is_key = |entry: &&Entry| entry.key.text.literal() == Some(key);
        let entry = self.entries.iter().find(is_key)?;
        (!entry.value.is_null()).then_some(entry)
    }

    /// Returns `true` if a key is missing, and no unknown key, which was reported, is a misspelling of it.
    pub(super) fn lacks(&self, key: &str) -> bool {
        self.get(key).is_none() && self.misspelled.iter().all(|meant| meant != key)
    }

    /// The value of a required key.
    pub(super) fn require(&self, key: &str, diags: &mut Diagnostics) -> Option<&'a Node> {
        if self.lacks(key) {
            let message = format!("{} needs the key `{key}`", self.what);
            diags.push(Diagnostic::new(Code::MissingKey, self.head(), message));
        }
        self.get(key)
    }

    /// Where the mapping begins: its first key.
    pub(super) fn head(&self) -> Span {
        self.entries
            .first()
            .map_or(self.node.span, |entry| entry.key.span)
    }
}

/// Reports that something else was expected.
pub(crate) fn wrong_type(node: &Node, what: &str, wanted: &str, diags: &mut Diagnostics) {
    let found = node.shape();
    let diagnostic = Diagnostic::new(
        Code::WrongType,
        node.span,
        format!("{what} must be {wanted}, not {found}"),
    );
    let quotable = wanted == "a text" && matches!(found, Shape::Boolean | Shape::Number);
    diags.push(match node.text().filter(|_| quotable) {
        Some(text) => diagnostic.help(format!("quote it: \"{text}\"")),
        None => diagnostic,
    });
}

/// The entries of a mapping.
pub(super) fn mapping<'a>(
    node: &'a Node,
    what: &str,
    diags: &mut Diagnostics,
) -> Option<&'a [Entry]> {
    let entries = node.entries();
    match entries {
        None => wrong_type(node, what, "a mapping", diags),
        Some(entries) => {
            for entry in entries.iter().filter(|entry| entry.key.is_spread()) {
                let message = "`<<` takes a mapping or an alias here";
                diags.push(Diagnostic::new(Code::InvalidMerge, entry.key.span, message));
            }
            refuse_optional(entries, diags);
        }
    }
    entries
}

/// The same, where maps of variables may be spread.
pub(super) fn mapping_of_variables<'a>(
    node: &'a Node,
    what: &str,
    diags: &mut Diagnostics,
) -> Option<&'a [Entry]> {
    let entries = node.entries();
    match entries {
        None => wrong_type(node, what, "a mapping", diags),
        Some(entries) => refuse_optional(entries, diags),
    }
    entries
}

/// Reports keys that end with `?`: those of fleet.yaml itself are not optional.
fn refuse_optional(entries: &[Entry], diags: &mut Diagnostics) {
    for entry in entries.iter().filter(|entry| entry.key.is_optional) {
        let key = entry.key.text.as_written();
        let message = format!("`{key}?`: only keys inside of a value can be optional");
        let help = format!("write `{key}`, or quote a name that ends with `?`");
        diags.push(Diagnostic::new(Code::UnknownKey, entry.key.span, message).help(help));
    }
}

/// The keys of a JSON Pointer (RFC 6901); none if it is none.
pub(super) fn pointer(text: &str) -> Option<Vec<String>> {
    let escapes = text.split('~').skip(1);
    let is_escaped = escapes.into_iter().all(|rest| rest.starts_with(['0', '1']));
    let is_pointer = is_escaped && (text.is_empty() || text.starts_with('/'));
    let key = |token: &str| token.replace("~1", "/").replace("~0", "~");
    is_pointer.then(|| text.split('/').skip(1).map(key).collect())
}

/// The items of a list.
pub(super) fn sequence<'a>(
    node: &'a Node,
    what: &str,
    diags: &mut Diagnostics,
) -> Option<&'a [Node]> {
    let items = node.items();
    if items.is_none() {
        wrong_type(node, what, "a list", diags);
    }
    items
}

/// A text that may hold expressions.
pub(super) fn template(node: &Node, what: &str, diags: &mut Diagnostics) -> Option<Spanned<Text>> {
    match node.as_scalar() {
        Some(scalar) if node.shape() == Shape::Text => Some(Spanned {
            value: scalar.as_text(),
            span: node.span,
        }),
        _ => {
            wrong_type(node, what, "a text", diags);
            None
        }
    }
}

/// A text without expressions.
pub(super) fn string(node: &Node, what: &str, diags: &mut Diagnostics) -> Option<Spanned<String>> {
    let template = template(node, what, diags)?;
    let value = template.value.literal().map(ToOwned::to_owned);
    if value.is_none() {
        let message = format!("{what} takes no variable");
        diags.push(
            Diagnostic::new(Code::VariableNotAllowed, node.span, message)
                .help("write the text itself"),
        );
    }
    Some(Spanned {
        value: value?,
        span: node.span,
    })
}

/// A text that is not empty and has no expressions.
pub(super) fn non_empty(
    node: &Node,
    what: &str,
    diags: &mut Diagnostics,
) -> Option<Spanned<String>> {
    let text = string(node, what, diags)?;
    if text.value.is_empty() {
        diags.push(Diagnostic::new(
            Code::InvalidValue,
            node.span,
            format!("{what} must not be empty"),
        ));
        return None;
    }
    Some(text)
}

/// One of a few words.
pub(super) fn word<T: Copy>(
    node: &Node,
    what: &str,
    words: &[(&str, T)],
    diags: &mut Diagnostics,
) -> Option<T> {
    let text = string(node, what, diags)?;
    let found = words
        .iter()
        .find(|(word, _)| *word == text.value)
        .map(|(_, value)| *value);
    if found.is_none() {
        let names = words.iter().map(|(word, _)| *word);
        let message = format!("{what} must be one of {}", all_of(names.clone()));
        diags.push(
            Diagnostic::new(Code::InvalidValue, node.span, message)
                .help(did_you_mean(&text.value, names)),
        );
    }
    found
}

/// A boolean.
pub(super) fn boolean(node: &Node, what: &str, diags: &mut Diagnostics) -> Option<bool> {
    if let (Shape::Boolean, Some(text)) = (node.shape(), node.text()) {
        Some(type_plain(text) == Plain::Bool(true))
    } else {
        wrong_type(node, what, "a boolean", diags);
        None
    }
}

/// A number that counts something.
pub(super) fn number(node: &Node, what: &str, diags: &mut Diagnostics) -> Option<usize> {
    let number = node
        .text()
        .filter(|_| node.shape() == Shape::Number)
        .and_then(|text| text.parse().ok());
    if number.is_none() {
        let found = match node.text() {
            Some(text) if node.shape() == Shape::Number => format!("`{text}`"),
            _ => node.shape().to_string(),
        };
        let message = format!("{what} must be a whole number that is not negative, not {found}");
        diags.push(Diagnostic::new(Code::WrongType, node.span, message));
    }
    number
}

/// Reports an entry that is a path alone.
pub(super) fn is_bare(node: &Node, what: &str, key: &str, diags: &mut Diagnostics) -> bool {
    let Some(path) = node.text().filter(|path| !path.is_empty()) else {
        return false;
    };
    let message = format!("an entry of `{what}` must be a mapping, not a text");
    let help = format!("write `- {key}: {path}`");
    diags.push(Diagnostic::new(Code::WrongType, node.span, message).help(help));
    true
}
