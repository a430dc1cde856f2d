//! Lines with the objects of clusters: `+1 MachinePool.cluster.x-k8s.io/*-a ConfigMap/*=2`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::rc::Rc;

/// Names of objects, each with the number of objects.
pub type Names = BTreeMap<Rc<str>, usize>;

/// The mark of a set of objects.
pub const SET_MARK: char = '+';
/// The sign before the number of objects, which no name contains.
const NUMBER_MARK: char = '=';

/// Reads the words after the identifier. Returns `None` if one is invalid.
pub(super) fn read(words: &[&str]) -> Option<Names> {
    let mut names = Names::new();
    for word in words {
        let (name, number) = match word.split_once(NUMBER_MARK) {
            Some((name, number)) => (name, number.parse().ok()?),
            None => (*word, 1),
        };
        let is_new = name.contains('/') && names.insert(name.into(), number).is_none();
        is_new.then_some(())?;
    }
    Some(names)
}

/// Returns the line of a set.
pub fn names_line(set: &str, names: &Names) -> String {
    let mut line = format!("{SET_MARK}{set}");
    for (name, number) in names {
        let _ = write!(line, " {name}");
        if *number != 1 {
            let _ = write!(line, "{NUMBER_MARK}{number}");
        }
    }
    line.push('\n');
    line
}
