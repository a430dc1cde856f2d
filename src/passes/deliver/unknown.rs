//! Check for names in a delivery method that can never be set. Below a `?`, such a name would omit a key silently.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::delivery::{NAMES, fields_of_entries, is_name_of_addons};
use crate::input::fleet::Fleet;
use crate::model::Delivery;
use crate::model::delivery::Target;
use crate::passes::never_set::settable;
use crate::plan::Plan;
use crate::source::Span;
use crate::template::BUILT_IN;
use crate::tree::expression::{Segment, references};
use crate::tree::{ExpressionSlot, Node, Role, Text, Value};

/// The variables of every cluster. `CELL` is set only if the fleet has cells.
const OF_CLUSTERS: [&str; 4] = ["CLUSTER_NAME", "NAMESPACE", "LABELS", "CELL"];

/// Reports the names in a fleet's own delivery methods that can never be set.
pub(super) fn check_names(fleet: &Fleet, plan: &Plan, diags: &mut Diagnostics) {
    let methods = plan.addons.iter().map(|addon| &addon.delivery);
    let own = methods.filter(|method| method.file.is_some());
    let own: BTreeMap<&str, &Rc<Delivery>> = own.map(|method| (&*method.name, method)).collect();
    if own.is_empty() {
        return;
    }
    let clusters = fleet.clusters.iter();
    let paths = clusters.flat_map(|entry| &entry.members.variables_from);
    // If a path contains a variable, the names that its files set are unknown.
    let is_closed = paths
        .map(|path| &path.value)
        .all(|path| path.literal().is_some());
    let settable = settable(fleet, plan).filter(|_| is_closed);
    for document in own.values().flat_map(|method| &method.documents) {
        let mut check = NameChecker {
            plan,
            settable: settable.as_ref(),
            is_of_cluster: !matches!(document.target, Target::AddOn | Target::Repository),
            entries: Vec::new(),
            diags,
        };
        check.node(&document.tree);
    }
}

struct NameChecker<'a> {
    plan: &'a Plan,
    /// The names that can be set; `None` if members may set any.
    settable: Option<&'a BTreeSet<String>>,
    /// Whether the object belongs to one cluster.
    is_of_cluster: bool,
    /// The fields of the entries of each enclosing `$each`, innermost last; `None` if the fleet defines the fields.
    entries: Vec<Option<&'static [&'static str]>>,
    diags: &'a mut Diagnostics,
}

impl NameChecker<'_> {
    fn node(&mut self, node: &Node) {
        match &node.value {
            Value::Scalar(scalar) => self.text(&scalar.text),
            Value::Sequence(items) => items.iter().for_each(|item| self.node(item)),
            Value::Mapping(entries) => {
                let outer = self.entries.len();
                if let Some(list) = node.each_variable() {
                    self.slot(list);
                    let path = &list.expression.path;
                    match &*path[0] {
                        "WITH" => self.entries.push(None),
                        root if is_name_of_addons(root) => {
                            self.entries.push(fields_of_entries(path));
                        }
                        // The fields of the entries of a cluster's sequence are unknown.
                        _ => return,
                    }
                }
                for entry in entries.iter().filter(|entry| entry.key.role != Role::Each) {
                    self.text(&entry.key.text);
                    self.node(&entry.value);
                }
                self.entries.truncate(outer);
            }
        }
    }

    fn text(&mut self, text: &Text) {
        text.slots().for_each(|slot| self.slot(slot));
    }

    fn slot(&mut self, slot: &ExpressionSlot) {
        let segment = Segment::Expression(Box::new(slot.expression.clone()));
        for reference in references(std::slice::from_ref(&segment)) {
            self.name(reference.path, slot.span);
        }
    }

    /// Returns `true` if a variable is or can be set for a cluster. Returns `None` if this is unknown.
    fn can_set(&self, name: &str) -> Option<bool> {
        let mut clusters = self.plan.clusters.iter();
        let is_set = clusters.any(|cluster| cluster.variables.get(name).is_some());
        match self.settable {
            _ if is_set => Some(true),
            Some(settable) => Some(settable.contains(name)),
            None => None,
        }
    }

    /// Reports a field that entries do not have.
    fn report_field(&mut self, path: &[String], fields: &[&str], span: Span) {
        let message = format!("`{}` can never be set", path.join("."));
        let help = if fields.is_empty() {
            "use `WITH`, because the entries are strings".to_owned()
        } else {
            let fields = || fields.iter().copied();
            self.diags.suggestions.did_you_mean(&path[1], fields)
        };
        let diagnostic = Diagnostic::new(Code::MissingVariable, span, message);
        self.diags.push(diagnostic.help(help));
    }

    fn name(&mut self, path: &[String], span: Span) {
        let root = &*path[0];
        let is_known = match (root, self.entries.last(), path.get(1)) {
            ("WITH", Some(Some(fields)), Some(key)) if !fields.contains(&&**key) => {
                return self.report_field(path, fields, span);
            }
            ("WITH", entry, _) => entry.is_some(),
            _ => self.is_of_cluster && OF_CLUSTERS.contains(&root),
        };
        let mut entries = self.entries.iter();
        let is_field = |fields: Option<&[&str]>| fields.is_none_or(|all| all.contains(&root));
        if is_known || is_name_of_addons(root) || entries.any(|fields| is_field(*fields)) {
            return;
        }
        let names = || {
            let roots = NAMES.iter().filter_map(|(name, _)| name.split('.').next());
            let fields = self.entries.iter().flatten().copied().flatten().copied();
            roots.chain(OF_CLUSTERS).chain(fields)
        };
        let near = self.diags.suggestions.closest(root, names);
        let can_set = if BUILT_IN.contains(&root) {
            Some(false)
        } else if self.is_of_cluster {
            self.can_set(root)
        } else {
            Some(self.plan.constants.get(root).is_some())
        };
        match can_set {
            Some(true) => return,
            // Members can set any name, but an uppercase one is probably a misspelled built-in name.
            None if near.is_none() || *root != root.to_uppercase() => return,
            _ => {}
        }
        let name = path.join(".");
        let message = if BUILT_IN.contains(&root) || !self.is_of_cluster {
            format!("`{name}` is not available here")
        } else {
            format!("`{name}` can never be set")
        };
        let help = match near {
            Some(near) if near != root => {
                format!("did you mean `{}`?", name.replacen(root, near, 1))
            }
            None if root == "WITH" => "use `WITH` only below `$each`".to_owned(),
            None if BUILT_IN.contains(&root) => {
                format!("remove `{root}`, which delivery methods cannot read")
            }
            _ if !self.is_of_cluster => {
                "use a variable that is the same for the whole fleet, because clusters share this object"
                    .to_owned()
            }
            _ => format!("set `{root}` in `variables` of fleet.yaml, or add it to `fields`"),
        };
        let diagnostic = Diagnostic::new(Code::MissingVariable, span, message);
        self.diags.push(diagnostic.help(help));
    }
}
