//! How objects refer to others: recognized by shape, for all kinds and providers.
//!
//! A mapping with `kind` and `name` is a reference everywhere in the Kubernetes API. Other references have only a
//! name, and their key states the kind: `identityRef: {name: …}`, `secretName: …`, `dataTemplate: {name: …}`.

use std::rc::Rc;

use super::names::{Token, tokens};
use super::values::Values;
use crate::passes::check::references::group;
use crate::source::Span;
use crate::tree::{Entry, Node, Role, Scalar, Text, Value};

/// What a reference states about its object.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    pub(super) kind: MentionedKind,
    /// The name; `None` if it is not a scalar.
    pub(super) name: Option<Text>,
}

/// The kind of the object that a reference names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum MentionedKind {
    /// A kind, which can contain variables, and its group if it is known.
    Kind(Option<Rc<str>>, Vec<Token>),
    /// The words of a key, in lower case: any kind that they end with, or that ends with at least two of them.
    Words(Rc<[String]>),
}

impl MentionedKind {
    /// Returns a kind of which nothing is known.
    fn any() -> Self {
        Self::Kind(None, vec![Token::Any])
    }
}

/// Words that name a Secret.
const SECRET_WORDS: [&str; 4] = ["secret", "credential", "credentials", "identity"];
/// Last words of a key, which do not belong to the kind.
const SUFFIXES: [&str; 6] = ["ref", "reference", "refs", "references", "name", "from"];

/// The references of an object, including those in values of variables.
pub(super) struct Mentions<'a> {
    pub(super) values: &'a Values<'a>,
    pub(super) visit: &'a mut dyn FnMut(Mention),
}

impl Mentions<'_> {
    /// Visits every reference of an object.
    pub(super) fn object(&mut self, object: &Node) {
        let entries = object.entries().unwrap_or_default();
        for entry in entries {
            match entry.key.text.literal() {
                Some("apiVersion" | "kind") => {}
                Some("metadata") => self.metadata(&entry.value),
                _ => self.entry(None, entry),
            }
        }
        // The root is no reference, but its entries can come from variables.
        let spreads = entries.iter().filter(|entry| entry.key.is_spread());
        let spreads: Vec<Entry> = spreads.cloned().collect();
        self.spread(None, object.span, spreads);
    }

    /// Visits the annotations of an object; labels are no references.
    fn metadata(&mut self, metadata: &Node) {
        let entries = metadata.entries().unwrap_or_default();
        if let Some(annotations) = metadata.get("annotations") {
            self.value(None, annotations);
        } else if entries.iter().any(|entry| entry.key.is_spread()) {
            let values = self.values;
            values.each(metadata, &mut |metadata| {
                if let Some(annotations) = metadata.get("annotations") {
                    self.value(None, annotations);
                }
            });
        }
    }

    fn entry(&mut self, outer: Option<&str>, entry: &Entry) {
        match entry.key.role {
            Role::Name => self.value(entry.key.text.literal(), &entry.value),
            Role::Json | Role::Item => self.value(outer, &entry.value),
            Role::Each | Role::Case | Role::Spread => {}
        }
    }

    /// Visits a value with the key that it belongs to; `None` if the key is unknown.
    fn value(&mut self, key: Option<&str>, node: &Node) {
        match &node.value {
            Value::Scalar(scalar) if self.values.structures.includes(scalar) => {
                self.substituted(key, node);
            }
            Value::Scalar(scalar) => self.scalar(key, node, scalar),
            Value::Sequence(items) => {
                for item in items.iter() {
                    if self.values.is_open_repetition(item) {
                        let items = Value::Sequence([item.clone()].into());
                        let span = node.span;
                        self.substituted(key, &Node { span, value: items });
                    } else {
                        self.value(key, item);
                    }
                }
            }
            Value::Mapping(_) if node.case().is_some() => {
                for outcome in node.outcomes() {
                    self.value(key, outcome);
                }
            }
            Value::Mapping(entries) => {
                self.reference(key, node);
                entries.iter().for_each(|entry| self.entry(key, entry));
                if entries.iter().any(|entry| entry.key.is_spread()) {
                    let is_merged =
                        |entry: &&Entry| entry.key.is_spread() || entry.value.as_scalar().is_some();
                    let merged = entries.iter().filter(is_merged).cloned().collect();
                    self.spread(key, node.span, merged);
                }
            }
        }
    }

    /// Visits the values that a tree has for the subjects.
    fn substituted(&mut self, key: Option<&str>, node: &Node) {
        let values = self.values;
        values.each(node, &mut |value| {
            if value.is_literal() {
                self.value(key, value);
            } else {
                let (kind, name) = (MentionedKind::any(), None);
                (self.visit)(Mention { kind, name });
            }
        });
    }

    /// Visits the mapping that entries with merge keys produce.
    fn spread(&mut self, key: Option<&str>, span: Span, entries: Vec<Entry>) {
        if !entries.is_empty() {
            self.substituted(key, &Node::mapping(span, entries));
        }
    }

    /// Reports a string whose key names a Secret, or whose key is unknown.
    fn scalar(&mut self, key: Option<&str>, node: &Node, scalar: &Scalar) {
        let words = key.map(words);
        let is_named = |words: &Vec<String>| words.iter().any(|word| is_secret(word));
        if !node.is_null() && words.as_ref().is_none_or(is_named) {
            let secret = || vec!["secret".to_owned()];
            let kind = MentionedKind::Words(words.unwrap_or_else(secret).into());
            let name = Some(scalar.as_text());
            (self.visit)(Mention { kind, name });
        }
    }

    /// Reports a mapping that is a reference.
    fn reference(&mut self, key: Option<&str>, node: &Node) {
        let texts = |key: &str| {
            let outcomes = node.get(key).into_iter().flat_map(Node::outcomes);
            let values = outcomes.filter(|value| !value.is_null());
            let texts = values.filter_map(|value| Some(value.as_scalar()?.as_text()));
            texts.collect::<Vec<Text>>()
        };
        let names = texts("name");
        let kinds = texts("kind");
        if kinds.is_empty() {
            for name in names {
                let words = key.map(words);
                let kind = words.map_or_else(MentionedKind::any, |words| {
                    MentionedKind::Words(words.into())
                });
                let name = Some(name);
                (self.visit)(Mention { kind, name });
            }
            return;
        }
        // A group that a variable or a `$case` decides can be any.
        let group: Option<Rc<str>> = group(node).map(Into::into);
        for kind in kinds {
            let kind = MentionedKind::Kind(group.clone(), tokens(&kind));
            let all = names.iter().cloned().map(Some);
            // A reference without a name can mean any object of its kind.
            for name in all.chain(names.is_empty().then_some(None)) {
                let kind = kind.clone();
                (self.visit)(Mention { kind, name });
            }
        }
    }
}

