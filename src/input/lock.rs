//! Reads `fleet.lock`, the list of clusters that must not be missing from the output.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::Files;
use crate::files::names::LOCK;
use crate::model::Cell;
use crate::source::Span;

/// Namespace and name of a cluster.
pub type Key = (Rc<str>, Rc<str>);

/// The contents of `fleet.lock`.
#[derive(Debug)]
pub struct Lock {
    /// Location of the beginning of the file.
    pub span: Span,
    /// The locked clusters by namespace and name.
    pub entries: BTreeMap<Key, Entry>,
}

/// A line of the lock.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Location of the line.
    pub span: Span,
    /// The cell of the cluster, if the line sets it.
    pub cell: Option<Cell>,
}

/// Reads `fleet.lock` if the file exists.
pub fn read(files: &mut Files, diags: &mut Diagnostics) -> Option<Lock> {
    if !files.has(LOCK) {
        return None;
    }
    let file = files.read(LOCK, None);
    let file = file.map_err(|diagnostic| diags.push(diagnostic)).ok()?;
    let text = files.sources.text(file);
    let mut entries: BTreeMap<Key, Entry> = BTreeMap::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(file, start..start + line.trim_end().len());
        start += line.len();
        let words: Vec<&str> = line.split_whitespace().collect();
        if words.first().is_none_or(|word| word.starts_with('#')) {
            continue;
        }
        let Some((name, cell)) = entry(&words) else {
            let message = "invalid line in fleet.lock";
            diags.push(
                Diagnostic::new(Code::InvalidLock, span, message)
                    .help("expected `NAMESPACE/NAME [CELL]`"),
            );
            continue;
        };
        if let Some(first) = entries.get(&name) {
            let message = format!("cluster `{}/{}` is locked twice", name.0, name.1);
            diags.push(
                Diagnostic::new(Code::InvalidLock, span, message)
                    .related(first.span, "first locked here")
                    .help("remove one of the lines"),
            );
            continue;
        }
        entries.insert(name, Entry { span, cell });
    }
    Some(Lock {
        span: Span::new(file, 0..0),
        entries,
    })
}

fn entry(words: &[&str]) -> Option<(Key, Option<Cell>)> {
    let (cluster, cell) = match words {
        [cluster] => (cluster, None),
        [cluster, cell] => (cluster, Some(Cell::new(cell))),
        _ => return None,
    };
    let (namespace, name) = cluster.split_once('/')?;
    let is_name = |name: &str| !name.is_empty() && !name.contains('/');
    (is_name(namespace) && is_name(name)).then(|| ((namespace.into(), name.into()), cell))
}

/// Returns the line of a cluster.
pub fn line(namespace: &str, name: &str, cell: Option<&Cell>) -> String {
    match cell {
        Some(cell) => format!("{namespace}/{name} {cell}\n"),
        None => format!("{namespace}/{name}\n"),
    }
}
