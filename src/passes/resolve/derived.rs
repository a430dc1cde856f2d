//! Variables that hang on others: what files of `variablesFrom` say, by the variables of their paths.

use std::collections::BTreeSet;

use super::cluster::ClusterList;
use crate::template::BUILT_IN;
use crate::tree::roots;

/// Which variables come from files alone, and which variables select these files. It is decided by what is
/// written: what no member may say and nothing fixes can come from nowhere else.
#[derive(Debug, Default)]
pub struct Derived {
    lists: Vec<OfList>,
}

#[derive(Debug)]
struct OfList {
    /// What is said otherwise; none where a member may say anything.
    said: Option<BTreeSet<String>>,
    /// The variables in the paths of `variablesFrom`.
    by: Vec<String>,
}

impl Derived {
    pub(super) fn new(lists: &[ClusterList<'_>]) -> Self {
        let of_list = |list: &ClusterList<'_>| {
            let list = &list.list;
            let paths = list.written.variables_from.iter();
            let mut by: Vec<String> = Vec::new();
            for name in paths.flat_map(|path| roots(&path.node())) {
                if !by.contains(&name) {
                    by.push(name);
                }
            }
            let variables = list.written.variables.iter();
            let fixed = variables.map(|variable| variable.key.text.as_written().to_string());
            let said = list.settable.iter().flatten().cloned();
            OfList {
                said: list.settable.is_some().then(|| said.chain(fixed).collect()),
                by,
            }
        };
        Self {
            lists: lists.iter().map(of_list).collect(),
        }
    }

    /// The variables that a variable hangs on and on nothing else; none where a cluster has a value of its
    /// own.
    pub fn by(&self, name: &str) -> Option<Vec<&str>> {
        let mut by: Vec<&str> = Vec::new();
        for list in &self.lists {
            let said = list.said.as_ref()?;
            if BUILT_IN.contains(&name) || said.contains(name) {
                return None;
            }
            for one in &list.by {
                if !by.contains(&one.as_str()) {
                    by.push(one);
                }
            }
        }
        (!by.is_empty()).then_some(by)
    }
}
