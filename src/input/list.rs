//! Lists: who wants a cluster, and what groups there are. Their editors are not trusted: a member is
//! its key and its fields.

mod existing;
mod file;
mod mapping;
mod member;
mod text;

use std::rc::Rc;

use super::dotenv;
use super::members::Members;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::{self, Files};
use crate::source::{FileId, Span, Spanned};
use crate::tree::{Entry, Node};
use crate::yaml::{self, Unmasked};
use file::ListFile;
pub use member::{Fields, Member, field_entry};
use text::check_texts;

/// The members of a list.
#[derive(Debug)]
pub struct MemberList {
    /// The members that could be read.
    pub members: Vec<Member>,
    /// Whether all of them could be read: only then is a member missing that is not among them.
    pub is_whole: bool,
}

/// What a list is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Its members want clusters.
    Clusters,
    /// Its members are groups.
    Groups,
}

/// Reads every file of a list.
pub fn read(
    files: &mut Files,
    members: &Members,
    purpose: Purpose,
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
    for (path, captures) in found {
        let Some(file) = open(files, &path, *span, diags) else {
            continue;
        };
        let captures = captured(files.sources.start(file), &captures, diags);
        let first = read.len();
        read.extend(of_file(files, file, members, purpose, diags));
        for member in &mut read[first..] {
            let member: &mut Member = member;
            member.captures = Rc::clone(&captures);
        }
    }
    let is_whole = diags.errors() == before;
    if read.is_empty() && is_whole && !allow_empty {
        let message =
            format!("the list `{path}` has no member: everything made of it would be deleted");
        let help = "restore the members, or set `safety.allowEmpty: true` if the list may be empty";
        diags.push(Diagnostic::new(Code::EmptyList, *span, message).help(help));
    }
    MemberList {
        members: read,
        is_whole,
    }
}

fn open(files: &mut Files, path: &str, asked_at: Span, diags: &mut Diagnostics) -> Option<FileId> {
    let file = files.read(path, Some(asked_at)).map_err(|diagnostic| {
        let is_path = diagnostic.code == Code::NotAFile && diagnostic.help.is_none();
        diags.push(if is_path {
            diagnostic.help("a list is a file, or many: `folder/*.yaml`")
        } else {
            diagnostic
        });
    });
    file.ok()
}

/// What a path says, as fields of its members.
fn captured(start: Span, captures: &[(Rc<str>, Rc<str>)], diags: &mut Diagnostics) -> Rc<[Entry]> {
    let field = |(name, value): &(Rc<str>, Rc<str>)| {
        let node = Node::string(start, value);
        check_texts(&node, diags);
        field_entry(name, start, node)
    };
    captures.iter().map(field).collect()
}

fn of_file(
    files: &mut Files,
    file: FileId,
    members: &Members,
    purpose: Purpose,
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
            check_texts(&field.value, diags);
        }
        return vec![Member {
            textual: true,
            ..Member::new(Some(stem.into()), start, Fields::Mapping(fields))
        }];
    }
    let Some(documents) = yaml::parse(file, &text, &Unmasked, diags) else {
        return Vec::new();
    };
    let is_single = members.at.is_some() || files::is_pattern(&members.list.value);
    let span = members.list.span;
    if documents.is_empty() {
        diags.push(if is_single {
            let message = format!("`{path}` is empty: is it a member that says nothing?");
            let help = "write `{}` for such a member, or remove the file";
            Diagnostic::new(Code::NotAList, span, message).help(help)
        } else {
            let message = format!("the list `{path}` holds no document");
            Diagnostic::new(Code::EmptyFile, span, message)
        });
    }
    let list = ListFile {
        text: &text,
        is_single,
        at: members.at.as_ref(),
        stem,
        start,
        takes_text: members.value.is_some(),
        takes_existing: purpose == Purpose::Clusters,
    };
    file::read(&documents, list, diags)
}

/// Reads the entries of a list that a template is used `with`.
pub fn entries(files: &Files, file: FileId, asked_at: Span, diags: &mut Diagnostics) -> Vec<Node> {
    let text = files.sources.text(file);
    let Some(documents) = yaml::parse(file, &text, &Unmasked, diags) else {
        return Vec::new();
    };
    let [Some(items)] = documents.iter().map(Node::items).collect::<Vec<_>>()[..] else {
        let message = format!(
            "`{}` must hold one sequence: an item for each entry",
            files.sources.path(file)
        );
        diags
            .push(Diagnostic::new(Code::NotAList, asked_at, message).help("write `- {app: shop}`"));
        return Vec::new();
    };
    for item in items {
        check_texts(item, diags);
    }
    items.to_vec()
}
