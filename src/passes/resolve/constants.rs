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

/// The variables that every entry of `clusters` fixes to one value, whatever its members say.
pub(super) fn constants(
    fleet: &Fleet,
    lists: &mut [ClusterList<'_>],
    files: &mut Files,
    diags: &mut Diagnostics,
) -> Variables {
    let mut lists = lists
        .iter_mut()
        .map(|list| of_list(&mut list.list, files, diags));
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
            files: Vec::new(),
        }),
    }
}

/// Variables that are known before others.
type Fixed = BTreeMap<Rc<str>, Node>;

impl Scope for Fixed {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        self.get(name).map(Cow::Borrowed)
    }
}

/// What a list fixes without asking its members: final values, files that all of them share as far as
/// no member may say otherwise, and what is made of these alone.
fn of_list(list: &mut List<'_>, files: &mut Files, diags: &mut Diagnostics) -> Fixed {
    let mut fixed = Fixed::new();
    let shared = list.shared.constants(&list.fields, files, diags);
    let variables = &list.written.variables;
    let settable = list.settable.as_ref();
    let may_say = |name: &str| settable.is_none_or(|said| said.contains(name));
    let is_fixed = |name: &str| {
        variables
            .iter()
            .any(|one| one.key.text.literal() == Some(name))
    };
    for (name, value) in shared.iter().flat_map(|shared| &shared.values) {
        if !is_fixed(name) && !may_say(name) {
            fixed.insert(Rc::clone(name), value.clone());
        }
    }
    loop {
        let before = fixed.len();
        for variable in variables {
            let name = variable.key.text.as_written();
            let reads = roots(&variable.value);
            let is_ready = reads.iter().all(|root| fixed.contains_key(root.as_str()));
            if !fixed.contains_key(&name) && is_ready {
                let mut problems = Vec::new();
                let value = fill::node(&variable.value, &fixed, &mut problems);
                if problems.is_empty() && !value.is_null() {
                    fixed.insert(name, value);
                }
            }
        }
        if fixed.len() == before {
            return fixed;
        }
    }
}
