//! The delivery methods of a fleet: built-in files, or files of the fleet.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::rc::Rc;

use super::prepare::metadata::DefaultNamespace;
use super::prepare::object::object;
use crate::builtin::{DELIVERIES, find_delivery};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, join_and};
use crate::files::Files;
use crate::input::delivery;
use crate::input::fleet::Fleet;
use crate::kinds::Schemas;
use crate::model::Delivery;
use crate::source::{FileId, Span, Spanned};
use crate::template;

/// The delivery methods of a fleet, by the value of `deliver`: the name of a built-in method, or the path of a file.
#[derive(Debug, Default)]
pub struct Deliveries {
    known: BTreeMap<String, Option<Rc<Delivery>>>,
}

impl Deliveries {
    /// Reads the delivery methods that a fleet and its add-ons name.
    pub fn read(
        files: &mut Files,
        fleet: &Fleet,
        schemas: &Schemas,
        diags: &mut Diagnostics,
    ) -> Self {
        let mut all = Self::default();
        let own = fleet
            .addons
            .iter()
            .filter_map(|addon| addon.deliver.as_ref());
        for name in fleet.deliver.iter().chain(own) {
            let key = key(files, name);
            if let Entry::Vacant(entry) = all.known.entry(key) {
                let method = load(files, (name, entry.key()), schemas, diags);
                entry.insert(method.map(Rc::new));
            }
        }
        all
    }

    /// Returns the delivery method of a name.
    pub fn get(&self, files: &Files, name: &Spanned<String>) -> Option<&Rc<Delivery>> {
        self.known.get(&key(files, name))?.as_ref()
    }
}

/// Returns the name of a built-in delivery method, or the path of a file relative to the fleet's directory.
fn key(files: &Files, name: &Spanned<String>) -> String {
    if is_path(&name.value) {
        files.relative(&name.value, name.span)
    } else {
        name.value.clone()
    }
}

fn is_path(name: &str) -> bool {
    name.contains(['/', '.'])
}

fn load(
    files: &mut Files,
    (name, key): (&Spanned<String>, &str),
    schemas: &Schemas,
    diags: &mut Diagnostics,
) -> Option<Delivery> {
    let file = file(files, name, key, diags).map_err(|diagnostic| diags.push(diagnostic));
    let file = file.ok()?;
    let documents = template::parse(file, &files.sources, diags)?;
    let is_own = is_path(&name.value);
    // Different spellings of a path name the same method.
    let name = if is_own {
        files.sources.path(file)
    } else {
        key
    };
    let mut method = delivery::delivery(name, file, &documents, diags)?;
    method.file = is_own.then(|| Span::new(file, 0..0));
    for document in &mut method.documents {
        if let Some(object) = object(&document.tree, &DefaultNamespace::Delivered, schemas, diags) {
            document.tree = object.tree;
        }
    }
    Some(method)
}

fn file(
    files: &mut Files,
    name: &Spanned<String>,
    key: &str,
    diags: &mut Diagnostics,
) -> Result<FileId, Diagnostic> {
    if is_path(&name.value) {
        return files.read(key, Some(name.span));
    }
    if let Some(builtin) = find_delivery(key) {
        return Ok(files.add_builtin(&format!("builtin:deliver/{key}"), builtin.text));
    }
    let names = DELIVERIES.iter().map(|builtin| builtin.name);
    let message = format!(
        "`deliver` must be one of {}, or the path of a file",
        join_and(names.clone())
    );
    let help = diags.suggestions.did_you_mean(key, || names.clone());
    Err(Diagnostic::new(Code::InvalidValue, name.span, message).help(help))
}
