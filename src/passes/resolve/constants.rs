//! Variables that are the same for the whole fleet.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::roots;
use crate::input::clusters::Clusters;
use crate::input::fleet::Fleet;
use crate::model::Variables;
use crate::template::fill::{self, Scope};
use crate::tree::Node;

/// The `variables` that every entry of `clusters` fixes to one value, whatever its members say.
pub(super) fn constants(fleet: &Fleet) -> Variables {
    let mut entries = fleet.clusters.iter().map(of_entry);
    let mut constants = entries.next().unwrap_or_default();
    for Fixed(other) in entries {
        let is_same = |name: &Rc<str>, value: &mut Node| {
            other.get(name).is_some_and(|other| other.is_equal(value))
        };
        constants.0.retain(is_same);
    }
    Variables {
        own: Vec::new(),
        shared: constants.0.into_iter().collect(),
    }
}

#[derive(Default)]
struct Fixed(BTreeMap<Rc<str>, Node>);

impl Scope for Fixed {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        self.0.get(name).map(Cow::Borrowed)
    }
}

/// What an entry fixes without asking its members: final values, and what is made of them alone.
fn of_entry(entry: &Clusters) -> Fixed {
    let mut fixed = Fixed::default();
    loop {
        let before = fixed.0.len();
        for variable in &entry.variables {
            let name = variable.key.text.as_written();
            let reads = roots(&variable.value);
            let is_ready = reads.iter().all(|root| fixed.0.contains_key(root.as_str()));
            if !fixed.0.contains_key(&name) && is_ready {
                let mut problems = Vec::new();
                let value = fill::node(&variable.value, &fixed, &mut problems);
                if problems.is_empty() && !value.is_null() {
                    fixed.0.insert(name, value);
                }
            }
        }
        if fixed.0.len() == before {
            return fixed;
        }
    }
}
