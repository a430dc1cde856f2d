//! What the fleet's files say, as written: typed, with places, nothing looked up yet.

pub mod fleet;
pub mod list;
pub mod patch;
pub(crate) mod read;
pub mod selector;

use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Stopped};
use crate::files::Files;
use crate::source::Spanned;
use crate::template;
use crate::yaml::{self, Unmasked};
use fleet::Fleet;
use list::Member;

/// Reads `fleet.yaml`.
pub fn read_fleet(files: &mut Files, diags: &mut Diagnostics) -> Result<Fleet, Stopped> {
    let file = files.read("fleet.yaml", None).map_err(|diagnostic| {
        let is_missing = diagnostic.code == Code::NoSuchFile;
        diags.push(if is_missing {
            let named = ["fleet.yml", "Fleet.yaml"]
                .into_iter()
                .find(|name| files.has(name));
            let help = match named {
                Some(named) => format!("rename {named} to fleet.yaml"),
                None => "name the folder that holds it: kubectl fleet generate DIR".to_owned(),
            };
            Diagnostic::without_place(Code::NoFleet, "the folder holds no fleet.yaml").help(help)
        } else {
            diagnostic
        });
        Stopped
    })?;
    let documents = template::parse(file, &files.sources, diags);
    let parsed = diags.checkpoint();
    if documents.is_empty() && parsed.is_err() {
        return Err(Stopped);
    }
    let fleet = fleet::read(file, &documents, diags);
    parsed?;
    diags.checkpoint()?;
    fleet.ok_or(Stopped)
}

/// Reads every list; the members of each entry of `clusters`.
pub fn read_lists(files: &mut Files, fleet: &Fleet, diags: &mut Diagnostics) -> Vec<Vec<Member>> {
    let mut lists = Vec::with_capacity(fleet.clusters.len());
    for entry in &fleet.clusters {
        let before = diags.errors();
        let members = match files.matching(&entry.list.value, entry.list.span) {
            Ok(paths) => paths
                .iter()
                .flat_map(|path| read_list(files, path, &entry.list, diags))
                .collect(),
            Err(diagnostic) => {
                diags.push(diagnostic);
                Vec::new()
            }
        };
        if members.is_empty() && diags.errors() == before && !fleet.safety.allow_empty {
            let message = format!(
                "the list `{}` has no member: everything made of it would be deleted",
                entry.list.value
            );
            let help =
                "restore the members, or set `safety.allowEmpty: true` if the list may be empty";
            diags.push(Diagnostic::new(Code::EmptyList, entry.list.span, message).help(help));
        }
        lists.push(members);
    }
    lists
}

fn read_list(
    files: &mut Files,
    path: &str,
    list: &Spanned<String>,
    diags: &mut Diagnostics,
) -> Vec<Member> {
    let file = match files.read(path, Some(list.span)) {
        Ok(file) => file,
        Err(diagnostic) => {
            let is_path = diagnostic.code == Code::NotAFile && diagnostic.help.is_none();
            diags.push(if is_path {
                diagnostic.help("a list is a file, or many: `folder/*.yaml`")
            } else {
                diagnostic
            });
            return Vec::new();
        }
    };
    let text: Rc<str> = files.sources.text(file);
    let documents = yaml::parse(file, &text, &Unmasked, diags);
    let single = path != list.value;
    if documents.is_empty() && diags.checkpoint().is_ok() {
        diags.push(if single {
            let message = format!("`{path}` is empty: is it a member that says nothing?");
            let help = "write `{}` for such a member, or remove the file";
            Diagnostic::new(Code::NotAList, list.span, message).help(help)
        } else {
            let message = format!("the list `{path}` holds no document");
            Diagnostic::new(Code::EmptyFile, list.span, message)
        });
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let start = crate::source::Span::new(file, 0..0);
    list::read(
        &documents,
        single,
        &Spanned {
            value: stem.to_owned(),
            span: start,
        },
        diags,
    )
}
