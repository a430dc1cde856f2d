//! Variables that are the same for the whole fleet.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::cluster::ClusterList;
use super::list::List;
use crate::diagnostic::Diagnostics;
use crate::files::Files;
use crate::input::fleet::Fleet;
use crate::model::{SharedVariables, Variables};
use crate::template::fill::{self, Scope};
use crate::tree::Node;
use crate::tree::roots;

/// Returns the variables that every entry of `clusters` sets to one value, regardless of its members.
pub(super) fn constants(
    fleet: &Fleet,
    lists: &mut [ClusterList<'_>],
    files: &mut Files,
    diags: &mut Diagnostics,
) -> Variables {
    let mut lists = lists
        .iter_mut()
        .map(|list| list_constants(&mut list.list, files, diags));
    let mut constants = lists.next().unwrap_or_default();
    for other in lists {
        let is_same = |name: &Rc<str>, value: &mut Node| other.get(name) == Some(value);
        constants.retain(is_same);
    }
    if let Some(source) = &fleet.source {
        constants.insert("SOURCE".into(), source.value.node());
    }
    Variables {
        own: Vec::new(),
        shared: Rc::new(SharedVariables {
            values: constants.into_iter().collect(),
            ..SharedVariables::default()
        }),
    }
}

/// Variables with a known value, by name.
type Known = BTreeMap<Rc<str>, Node>;

impl Scope for Known {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        self.get(name).map(Cow::Borrowed)
    }
}

/// Returns the variables of a list that do not depend on its members: literal values, values of files that all
/// members share and cannot override, and values computed only from these.
fn list_constants(list: &mut List<'_>, files: &mut Files, diags: &mut Diagnostics) -> Known {
    let mut known = Known::new();
    let shared = list.shared.constants(&list.fields, files, diags);
    let settable = list.settable.as_ref();
    let is_settable = |name: &str| settable.is_none_or(|names| names.contains(name));
    for (name, value) in shared.iter().flat_map(|shared| &shared.values) {
        if !list.fixed.contains_key(name) && !is_settable(name) {
            known.insert(Rc::clone(name), value.clone());
        }
    }
    for (name, value) in list.ordered_variables() {
        let is_ready = roots(value)
            .iter()
            .all(|root| known.contains_key(root.as_str()));
        if !known.contains_key(&name) && is_ready {
            let mut problems = Vec::new();
            let value = fill::node(value, &known, &mut problems);
            if problems.is_empty() && !value.is_null() {
                known.insert(name, value);
            }
        }
    }
    known
}