fn is_secret(word: &str) -> bool {
    SECRET_WORDS.contains(&word)
}

/// Returns the words of a key in lower case, without words such as `Ref` at its end.
fn words(key: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut was_lower = false;
    for char in key.chars() {
        if !char.is_ascii_alphanumeric() {
            was_lower = false;
            words.push(String::new());
            continue;
        }
        if words.is_empty() || was_lower && char.is_ascii_uppercase() {
            words.push(String::new());
        }
        was_lower = !char.is_ascii_uppercase();
        if let Some(word) = words.last_mut() {
            word.push(char.to_ascii_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    while words.len() > 1 && words.last().is_some_and(|word| SUFFIXES.contains(&&**word)) {
        words.pop();
    }
    words
}

/// Returns the names of kinds in lower case that the words of a key can mean.
pub(super) fn kinds_of_words(words: &[String]) -> Vec<String> {
    let mut kinds: Vec<String> = (0..words.len()).map(|at| words[at..].concat()).collect();
    if words.iter().any(|word| is_secret(word)) {
        kinds.push("secret".to_owned());
    }
    kinds
}

/// Returns the ends of a kind that have at least two words, in lower case, such as `datatemplate`.
pub(super) fn ends_of_kind(kind: &str) -> Vec<String> {
    let words = words(kind);
    let last = words.len().saturating_sub(1);
    (0..last).map(|at| words[at..].concat()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_keys_name_kinds() {
        for (key, expected) in [
            ("identityRef", "identity secret"),
            ("hetznerSecretRef", "hetznersecret secret secret"),
            ("serviceoperator.azure.com/credential-from", "secret"),
            ("dataTemplate", "datatemplate template"),
            ("name", "name"),
        ] {
            let kinds = kinds_of_words(&words(key)).join(" ");
            assert!(kinds.ends_with(expected), "{key}: {kinds}");
        }
        assert_eq!(
            ends_of_kind("Metal3DataTemplate"),
            ["metal3datatemplate", "datatemplate"]
        );
    }
}
