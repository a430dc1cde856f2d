//! Reads the files of `variablesFrom`, and merges their variables.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::rc::Rc;

use super::field::DeclaredFields;
use crate::diagnostic::Diagnostics;
use crate::files::Files;
use crate::input::shared::{self, Shared};
use crate::model::cluster::find_sorted;
use crate::model::{Decided, SharedVariables};
use crate::passes::path::Path;
use crate::source::{FileId, Span, Spanned};
use crate::template::error::FillError;
use crate::template::fill::{self, Scope};
use crate::tree::{Node, Text};

/// The files that members of a list can name, with the contents of those that were read.
pub(super) struct SharedFiles<'a> {
    paths: &'a [Spanned<Text>],
    /// Literal values of `variables`, which override files.
    pub(super) literals: Rc<SharedVariables>,
    /// The file of each path that was read; `None` if reading failed, which was reported.
    read: BTreeMap<(usize, Rc<str>), Option<FileId>>,
    contents: BTreeMap<FileId, Shared>,
    /// Whether files can be empty.
    allow_empty: bool,
    /// The merged variables of each combination of files.
    merged: BTreeMap<Vec<FileId>, Rc<SharedVariables>>,
}

impl<'a> SharedFiles<'a> {
    pub(super) fn new(
        paths: &'a [Spanned<Text>],
        literals: Vec<(Rc<str>, Node)>,
        decided: Decided,
        allow_empty: bool,
    ) -> Self {
        Self {
            paths,
            literals: Rc::new(SharedVariables {
                values: literals,
                files: Vec::new(),
                decided: Rc::new(decided),
            }),
            read: BTreeMap::new(),
            contents: BTreeMap::new(),
            allow_empty,
            merged: BTreeMap::new(),
        }
    }

    /// Returns the variables of the files that a member names, in rising precedence, and the literal ones.
    ///
    /// Returns `None` if a path or file has an error.
    pub(super) fn member_variables(
        &mut self,
        own: &[(Rc<str>, Node)],
        member: Option<Span>,
        fields: &DeclaredFields,
        problems: &mut Vec<FillError>,
        files: &mut Files,
        diags: &mut Diagnostics,
    ) -> Option<Rc<SharedVariables>> {
        if self.paths.is_empty() {
            return Some(Rc::clone(&self.literals));
        }
        let mut named = Vec::with_capacity(self.paths.len());
        for (number, template) in self.paths.iter().enumerate() {
            let scope = PathScope {
                own,
                fields,
                files: self,
                named: &named,
            };
            let before = problems.len();
            let path = fill::text(&template.value, &scope, problems);
            if problems.len() > before {
                return None;
            }
            named.push(self.file(number, path, member, files, diags)?);
        }
        if let Some(known) = self.merged.get(&named) {
            return Some(Rc::clone(known));
        }
        let merged = Rc::new(SharedVariables {
            values: self.merge(&named, fields, diags),
            files: named.clone(),
            decided: Rc::clone(&self.literals.decided),
        });
        self.merged.insert(named, Rc::clone(&merged));
        Some(merged)
    }

    /// Returns the variables that are the same for every member, or `None` if a path has a variable.
    pub(super) fn constants(
        &mut self,
        fields: &DeclaredFields,
        files: &mut Files,
        diags: &mut Diagnostics,
    ) -> Option<Rc<SharedVariables>> {
        let is_final = |path: &Spanned<Text>| path.value.literal().is_some();
        if !self.paths.iter().all(is_final) {
            return None;
        }
        self.member_variables(&[], None, fields, &mut Vec::new(), files, diags)
    }

    fn file(
        &mut self,
        number: usize,
        path: Rc<str>,
        member: Option<Span>,
        files: &mut Files,
        diags: &mut Diagnostics,
    ) -> Option<FileId> {
        let template = &self.paths[number];
        let key = (number, path);
        if let Some(known) = self.read.get(&key) {
            return *known;
        }
        let is_path =
            template.value.literal().is_some() || Path::new(template).check(&key.1, member, diags);
        let found = is_path.then(|| {
            let relative = files.relative(&key.1, template.span);
            let file = files.read(&relative, Some(template.span));
            let file = file.map_err(|diagnostic| {
                let member = member.filter(|_| template.value.literal().is_none());
                diags.push(diagnostic.related(member, "path comes from this member"));
            });
            let file = file.ok()?;
            if let Entry::Vacant(entry) = self.contents.entry(file) {
                let read = shared::read(files, file, template.span, self.allow_empty, diags);
                entry.insert(read?);
            }
            Some(file)
        });
        let found = found.flatten();
        self.read.insert(key, found);
        found
    }

    /// Returns the merged variables of files, overridden by literal ones. The value of a field must match its
    /// schema, regardless of the file that sets it.
    fn merge(
        &self,
        named: &[FileId],
        fields: &DeclaredFields,
        diags: &mut Diagnostics,
    ) -> Vec<(Rc<str>, Node)> {
        let mut merged = shared::merge(named.iter().map(|file| &self.contents[file]));
        for (name, value) in &self.literals.values {
            merged.insert(name, (value, false));
        }
        let is_literal = |name: &str| find_sorted(&self.literals.values, name).is_some();
        let set = merged
            .into_iter()
            .filter(|(_, (value, _))| !value.is_null());
        set.map(|(name, (value, has_string_values))| {
            let value = match fields.named(name).filter(|_| !is_literal(name)) {
                Some(field) => field.check(value.clone(), has_string_values, diags),
                None => value.clone(),
            };
            (Rc::clone(name), value)
        })
        .collect()
    }
}

/// The variables available to a path of `variablesFrom`: those of the member, literal ones and earlier files, each
/// sorted by name.
struct PathScope<'a> {
    own: &'a [(Rc<str>, Node)],
    fields: &'a DeclaredFields,
    files: &'a SharedFiles<'a>,
    named: &'a [FileId],
}

impl Scope for PathScope<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        let find = |list: &[(Rc<str>, Node)]| find_sorted(list, name).cloned();
        let mut found = find(self.own).or_else(|| find(&self.files.literals.values));
        for file in self.named.iter().rev() {
            found = found.or_else(|| find(&self.files.contents[file].variables));
        }
        let field = self.fields.named(name);
        let default = || field.and_then(|field| field.default.clone());
        found.or_else(default).map(Cow::Owned)
    }
}
