//! Reads `fleet.lock`, the list of clusters and objects that must not be missing from the output.

mod names;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::Files;
use crate::files::names::LOCK;
use crate::model::Cell;
use crate::source::Span;

pub use names::{Names, SET_MARK, names_line};

/// Namespace and name of a cluster.
pub type Key = (Rc<str>, Rc<str>);

/// The contents of `fleet.lock`.
#[derive(Debug)]
pub struct Lock {
    /// Location of the beginning of the file.
    pub span: Span,
    /// The locked clusters by namespace and name.
    pub entries: BTreeMap<Key, Entry>,
    /// The sets of objects that clusters have, by their identifiers.
    pub sets: BTreeMap<Rc<str>, Set>,
    /// The objects that belong to no cluster, as `Kind.group/namespace/name`.
    pub objects: BTreeMap<Rc<str>, Span>,
}

/// A line with the objects of some clusters.
#[derive(Clone, Debug)]
pub struct Set {
    /// Location of the line.
    pub span: Span,
    /// The objects.
    pub names: Names,
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
    /// The identifier of the set of objects that the cluster has.
    pub set: Option<Rc<str>>,
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
    let mut lock = Lock {
        span: Span::new(file, 0..0),
        entries: BTreeMap::new(),
        sets: BTreeMap::new(),
        objects: BTreeMap::new(),
    };
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(file, start..start + line.trim_end().len());
        start += line.len();
        let words: Vec<&str> = line.split_whitespace().collect();
        if words.first().is_none_or(|word| word.starts_with('#')) {
            continue;
        }
        match lock.add(&words, span) {
            Ok(()) => {}
            Err(Problem::Repeated(what, first)) => {
                let message = format!("{what} is locked twice");
                diags.push(
                    Diagnostic::new(Code::InvalidLock, span, message)
                        .related(first, "first locked here")
                        .help("remove one of the lines"),
                );
            }
            Err(Problem::Invalid) => {
                let message = "invalid line in fleet.lock";
                diags.push(Diagnostic::new(Code::InvalidLock, span, message).help(
                    "expected `NAMESPACE/NAME [CELL] [@KIND.GROUP/NAMESPACE/NAME] [+SET]`, `+SET OBJECTS` or `@KIND.GROUP/NAMESPACE/NAME`",
                ));
            }
        }
    }
    for entry in lock.entries.values() {
        if let Some(set) = &entry.set
            && !lock.sets.contains_key(set)
        {
            let message = format!("no line defines the set `{SET_MARK}{set}`");
            let help = format!("delete `{SET_MARK}{set}`, and run `kubectl fleet lock`");
            diags.push(Diagnostic::new(Code::InvalidLock, entry.span, message).help(help));
        }
    }
    Some(lock)
}

/// A problem of a line.
enum Problem {
    Invalid,
    /// What it locks again, and the location of the first line.
    Repeated(String, Span),
}

impl Lock {
    /// Adds a line.
    fn add(&mut self, words: &[&str], span: Span) -> Result<(), Problem> {
        let (first, rest) = words.split_first().ok_or(Problem::Invalid)?;
        let (what, known) = if let Some(set) = first.strip_prefix(SET_MARK) {
            let names = names::read(rest).ok_or(Problem::Invalid)?;
            let known = self.sets.insert(set.into(), Set { span, names });
            (format!("set `{first}`"), known.map(|known| known.span))
        } else if let Some(object) = first.strip_prefix(OBJECT_MARK) {
            if !rest.is_empty() || !object.contains('/') {
                return Err(Problem::Invalid);
            }
            let known = self.objects.insert(object.into(), span);
            (format!("object `{object}`"), known)
        } else {
            let (key, cell, locked, set) = entry(words).ok_or(Problem::Invalid)?;
            let what = format!("cluster `{}/{}`", key.0, key.1);
            let entry = Entry {
                span,
                cell,
                locked,
                set,
            };
            let known = self.entries.insert(key, entry);
            (what, known.map(|known| known.span))
        };
        known.map_or(Ok(()), |first| Err(Problem::Repeated(what, first)))
    }
}

/// The parts of the line of a cluster.
type Parts = (Key, Option<Cell>, Locked, Option<Rc<str>>);

fn entry(words: &[&str]) -> Option<Parts> {
    let (cluster, rest) = words.split_first()?;
    let set = rest.last().and_then(|word| word.strip_prefix(SET_MARK));
    let rest = &rest[..rest.len() - usize::from(set.is_some())];
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
    let cell = cell.map(|cell| Cell::new(cell));
    (is_name(namespace) && is_name(name)).then(|| (key, cell, locked, set.map(Into::into)))
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

/// Returns the line of an object that belongs to no cluster.
pub fn object_line(object: &str) -> String {
    format!("{OBJECT_MARK}{object}\n")
}
