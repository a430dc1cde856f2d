//! Variables that depend on other variables through the paths of `variablesFrom`.

use std::collections::BTreeSet;

use super::cluster::ClusterList;
use crate::template::BUILT_IN;
use crate::tree::roots;

/// The variables that only files set, and the variables that select these files.
///
/// The configuration decides this, not the current members: a variable that neither members nor `variables` can
/// set must come from a file.
#[derive(Debug, Default)]
pub struct Derived {
    lists: Vec<ListVariables>,
}

#[derive(Debug)]
struct ListVariables {
    /// Variables that members or `variables` can set; `None` if members can set any.
    set_by_member: Option<BTreeSet<String>>,
    /// The variables in the paths of `variablesFrom`.
    path_variables: Vec<String>,
}

impl Derived {
    pub(super) fn new(lists: &[ClusterList<'_>]) -> Self {
        let list_variables = |list: &ClusterList<'_>| {
            let list = &list.list;
            let paths = list.written.variables_from.iter();
            let mut by: Vec<String> = Vec::new();
            for name in paths.flat_map(|path| roots(&path.node())) {
                if !by.contains(&name) {
                    by.push(name);
                }
            }
            let variables = list.written.variables.iter();
            let fixed = variables.map(|variable| variable.key.text.source_text().to_string());
            let set = list.settable.iter().flatten().cloned();
            ListVariables {
                set_by_member: list.settable.is_some().then(|| set.chain(fixed).collect()),
                path_variables: by,
            }
        };
        Self {
            lists: lists.iter().map(list_variables).collect(),
        }
    }

    /// Returns the only variables that determine a variable, or `None` if a cluster can have its own value.
    pub fn path_variables(&self, name: &str) -> Option<Vec<&str>> {
        let mut by: Vec<&str> = Vec::new();
        for list in &self.lists {
            let set = list.set_by_member.as_ref()?;
            if BUILT_IN.contains(&name) || set.contains(name) {
                return None;
            }
            for variable in &list.path_variables {
                if !by.contains(&variable.as_str()) {
                    by.push(variable);
                }
            }
        }
        (!by.is_empty()).then_some(by)
    }
}
