//! What is the same for all that a template's objects are made for.

use crate::passes::resolve::roots;
use crate::plan::{Plan, Scoped, Subject, Template};
use crate::template::fill::{self, Scope as _};
use crate::tree::{Node, Part, Style, Text};
use crate::yaml::scalar::ambiguity;

/// A template, and the plan that it is a part of.
pub(super) struct Common<'a> {
    pub(super) plan: &'a Plan,
    pub(super) template: &'a Template,
}

impl<'a> Common<'a> {
    /// A filled value that is the same for all. What somebody has to hear about is left to be filled,
    /// and told for each of them.
    pub(super) fn value(&self, node: &Node) -> Option<Node> {
        // What is embedded has variables of its own.
        let mut is_embedding = false;
        node.each_text(&mut |text, _| is_embedding |= embeds_yaml(text));
        if is_embedding || !roots(node).iter().all(|name| self.has(name)) {
            return None;
        }
        let mut problems = Vec::new();
        let filled = fill::node(node, &self.constants(), &mut problems);
        let plain = filled
            .as_scalar()
            .filter(|scalar| scalar.style == Style::Plain);
        let is_clear = plain
            .and_then(|scalar| scalar.text.literal())
            .is_none_or(|text| ambiguity(text).is_none());
        (problems.is_empty() && is_clear).then_some(filled)
    }

    /// Whether a variable is the same for all: one value, or none, so that its default stands.
    fn has(&self, name: &str) -> bool {
        if self.is_of_entry(name) {
            return false;
        }
        let mut own = self.template.variables.iter();
        match own.find(|(own, _)| **own == *name) {
            Some((_, value)) => roots(value).iter().all(|name| self.is_same(name)),
            None => self.is_same(name),
        }
    }

    /// The same for a variable of the subjects.
    fn is_same(&self, name: &str) -> bool {
        let instances = self.template.instances.iter();
        let mut scopes = instances.map(|instance| self.plan.subject_scope(self.template, instance));
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

/// Whether YAML stands in a text.
pub(super) fn embeds_yaml(text: &Text) -> bool {
    let is_yaml = |part: &Part| matches!(part, Part::Yaml(_));
    matches!(text, Text::Parts(parts) if parts.iter().any(is_yaml))
}
