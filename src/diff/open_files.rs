//! Files that members can choose: paths with expressions.

use std::rc::Rc;

use super::settings::{each_path, fleet};
use crate::files::Files;
use crate::source::{Sources, Span};
use crate::tree::{Part, Text};

/// Reads the files that only the other side has read: a file that both sides have, and only one of them uses, did not
/// change. Files that members can choose are read, too.
pub fn read_files_of_other([base, head]: [&mut Files; 2]) {
    let paths = |files: &Files| -> Vec<String> {
        let all = files.sources.files();
        all.map(|(_, path)| path.to_owned()).collect()
    };
    for files in [&mut *base, &mut *head] {
        let start = files
            .sources
            .files()
            .next()
            .map(|(id, _)| Span::new(id, 0..0));
        for pattern in open_paths(&files.sources) {
            // A pattern that cannot be read has been reported, or no member uses it.
            let found = start.and_then(|start| files.glob(&pattern, start).ok());
            for path in found.unwrap_or_default() {
                let _ = files.read(&path, None);
            }
        }
    }
    // A file that a side does not have, or cannot read, is new.
    for path in paths(head) {
        let _ = base.read(&path, None);
    }
    for path in paths(base) {
        let _ = head.read(&path, None);
    }
}

/// Returns the patterns of the paths with which members can choose a file.
pub(super) fn open_paths(sources: &Sources) -> Vec<String> {
    let mut found = Vec::new();
    for (id, path) in sources.files() {
        if path.starts_with("builtin:") {
            continue;
        }
        if let Some(root) = fleet(sources, id) {
            each_path(&root, &mut |text| found.extend(pattern(text)));
        }
    }
    found
}

/// Returns the pattern of a path with expressions.
fn pattern(text: &Text) -> Option<String> {
    let Text::Parts(parts) = text else {
        return None;
    };
    let part = |part: &Part| match part {
        Part::Literal(text) => Rc::clone(text),
        _ => "*".into(),
    };
    let parts: Vec<Rc<str>> = parts.iter().map(part).collect();
    let pattern = parts.concat();
    Some(pattern.strip_prefix("./").unwrap_or(&pattern).to_owned())
}
