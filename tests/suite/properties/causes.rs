//! Causes hide their consequences: an unreadable file causes one error, and no error about missing contents.

use std::path::Path;

use kubectl_fleet::compile;
use kubectl_fleet::diagnostic::{Diagnostic, Diagnostics};
use kubectl_fleet::files::Files;
use kubectl_fleet::yaml::print::Format;

use crate::fleet::FleetFiles;

#[test]
fn broken_file_causes_one_message() {
    for (case, files) in FleetFiles::cases() {
        let fleet = files.write();
        let known = messages(fleet.dir());
        for (path, text) in files.texts() {
            let is_dotenv = path.rsplit_once('.').is_some_and(|(_, end)| end == "env");
            let end = if is_dotenv { "A = 1" } else { "}: [ x y" };
            fleet.write(path, format!("{}\n{end}\n", text.trim_end()));
            let found = messages(fleet.dir());
            let errors = found
                .iter()
                .filter(|diagnostic| diagnostic.is_error())
                .count();
            assert!(errors <= 1, "{case}: {path}: {found:#?}");
            let is_new = |diagnostic: &&Diagnostic| {
                !diagnostic.is_error()
                    && known
                        .iter()
                        .all(|known| known.message != diagnostic.message)
            };
            let new: Vec<_> = found.iter().filter(is_new).collect();
            assert!(errors == 0 || new.is_empty(), "{case}: {path}: {new:#?}");
            fleet.write(path, text);
        }
    }
}

fn messages(dir: &Path) -> Vec<Diagnostic> {
    let mut files = Files::open(dir).unwrap();
    let mut diags = Diagnostics::default();
    compile(&mut files, Format::Json, &mut diags).ok();
    diags.into_sorted()
}
