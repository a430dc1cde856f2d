//! Lists: who wants a cluster. Their editors are not trusted: a member is its key and its fields.

mod mapping;

use std::rc::Rc;

use mapping::Held;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::source::Span;
use crate::tree::{Entry, Key, Node, Shape, Text, Value};

/// An entry of a list.
#[derive(Debug)]
pub struct Member {
    /// What the list calls it: the entry's key, or the file's stem; none in a sequence. A `key` field
    /// wins over it.
    pub name: Option<Rc<str>>,
    /// Where it begins.
    pub span: Span,
    /// What it says.
    pub fields: Fields,
    /// Whether its values are texts by the list's nature, as in a `ConfigMap`.
    pub textual: bool,
}

/// What a member says.
#[derive(Debug)]
pub enum Fields {
    /// One text.
    Text(Node),
    /// Fields by name.
    Mapping(Vec<Entry>),
}

/// A list file, as the entry of `clusters` that names it sees it.
#[derive(Clone, Copy, Debug)]
pub struct ListFile<'a> {
    /// Its whole text.
    pub text: &'a str,
    /// Whether a mapping is one member.
    pub is_single: bool,
    /// The name of such a member.
    pub stem: &'a str,
    /// Where the file begins.
    pub start: Span,
    /// Whether a member may be a plain text.
    pub takes_text: bool,
}

/// Reads the members of one list file.
pub fn read(documents: &[Node], file: ListFile<'_>, diags: &mut Diagnostics) -> Vec<Member> {
    let mut members = Vec::new();
    for document in documents {
        document_members(document, file, &mut members, diags);
    }
    members
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
                match mapping::held(&entry.value, file, diags) {
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
            let help = "use a v1 ConfigMap, or a mapping of members";
            diags.push(Diagnostic::new(Code::NotAList, document.span, message).help(help));
        }
        None if file.is_single => {
            let fields: Vec<Entry> = entries.to_vec();
            check_texts(document, diags);
            members.push(Member {
                name: Some(file.stem.into()),
                span: file.start,
                fields: Fields::Mapping(fields),
                textual: false,
            });
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
    Some(Member {
        name: None,
        span: item.span,
        fields,
        textual: false,
    })
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
        name: Some(entry.key.text.as_written()),
        span,
        fields,
        textual,
    })
}

/// Refuses texts that another engine might run.
fn check_texts(node: &Node, diags: &mut Diagnostics) {
    node.each_text(&mut |text: &Text, span: Span| {
        if let Some(text) = text.literal() {
            check_text(text, span, diags);
        }
    });
}

fn check_text(text: &str, span: Span, diags: &mut Diagnostics) {
    if !text.contains('{') {
        return;
    }
    if let Some(found) = ["{{", "${"]
        .into_iter()
        .find(|engine| text.contains(engine))
    {
        let message =
            format!("a member's text holds `{found}`, which another template engine might run");
        let help = "only fleet.yaml and templates may hold expressions";
        diags.push(Diagnostic::new(Code::MemberExpression, span, message).help(help));
    }
}

/// An entry of a member's fields that the list says in another way.
pub fn field_entry(field: &Rc<str>, span: Span, value: Node) -> Entry {
    let key = Key {
        span,
        text: Text::Literal(Rc::clone(field)),
        spread: false,
    };
    Entry { key, value }
}
