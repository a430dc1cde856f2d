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
    /// What must not disappear.
    pub locked: Locked,
}

/// What a line of the lock protects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Locked {
    /// The Cluster of Cluster API with the name and namespace of the line.
    Cluster,
    /// Another object that represents the cluster, as `Kind.group/namespace/name`.
    Object(Rc<str>),
    /// Only the member: the fleet creates no object that represents the cluster.
    Member,
}

/// The mark before an object in a line.
const OBJECT_MARK: char = '@';
/// The word for a cluster without an object.
const MEMBER: &str = "@member";

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
        let Some((name, cell, locked)) = entry(&words) else {
            let message = "invalid line in fleet.lock";
            diags.push(
                Diagnostic::new(Code::InvalidLock, span, message)
                    .help("expected `NAMESPACE/NAME [CELL] [@KIND.GROUP/NAMESPACE/NAME]`"),
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
        entries.insert(name, Entry { span, cell, locked });
    }
    Some(Lock {
        span: Span::new(file, 0..0),
        entries,
    })
}

fn entry(words: &[&str]) -> Option<(Key, Option<Cell>, Locked)> {
    let (cluster, rest) = words.split_first()?;
    let (cell, locked) = match rest {
        [] => (None, None),
        [locked] if locked.starts_with(OBJECT_MARK) => (None, Some(locked)),
        [cell] => (Some(cell), None),
        [cell, locked] => (Some(cell), Some(locked)),
        _ => return None,
    };
    let locked = match locked.copied() {
        None => Locked::Cluster,
        Some(MEMBER) => Locked::Member,
        Some(object) => {
            let object = object.strip_prefix(OBJECT_MARK)?;
            object
                .contains('/')
                .then(|| Locked::Object(object.into()))?
        }
    };
    let (namespace, name) = cluster.split_once('/')?;
    let is_name = |name: &str| !name.is_empty() && !name.contains('/');
    let key = (namespace.into(), name.into());
    (is_name(namespace) && is_name(name)).then(|| (key, cell.map(|cell| Cell::new(cell)), locked))
}

/// Returns the line of a cluster.
pub fn line((namespace, name): (&str, &str), cell: Option<&Cell>, locked: &Locked) -> String {
    let cell = cell.map_or(String::new(), |cell| format!(" {cell}"));
    let locked = match locked {
        Locked::Cluster => String::new(),
        Locked::Object(object) => format!(" {OBJECT_MARK}{object}"),
        Locked::Member => format!(" {MEMBER}"),
    };
    format!("{namespace}/{name}{cell}{locked}\n")
}
