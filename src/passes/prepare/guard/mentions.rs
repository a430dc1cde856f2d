//! How objects refer to others: recognized by shape, for all kinds and providers.
//!
//! A mapping with `kind` and `name` is a reference everywhere in the Kubernetes API. Other references have only a
//! name, and their key states the kind: `identityRef: {name: …}`, `secretName: …`, `dataTemplate: {name: …}`.

use std::rc::Rc;

use crate::passes::check::references::identity;
use crate::tree::{Entry, Node, Text, Value};

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
    /// A kind, and its group if the reference has one.
    Exact(Option<Rc<str>>, Rc<str>),
    /// The words of a key, in lower case: any kind that they end with, or that ends with at least two of them.
    Words(Rc<[String]>),
}

/// Words that name a Secret.
const SECRET_WORDS: [&str; 4] = ["secret", "credential", "credentials", "identity"];
/// Last words of a key, which do not belong to the kind.
const SUFFIXES: [&str; 6] = ["ref", "reference", "refs", "references", "name", "from"];

/// Calls `visit` with every reference of an object.
pub(super) fn mentions(object: &Node, visit: &mut dyn FnMut(Mention)) {
    for entry in object.entries().unwrap_or_default() {
        match entry.key.text.literal() {
            Some("apiVersion" | "kind") => {}
            Some("metadata") => {
                let annotations = entry.value.get("annotations");
                for annotation in annotations.and_then(Node::entries).unwrap_or_default() {
                    below(annotation, visit);
                }
            }
            _ => below(entry, visit),
        }
    }
}

fn below(entry: &Entry, visit: &mut dyn FnMut(Mention)) {
    let key = entry.key.text.literal().unwrap_or_default();
    value(key, &entry.value, visit);
}

fn value(key: &str, node: &Node, visit: &mut dyn FnMut(Mention)) {
    match &node.value {
        Value::Scalar(scalar) => {
            let words = words(key);
            if !node.is_null() && words.iter().any(|word| is_secret(word)) {
                let kind = MentionedKind::Words(words.into());
                let name = Some(scalar.as_text());
                visit(Mention { kind, name });
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| value(key, item, visit)),
        Value::Mapping(_) if node.case().is_some() => {
            for outcome in node.outcomes() {
                value(key, outcome, visit);
            }
        }
        Value::Mapping(entries) => {
            reference(key, node, visit);
            entries.iter().for_each(|entry| below(entry, visit));
        }
    }
}

/// Reports a mapping that is a reference.
fn reference(key: &str, node: &Node, visit: &mut dyn FnMut(Mention)) {
    let texts = |key: &str| {
        let outcomes = node.get(key).into_iter().flat_map(Node::outcomes);
        let texts = outcomes.filter(|value| !value.is_null());
        texts.filter_map(|value| Some(value.as_scalar()?.as_text()))
    };
    let names: Vec<Text> = texts("name").collect();
    if node.get("kind").is_none() {
        for name in names {
            let kind = MentionedKind::Words(words(key).into());
            let name = Some(name);
            visit(Mention { kind, name });
        }
        return;
    }
    // A group that a variable or a `$case` decides can be any.
    let group = identity(node).map(|(group, _)| Rc::from(group));
    for kind in texts("kind") {
        let Some(kind) = kind.literal() else {
            continue;
        };
        let kind = MentionedKind::Exact(group.clone(), kind.into());
        let all = names.iter().cloned().map(Some);
        // A reference without a name can mean any object of its kind.
        for name in all.chain(names.is_empty().then_some(None)) {
            let kind = kind.clone();
            visit(Mention { kind, name });
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
