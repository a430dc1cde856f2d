//! Constant values: those that are the same for all instances of a template.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::unfilled::{each_filled, embeds_yaml, unquoted};
use crate::plan::rotated::index;
use crate::plan::{Plan, Scoped, Subject, Template};
use crate::template::fill::{self, Scope as _};
use crate::tree::Node;
use crate::tree::ambiguity;
use crate::tree::roots;

/// Values of a template that are the same for all of its instances.
pub struct Constants<'a> {
    plan: &'a Plan,
    template: &'a Template,
    /// Variables so far, and whether each is the same for all: that takes a look at all of them.
    known: RefCell<BTreeMap<String, bool>>,
}

impl<'a> Constants<'a> {
    /// A template of a plan.
    pub fn new(plan: &'a Plan, template: &'a Template) -> Self {
        let known = RefCell::default();
        Self {
            plan,
            template,
            known,
        }
    }

    /// A filled value that is the same for all. What somebody has to hear about is left to be filled,
    /// and told for each of them.
    pub fn value(&self, node: &Node) -> Option<Node> {
        // What is embedded has variables of its own, and a rotated name hangs on its object.
        let mut is_own = false;
        node.each_text(&mut |text, _| is_own |= embeds_yaml(text) || index(text).is_some());
        if is_own || !roots(node).iter().all(|name| self.has(name)) {
            return None;
        }
        let mut problems = Vec::new();
        let filled = fill::node(node, &self.constants(), &mut problems);
        let mut is_clear = true;
        each_filled(&unquoted(node), &filled, &mut |_, text| {
            is_clear &= ambiguity(text).is_none();
        });
        (problems.is_empty() && is_clear).then_some(filled)
    }

    /// Whether a variable is the same for all: one value, or none, so that its default stands.
    fn has(&self, name: &str) -> bool {
        if let Some(known) = self.known.borrow().get(name) {
            return *known;
        }
        let has = self.look(name);
        self.known.borrow_mut().insert(name.to_owned(), has);
        has
    }

    fn look(&self, name: &str) -> bool {
        if self.is_of_entry(name) {
            return false;
        }
        let mut own = self.template.variables.iter();
        match own.find(|(own, _)| **own == *name) {
            Some((_, value)) => {
                let mut roots = roots(value).into_iter();
                roots.all(|name| !self.is_of_entry(&name) && self.is_same(&name))
            }
            None => self.is_same(name),
        }
    }

    /// The same for a variable of the subjects, which no entry of `with` sets.
    fn is_same(&self, name: &str) -> bool {
        let instances = self.template.instances.iter();
        let mut scopes = instances.map(|instance| Scoped {
            variables: &[],
            ..self.plan.scope(self.template, instance)
        });
        self.plan.constants.get(name).is_some() || scopes.all(|scope| scope.get(name).is_none())
    }

    /// Whether entries of `with` could set a variable.
    fn is_of_entry(&self, name: &str) -> bool {
        let instances = self.template.instances.iter();
        let mut scopes = instances.map(|instance| self.plan.scope(self.template, instance));
        scopes.any(|scope| scope.is_of_entry(name))
    }

    fn constants(&self) -> Scoped<'a> {
        let constants = Subject::Fleet(&self.plan.constants);
        Scoped::new(self.plan.subjects(), constants, &self.template.variables)
    }
}
