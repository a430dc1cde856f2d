//! Add-ons: which software each cluster gets, and in which form.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::scope::Scoped;
use super::stack::Stack;
use super::subject::{Subject, Subjects};
use crate::model::delivery::{Order, Target};
use crate::model::{AddOnField, Chart, Delivery, OnRemove, Selector};
use crate::source::{Span, Spanned};
use crate::template::fill;
use crate::tree::{Node, Text};

/// Software for clusters.
#[derive(Debug)]
pub struct AddOn {
    /// Its name, unique in the fleet.
    pub name: Spanned<Rc<str>>,
    /// How it reaches clusters.
    pub delivery: Rc<Delivery>,
    /// Which clusters get it; without a selector, those of its dependents.
    pub selector: Option<Selector>,
    /// The names of what must be there before it, sorted.
    pub depends_on: Vec<Rc<str>>,
    /// What becomes of it where it is no longer selected.
    pub on_remove: OnRemove,
    /// Whether a path of manifests names the cluster, so that each cluster has its own.
    pub has_cluster_in_path: bool,
    /// Whether Helm takes over objects that it has not made, where the delivery leaves that open.
    pub takes_ownership: bool,
    /// The project of its Applications.
    pub project: Spanned<Text>,
    /// Whether the hub delivers it to spokes, too.
    pub is_deployed_by_hub: bool,
    /// What it is where no patch changes it.
    pub base: Software,
    /// What may differ between clusters: what a patch changes, or what is made of a variable that
    /// is not the same for the whole fleet. It depends on what is written, not on which clusters
    /// there are today.
    pub varies: BTreeSet<AddOnField>,
    /// Its forms that are in use, by name. An add-on that does not vary has one at most.
    pub variants: Vec<Variant>,
}

/// The clusters that get an add-on in the same form.
#[derive(Debug)]
pub struct Variant {
    /// What it is called.
    pub name: VariantName,
    /// What is installed, with what is still to fill.
    pub software: Software,
    /// The inputs that the software was merged from.
    pub stack: Stack,
    /// Indices of clusters, ascending.
    pub clusters: Vec<usize>,
}

/// What a variant is called: by what selects it, never by its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariantName {
    /// By the patches that match, or the variables of a path.
    Shared(Rc<str>),
    /// Each cluster has its own, which is called as the cluster is.
    Cluster,
}

/// What is installed.
#[derive(Clone, Debug)]
pub enum Software {
    /// A Helm chart.
    Helm(Box<Chart>),
    /// Files of objects.
    Manifests(Manifests),
}

/// Files of objects.
#[derive(Clone, Debug, Default)]
pub struct Manifests {
    /// The path that names them, seen from the fleet's folder; it may have wildcards.
    pub path: Rc<str>,
    /// The files.
    pub files: Rc<[Manifest]>,
}

impl Manifests {
    /// The folder that they lie in, and the pattern of their names; a pattern of folders counts as names.
    pub fn folder(&self) -> (&str, &str) {
        let wildcard = self
            .path
            .find(['*', '?', '[', '{'])
            .unwrap_or(self.path.len());
        match self.path[..wildcard].rfind('/') {
            Some(slash) => (&self.path[..slash], &self.path[slash + 1..]),
            None => (".", &self.path),
        }
    }

    /// The pattern of the files that Argo CD is to include of the folder, and whether of those below, too; none
    /// where it cannot be told. Its wildcards match slashes.
    pub fn include_pattern(&self) -> Option<(String, bool)> {
        let (_, names) = self.folder();
        let Some(name) = names.strip_prefix("**/") else {
            return (!names.contains('/')).then(|| (names.to_owned(), names == "**"));
        };
        let is_plain = |name: &str, signs: &[char]| !name.contains(signs);
        if name
            .strip_prefix('*')
            .is_some_and(|rest| is_plain(rest, &['/', '*', '?', '[']))
        {
            return Some((name.to_owned(), true));
        }
        is_plain(name, &['/', '*', '?', '[', '{']).then(|| (format!("{{{name},**/{name}}}"), true))
    }
}

/// A file of objects, printed as it is.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The file's name, without folders.
    pub name: Rc<str>,
    /// Its text.
    pub text: Rc<str>,
    /// Where it begins.
    pub span: Span,
    /// Its objects, if the delivery method reads them.
    pub objects: Rc<[Node]>,
}

/// Returns the variable that contains the name of an add-on.
pub fn addon_variable(name: &Spanned<Rc<str>>) -> (Rc<str>, Node) {
    ("ADDON".into(), Node::string(name.span, &name.value))
}

impl AddOn {
    /// Returns the variables of an add-on's texts, in addition to those of the target.
    pub fn variables(&self) -> Vec<(Rc<str>, Node)> {
        vec![addon_variable(&self.name)]
    }

    /// Returns a string of the add-on for a subject. What cannot be substituted was reported with the add-on.
    pub fn text(&self, text: &Text, subjects: Subjects<'_>, subject: Subject<'_>) -> Rc<str> {
        let variables = self.variables();
        let scope = Scoped::new(subjects, subject, &variables);
        fill::text(text, &scope, &mut Vec::new())
    }

    /// The label on a Cluster that tells which variant it gets.
    pub fn label(&self) -> Rc<str> {
        format!("kubectl-fleet.io/{}", self.name.value).into()
    }

    /// Returns `true` if the add-on is a Helm chart.
    pub fn is_chart(&self) -> bool {
        matches!(self.base, Software::Helm(_))
    }

    /// Returns `true` if the delivery method can install the add-on after another one, or after the profile
    /// with this name.
    pub fn can_wait_for(&self, name: &str, addons: &[Self]) -> bool {
        let Some(other) = addons.iter().find(|other| *other.name.value == *name) else {
            return self.delivery.order == Order::Method && self.delivery.has_profiles;
        };
        let is_ordered = match self.delivery.order {
            Order::None => false,
            Order::Kind => self.is_chart() == other.is_chart(),
            Order::Method => true,
        };
        is_ordered && self.delivery.name == other.delivery.name
    }

    /// Returns the target of the objects that deliver software of the add-on to a cluster.
    pub fn target(&self, software: &Software) -> Target {
        match software {
            _ if self.delivery.shares => Target::AddOn,
            Software::Manifests(_) => Target::Manifests,
            Software::Helm(chart)
                if chart.runtime_values.is_some()
                    && self.delivery.has_documents(Target::ChartWithLookups) =>
            {
                Target::ChartWithLookups
            }
            Software::Helm(_) => Target::Chart,
        }
    }

    /// Returns `true` if each object that delivers the add-on depends on a name of its data.
    pub fn reads(&self, name: &str) -> bool {
        let mut targets = self.targets().into_iter();
        targets.all(|target| self.delivery.reads([target], &[name]))
    }

    /// Returns `true` if objects of a target depend on whether the hub or a spoke applies them.
    pub fn has_sides(&self, target: Target) -> bool {
        self.delivery.reads([target], &["SIDE"])
    }

    /// Returns the targets of the objects that deliver the add-on to clusters.
    pub fn targets(&self) -> BTreeSet<Target> {
        let variants = self.variants.iter().map(|variant| &variant.software);
        let base = std::iter::once(&self.base).filter(|_| self.variants.is_empty());
        variants
            .chain(base)
            .map(|software| self.target(software))
            .collect()
    }
}
