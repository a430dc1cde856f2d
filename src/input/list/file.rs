//! One file of a list: its content says what kind of list it is.

use jsonptr::PointerBuf;

use super::existing;
use super::mapping::{self, Held};
use super::member::{Fields, Member};
use super::text::{check_text, check_texts};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::source::{Span, Spanned};
use crate::tree::{Entry, Node, Shape, Value};

/// A list file, as the entry of `fleet.yaml` that names it sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListFile<'a> {
    /// Its whole text.
    pub(super) text: &'a str,
    /// Whether a mapping is one member.
    pub(super) is_single: bool,
    /// The pointer to the members in an object.
    pub(super) at: Option<&'a Spanned<PointerBuf>>,
    /// The name of a member that is a file.
    pub(super) stem: &'a str,
    /// Where the file begins.
    pub(super) start: Span,
    /// Whether a member may be a plain text.
    pub(super) takes_text: bool,
    /// Whether a member may be a cluster that exists already.
    pub(super) takes_existing: bool,
}

/// Reads the members of one list file.
pub(super) fn read(documents: &[Node], file: ListFile<'_>, diags: &mut Diagnostics) -> Vec<Member> {
    let mut members = Vec::new();
    if file.takes_existing && file.at.is_none() && documents.iter().any(existing::is_cluster) {
        let clusters = documents.iter().filter(|one| existing::is_cluster(one));
        members.extend(clusters.filter_map(|cluster| existing::member(cluster, diags)));
        return members;
    }
    for document in documents {
        match file.at {
            Some(at) => members.extend(record(document, at, file, diags)),
            None => document_members(document, file, &mut members, diags),
        }
    }
    members
}

/// The members at a place in an object: a mapping is one, and each mapping of a sequence.
fn record(
    document: &Node,
    at: &Spanned<PointerBuf>,
    file: ListFile<'_>,
    diags: &mut Diagnostics,
) -> Vec<Member> {
    let found = at.value.tokens().try_fold(document, |node, token| {
        let key = token.decoded();
        match node.items() {
            Some(items) => items.get(key.parse::<usize>().ok()?),
            None => node.get(&key),
        }
    });
    let head = document
        .entries()
        .and_then(<[_]>::first)
        .map_or(document.span, |entry| entry.key.span);
    let Some(found) = found.filter(|found| !found.is_null()) else {
        let message = "this document has nothing where `at` points";
        diags.push(
            Diagnostic::new(Code::NotAList, head, message)
                .related(at.span, "it points there")
                .help("correct the pointer, or the document"),
        );
        return Vec::new();
    };
    if let Some(items) = found.items() {
        let members = items.iter().filter_map(|item| item_member(item, diags));
        return members.collect();
    }
    let Some(entries) = found.entries() else {
        let message = format!(
            "`at` points to a member, a mapping of fields, and this is {}",
            found.shape()
        );
        diags.push(
            Diagnostic::new(Code::NotAList, found.span, message).related(at.span, "it points here"),
        );
        return Vec::new();
    };
    check_texts(found, diags);
    vec![Member::new(
        Some(file.stem.into()),
        entries.first().map_or(head, |entry| entry.key.span),
        Fields::Mapping(entries.to_vec()),
    )]
}

