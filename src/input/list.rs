//! Reads lists of clusters and of groups. Their editors are not trusted: a member sets only its name and its
//! fields.

mod existing;
mod file;
mod kind;
mod mapping;
mod member;
mod text;

use std::rc::Rc;

use super::dotenv;
use super::empty::empty as blank;
use super::members::Members;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::{self, Files};
use crate::source::{FileId, Span, Spanned};
use crate::tree::{Entry, Node};
use crate::yaml::{self, NoMask};
use file::ListFile;
pub use file::{is_config_map, value_at};
pub use kind::ListKind;
pub use member::{Fields, Member, field_entry};
use text::check_strings;

/// Members of a list.
#[derive(Debug)]
pub struct MemberList {
    /// The members that could be read.
    pub members: Vec<Member>,
    /// Whether all members could be read; otherwise, a member that is not among them might exist.
    pub is_whole: bool,
}

/// Reads all files of a list.
pub fn read(
    files: &mut Files,
    members: &Members,
    kind: ListKind,
    allow_empty: bool,
    diags: &mut Diagnostics,
) -> MemberList {
    let before = diags.errors();
    let Spanned { value: path, span } = &members.list;
    let relative = files.relative(path, *span);
    let found = files
        .glob_with_captures(&relative, *span)
        .unwrap_or_else(|diagnostic| {
            diags.push(diagnostic);
            Vec::new()
        });
    let mut read = Vec::with_capacity(found.len());
    let mut empty = Vec::new();
    for (path, captures) in found {
        let Some(file) = open(files, &path, *span, diags) else {
            continue;
        };
        let file = file.of_members();
        let captures = capture_fields(files.sources.start(file), &captures, diags);
        let first = read.len();
        read.extend(read_file(files, file, members, (kind, &mut empty), diags));
        for member in &mut read[first..] {
            let member: &mut Member = member;
            member.captures = Rc::clone(&captures);
        }
    }
    let is_whole = diags.errors() == before;
    if read.is_empty() && is_whole && !allow_empty {
        let message =
            format!("list `{path}` has no members, so everything created from it would be deleted");
        let help = "restore the members, or set `safety.allowEmpty: true` to allow an empty list";
        diags.push(Diagnostic::new(Code::EmptyList, *span, message).help(help));
    } else if !allow_empty {
        for document in empty {
            let path = files.sources.path(document.file);
            let fact = format!("a part of `{path}` has no members");
            diags.push(blank(document, &fact));
        }
    }
    MemberList {
        members: read,
        is_whole,
    }
}

fn open(
    files: &mut Files,
    path: &str,
    referenced_at: Span,
    diags: &mut Diagnostics,
) -> Option<FileId> {
    let file = files.read(path, Some(referenced_at)).map_err(|diagnostic| {
        let is_path = diagnostic.code == Code::NotAFile;
        diags.push(if is_path {
            diagnostic.help("name a file, or match the files of the directory: `DIR/*.yaml`")
        } else {
            diagnostic
        });
    });
    file.ok()
}

/// Returns the values that the wildcards of a path matched, as fields of its members.
fn capture_fields(
    start: Span,
    captures: &[(Rc<str>, Rc<str>)],
    diags: &mut Diagnostics,
) -> Rc<[Entry]> {
    let field = |(name, value): &(Rc<str>, Rc<str>)| {
        let node = Node::string(start, value);
        check_strings(&node, diags);
        field_entry(name, start, node)
    };
    captures.iter().map(field).collect()
}

fn read_file(
    files: &mut Files,
    file: FileId,
    members: &Members,
    (kind, empty): (ListKind, &mut Vec<Span>),
    diags: &mut Diagnostics,
) -> Vec<Member> {
    let text: Rc<str> = files.sources.text(file);
    let path = files.sources.path(file).to_owned();
    let name = path.rsplit('/').next().unwrap_or(&path);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let start = files.sources.start(file);
    if extension == "env" {
        let Some(fields) = dotenv::read(file, &text, diags) else {
            return Vec::new();
        };
        for field in &fields {
            check_strings(&field.value, diags);
        }
        if fields.is_empty() {
            let message = format!("`{path}` contains no variables");
            let help = "restore its variables, or remove the file";
            diags.push(Diagnostic::new(Code::NotAList, members.list.span, message).help(help));
        }
        return vec![Member {
            has_string_values: true,
            ..Member::new(Some(stem.into()), start, Fields::Mapping(fields))
        }];
    }
    let Some(documents) = yaml::parse(file, &text, &NoMask, diags) else {
        return Vec::new();
    };
    let is_single = members.at.is_some() || files::is_pattern(&members.list.value);
    let span = members.list.span;
    if documents.is_empty() && is_single {
        let message = format!("`{path}` is empty");
        let help = "write `{}` if it is a member without fields, or remove the file";
        diags.push(Diagnostic::new(Code::NotAList, span, message).help(help));
    }
    let list = ListFile {
        text: &text,
        is_single,
        at: members.at.as_ref(),
        stem,
        start,
        accepts_string: members.value.is_some(),
        kind,
    };
    file::read(&documents, list, empty, diags)
}

/// Reads the entries of the file that `with` of a template names.
pub fn entries(
    files: &Files,
    file: FileId,
    referenced_at: Span,
    allow_empty: bool,
    diags: &mut Diagnostics,
) -> Vec<Node> {
    let text = files.sources.text(file);
    let Some(documents) = yaml::parse(file.of_members(), &text, &NoMask, diags) else {
        return Vec::new();
    };
    let has_none = match documents.as_slice() {
        [] => true,
        [only] => only.items().is_some_and(<[Node]>::is_empty),
        _ => false,
    };
    if has_none {
        if !allow_empty {
            let path = files.sources.path(file);
            diags.push(blank(referenced_at, &format!("`{path}` has no entry")));
        }
        return Vec::new();
    }
    let [Some(items)] = documents.iter().map(Node::items).collect::<Vec<_>>()[..] else {
        let message = format!("`{}` must contain one sequence", files.sources.path(file));
        diags.push(
            Diagnostic::new(Code::NotAList, referenced_at, message)
                .help("write one item for each entry, such as `- {app: shop}`"),
        );
        return Vec::new();
    };
    for item in items {
        check_strings(item, diags);
    }
    items.to_vec()
}
