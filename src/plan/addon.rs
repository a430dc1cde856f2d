//! Add-ons: the software of each cluster, and the variant of it that the cluster gets.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::scope::SubjectScope;
use super::stack::Stack;
use super::subject::{Subject, Subjects};
use crate::input::addon::{self, AddOnField, Chart};
use crate::model::Delivery;
use crate::model::delivery::{Order, Target};
use crate::source::{Span, Spanned};
use crate::template::fill;
use crate::tree::{Node, Text};

/// Software for clusters.
#[derive(Debug)]
pub struct AddOn {
    /// The add-on as written.
    pub written: Rc<addon::AddOn>,
    /// The name of the fleet, if it has one.
    pub fleet: Option<Rc<str>>,
    /// The delivery method.
    pub delivery: Rc<Delivery>,
    /// Whether a path of manifests contains the name of the cluster, so that each cluster has its own files.
    pub has_cluster_in_path: bool,
    /// The software without patches.
    pub base: Software,
    /// The fields that can differ between clusters: a patch changes the field, or it contains a variable that is
    /// not the same for the whole fleet. Only the configuration decides this, not the current clusters.
    pub varies: BTreeSet<AddOnField>,
    /// The variants that clusters get, sorted by name. An add-on that does not vary has at most one.
    pub variants: Vec<Variant>,
}

/// The clusters that get the same configuration of an add-on.
#[derive(Debug)]
pub struct Variant {
    /// The name of the variant.
    pub name: VariantName,
    /// The software, whose variables are not yet substituted.
    pub software: Software,
    /// The inputs that the software was merged from.
    pub stack: Stack,
    /// Indices of clusters, ascending.
    pub clusters: Vec<usize>,
}

/// The name of a variant. It depends on the selection of the variant, never on its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariantName {
    /// A name from the matching patches, or from the variables of a path.
    Shared(Rc<str>),
    /// Each cluster has its own variant, whose name is that of the cluster.
    Cluster,
}

/// The software of an add-on.
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
    /// The path of the files relative to the fleet's directory. It can contain wildcards.
    pub path: Rc<str>,
    /// The files.
    pub files: Rc<[Manifest]>,
}

impl Manifests {
    /// Returns the directory of the files, and the pattern of their names. A pattern of directories is part of the
    /// names.
    pub fn directory(&self) -> (&str, &str) {
        let wildcard = self
            .path
            .find(['*', '?', '[', '{'])
            .unwrap_or(self.path.len());
        match self.path[..wildcard].rfind('/') {
            Some(slash) => (&self.path[..slash], &self.path[slash + 1..]),
            None => (".", &self.path),
        }
    }

    /// Returns the pattern of the files that Argo CD must include from the directory, and whether it must recurse.
    /// Returns `None` if no pattern selects the same files, because wildcards of Argo CD match slashes.
    pub fn include_pattern(&self) -> Option<(String, bool)> {
        let (_, names) = self.directory();
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

/// A file of objects, which is copied unchanged.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The file's name, without directories.
    pub name: Rc<str>,
    /// The contents of the file.
    pub text: Rc<str>,
    /// The start of the file.
    pub span: Span,
    /// Its objects, if the delivery method reads them.
    pub objects: Rc<[Node]>,
    /// The identities of all of its objects, as messages show them, each at its name.
    pub identities: Rc<[Spanned<Rc<str>>]>,
}

/// Returns the variable that contains the name of an add-on.
pub fn addon_variable(name: &Spanned<Rc<str>>) -> (Rc<str>, Node) {
    ("ADDON".into(), Node::string(name.span, &name.value))
}

impl AddOn {
    /// Returns the name that is unique on the management cluster. Names of fleets and add-ons contain no dots.
    pub fn qualified_name(&self) -> Rc<str> {
        match &self.fleet {
            Some(fleet) => format!("{fleet}.{}", self.written.name.value).into(),
            None => Rc::clone(&self.written.name.value),
        }
    }

    /// Returns the variables of the add-on itself, in addition to those of the subject.
    pub fn variables(&self) -> Vec<(Rc<str>, Node)> {
        vec![addon_variable(&self.written.name)]
    }

    /// Returns a string of the add-on for a subject. Errors of substitution were reported with the add-on.
    pub fn text(&self, text: &Text, subjects: Subjects<'_>, subject: Subject<'_>) -> Rc<str> {
        let variables = self.variables();
        let scope = SubjectScope::new(subjects, subject, &variables);
        fill::text(text, &scope, &mut Vec::new())
    }

    /// Returns the label of a `Cluster` that contains the name of its variant.
    pub fn label(&self) -> Rc<str> {
        format!("kubectl-fleet.io/{}", self.written.name.value).into()
    }

    /// Returns `true` if the add-on is a Helm chart.
    pub fn is_chart(&self) -> bool {
        matches!(self.base, Software::Helm(_))
    }

    /// Returns `true` if the delivery method can install the add-on after another one, or after the profile
    /// with this name.
    pub fn can_wait_for(&self, name: &str, addons: &[Self]) -> bool {
        let Some(other) = addons
            .iter()
            .find(|other| *other.written.name.value == *name)
        else {
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
            _ if self.delivery.shares_objects => Target::AddOn,
            Software::Manifests(_) => Target::Manifests,
            Software::Helm(_)
                if self.written.has_lookups()
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