fn document_members(
    document: &Node,
    file: ListFile<'_>,
    members: &mut Vec<Member>,
    diags: &mut Diagnostics,
) {
    if let Some(items) = document.items() {
        members.extend(items.iter().filter_map(|item| item_member(item, diags)));
        return;
    }
    let Some(entries) = document.entries() else {
        let message = format!(
            "a list is a ConfigMap, a mapping or a sequence of mappings, not {}",
            document.shape()
        );
        let help = "write a mapping: the member's name, a colon, what it says";
        diags.push(Diagnostic::new(Code::NotAList, document.span, message).help(help));
        return;
    };
    let object = document.get("apiVersion").zip(document.get("kind"));
    match object.and_then(|(version, kind)| version.text().zip(kind.text())) {
        Some(("v1", "ConfigMap")) => {
            refuse_unknown_keys(entries, diags);
            let Some(data) = document.get("data").filter(|data| !data.is_null()) else {
                return;
            };
            let Some(entries) = data.entries() else {
                let message = format!("`data` must be a mapping, not {}", data.shape());
                diags.push(Diagnostic::new(Code::WrongType, data.span, message));
                return;
            };
            members.reserve(entries.len());
            for entry in entries {
                match mapping::held(&entry.value, file.text, file.takes_text, diags) {
                    Held::Text => members.extend(member(entry, true, diags)),
                    Held::Mapping(value) => {
                        let key = entry.key.clone();
                        members.extend(member(&Entry { key, value }, false, diags));
                    }
                    Held::Broken => {}
                }
            }
        }
        Some((version, kind)) => {
            let message = format!("a `{version}` `{kind}` is no list");
            let help = "use a v1 ConfigMap, or a mapping of members; `at` points to a member in any object";
            diags.push(Diagnostic::new(Code::NotAList, document.span, message).help(help));
        }
        None if file.is_single => {
            let fields: Vec<Entry> = entries.to_vec();
            check_texts(document, diags);
            members.push(Member::new(
                Some(file.stem.into()),
                file.start,
                Fields::Mapping(fields),
            ));
        }
        None => members.extend(
            entries
                .iter()
                .filter_map(|entry| member(entry, false, diags)),
        ),
    }
}

/// A misspelt `data` would be an empty list.
fn refuse_unknown_keys(entries: &[Entry], diags: &mut Diagnostics) {
    const KEYS: [&str; 6] = [
        "apiVersion",
        "kind",
        "metadata",
        "data",
        "binaryData",
        "immutable",
    ];
    for entry in entries {
        let key = entry.key.text.literal().unwrap_or_default();
        if !KEYS.contains(&key) {
            let message = format!("a ConfigMap has no key `{key}`");
            let help = did_you_mean(key, KEYS);
            diags.push(Diagnostic::new(Code::UnknownKey, entry.key.span, message).help(help));
        }
    }
}

/// An entry of a sequence, which its `key` field names.
fn item_member(item: &Node, diags: &mut Diagnostics) -> Option<Member> {
    check_texts(item, diags);
    let Some(entries) = item.entries() else {
        let message = format!("a member is a mapping of fields, not {}", item.shape());
        let diagnostic = Diagnostic::new(Code::WrongType, item.span, message);
        diags.push(match item.text() {
            Some(text) if !text.is_empty() => diagnostic.help(format!(
                "write `- name: {text}`, with the field that `key` of this list says"
            )),
            _ => diagnostic,
        });
        return None;
    };
    let fields = Fields::Mapping(entries.to_vec());
    Some(Member::new(None, item.span, fields))
}

fn member(entry: &Entry, textual: bool, diags: &mut Diagnostics) -> Option<Member> {
    let name = entry.key.text.literal().unwrap_or_default();
    let span = entry.key.span;
    check_text(name, span, diags);
    check_texts(&entry.value, diags);
    let fields = match (&entry.value.value, entry.value.shape()) {
        (_, Shape::Text) => Fields::Text(entry.value.clone()),
        (_, found) if textual => {
            let message = format!("a ConfigMap holds texts, not {found}");
            let help = match entry.value.text() {
                Some(text) => format!("quote it: \"{text}\""),
                _ => "the API server refuses it; use a plain mapping file for more than texts"
                    .to_owned(),
            };
            diags.push(Diagnostic::new(Code::WrongType, entry.value.span, message).help(help));
            return None;
        }
        (Value::Mapping(fields), _) => Fields::Mapping(fields.to_vec()),
        (_, Shape::Nothing) => Fields::Mapping(Vec::new()),
        (_, found) => {
            let message = format!("a member is a text or a mapping of fields, not {found}");
            let diagnostic = Diagnostic::new(Code::WrongType, entry.value.span, message);
            diags.push(match entry.value.text() {
                Some(text) => diagnostic.help(format!("quote it: \"{text}\"")),
                None => diagnostic,
            });
            return None;
        }
    };
    Some(Member {
        textual,
        ..Member::new(Some(entry.key.text.as_written()), span, fields)
    })
}
