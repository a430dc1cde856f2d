//! Constant values, which are the same for all instances of a template.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::unfilled::{embeds_yaml, for_each_filled, plain_scalars};
use crate::plan::rotated::rotated_index;
use crate::plan::{Plan, Subject, SubjectScope, Template};
use crate::template::fill::{self, Scope as _};
use crate::tree::Node;
use crate::tree::ambiguity;
use crate::tree::roots;

/// Values of a template that are the same for all of its instances.
pub struct Constants<'a> {
    plan: &'a Plan,
    template: &'a Template,
    /// Whether each variable so far is constant. Computing this visits all instances.
    known: RefCell<BTreeMap<String, bool>>,
}

impl<'a> Constants<'a> {
    /// Returns the constants of a template of a plan.
    pub fn new(plan: &'a Plan, template: &'a Template) -> Self {
        let known = RefCell::default();
        Self {
            plan,
            template,
            known,
        }
    }

    /// Returns the value of a node if it is the same for all instances. Returns `None` for values with errors or
    /// warnings, so that they are reported for each instance.
    pub fn fold(&self, node: &Node) -> Option<Node> {
        // Embedded YAML has variables of its own, and a rotated name depends on its object.
        let mut is_own = false;
        node.each_text(&mut |text, _| is_own |= embeds_yaml(text) || rotated_index(text).is_some());
        if is_own || !roots(node).iter().all(|name| self.is_constant(name)) {
            return None;
        }
        let mut problems = Vec::new();
        let filled = fill::node(node, &self.constants(), &mut problems);
        let mut is_unambiguous = true;
        for_each_filled(&plain_scalars(node), &filled, &mut |_, text| {
            is_unambiguous &= ambiguity(text).is_none();
        });
        (problems.is_empty() && is_unambiguous).then_some(filled)
    }

    /// Returns `true` if a variable has the same value for all instances, or is never set, so that its default
    /// applies.
    fn is_constant(&self, name: &str) -> bool {
        if let Some(known) = self.known.borrow().get(name) {
            return *known;
        }
        let is_constant = self.compute_is_constant(name);
        self.known.borrow_mut().insert(name.to_owned(), is_constant);
        is_constant
    }

    fn compute_is_constant(&self, name: &str) -> bool {
        if self.any_entry_sets(name) {
            return false;
        }
        let mut own = self.template.variables.iter();
        match own.find(|(own, _)| **own == *name) {
            Some((_, value)) => {
                let mut roots = roots(value).into_iter();
                roots.all(|name| !self.any_entry_sets(&name) && self.is_same(&name))
            }
            None => self.is_same(name),
        }
    }

    /// Returns `true` if a variable of the subjects, which no entry of `with` sets, is constant.
    fn is_same(&self, name: &str) -> bool {
        let instances = self.template.instances.iter();
        let mut scopes = instances.map(|instance| SubjectScope {
            variables: &[],
            ..self.plan.scope(self.template, instance)
        });
        self.plan.constants.get(name).is_some() || scopes.all(|scope| scope.get(name).is_none())
    }

    /// Returns `true` if an entry of `with` sets a variable.
    fn any_entry_sets(&self, name: &str) -> bool {
        let instances = self.template.instances.iter();
        let mut scopes = instances.map(|instance| self.plan.scope(self.template, instance));
        scopes.any(|scope| scope.entry_sets(name))
    }

    fn constants(&self) -> SubjectScope<'a> {
        let constants = Subject::Fleet(&self.plan.constants);
        SubjectScope::new(self.plan.subjects(), constants, &self.template.variables)
    }
}
