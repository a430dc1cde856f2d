//! The delivery methods that a fleet uses: built-in files, or files of its own.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, all_of, did_you_mean};
use crate::files::Files;
use crate::input;
use crate::input::fleet::Fleet;
use crate::model::Delivery;
use crate::source::{FileId, Span, Spanned};
use crate::template;

/// The built-in delivery methods: the name of each, and its file.
pub const BUILT_IN: [(&str, &str); 4] = [
    ("sveltos", include_str!("../builtin/deliver/sveltos.yaml")),
    ("argocd", include_str!("../builtin/deliver/argocd.yaml")),
    ("flux", include_str!("../builtin/deliver/flux.yaml")),
    ("caaph", include_str!("../builtin/deliver/caaph.yaml")),
];

/// The delivery methods of a fleet, by what `deliver` is set to and the file that sets it.
#[derive(Debug, Default)]
pub struct Deliveries {
    known: BTreeMap<String, Option<Rc<Delivery>>>,
}

impl Deliveries {
    /// Reads the delivery methods that a fleet and its add-ons name.
    pub fn read(files: &mut Files, fleet: &Fleet, diags: &mut Diagnostics) -> Self {
        let mut all = Self::default();
        let own = fleet
            .addons
            .iter()
            .filter_map(|addon| addon.deliver.as_ref());
        for name in fleet.deliver.iter().chain(own) {
            all.load(files, name, diags);
        }
        all
    }

    /// Returns the delivery method of a name.
    pub fn get(&self, files: &Files, name: &Spanned<String>) -> Option<&Rc<Delivery>> {
        self.known.get(&key(files, name))?.as_ref()
    }

    fn load(&mut self, files: &mut Files, name: &Spanned<String>, diags: &mut Diagnostics) {
        let key = key(files, name);
        if self.known.contains_key(&key) {
            return;
        }
        let file = file(files, name, &key);
        let read = file.map_err(|diagnostic| diags.push(diagnostic)).ok();
        let method = read.and_then(|file| {
            let documents = template::parse(file, &files.sources, diags)?;
            let whole = Span::new(file, 0..0);
            let name = &name.value;
            input::delivery::delivery(name, &documents, whole, diags).map(Rc::new)
        });
        self.known.insert(key, method);
    }
}

/// Returns what identifies a delivery method: the name of a built-in one, or the path of a file.
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

fn file(files: &mut Files, name: &Spanned<String>, key: &str) -> Result<FileId, Diagnostic> {
    if is_path(&name.value) {
        return files.read(key, Some(name.span));
    }
    let built_in = BUILT_IN
        .iter()
        .find(|(built_in, _)| *built_in == name.value);
    if let Some((name, text)) = built_in {
        return Ok(files.add_builtin(&format!("builtin:deliver/{name}"), text));
    }
    let names = BUILT_IN.iter().map(|(name, _)| *name);
    let message = format!("`deliver` must be one of {}", all_of(names.clone()));
    let help = did_you_mean(&name.value, names);
    Err(Diagnostic::new(Code::InvalidValue, name.span, message).help(help))
}
