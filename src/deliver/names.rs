//! The names that the documents of delivery methods can read, and their values for an add-on.

use std::borrow::Cow;
use std::rc::Rc;

use super::by_variant;
use super::content::{self, Content};
use super::data::{list, map, true_value};
use super::{lookups, repository};
use crate::input::addon::{AddOnField, Chart};
use crate::model::FleetSource;
use crate::model::delivery::{OnRemove, Target};
use crate::plan::{AddOn, Manifests, Plan, Software};
use crate::template::fill::Scope;
use crate::template::fill::yaml::sorted;
use crate::tree::{Node, Text};

/// The values of names; `None` if a name is not set.
pub(super) struct Names(Vec<(&'static str, Option<Node>)>);

impl Scope for Names {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        let (_, value) = self.0.iter().find(|(known, _)| *known == name)?;
        value.as_ref().map(Cow::Borrowed)
    }

    fn is_bound(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| *known == name)
    }
}

/// The configuration of an add-on that an object is created for.
#[derive(Clone, Copy)]
pub(super) struct Form<'a> {
    pub(super) plan: &'a Plan,
    pub(super) addon: &'a AddOn,
    /// The software. If clusters share the object, it is that of the add-on without patches.
    pub(super) software: &'a Software,
    /// Whether spokes apply the object to themselves.
    pub(super) is_spoke: bool,
    /// The URL of the chart repository, if it is known.
    pub(super) repository: Option<&'a str>,
    /// The content, if the object is one.
    pub(super) content: Option<&'a Content>,
}

impl<'a> Form<'a> {
    /// Returns the configuration for an object of the hub.
    pub(super) fn new(plan: &'a Plan, addon: &'a AddOn, software: &'a Software) -> Self {
        Self {
            plan,
            addon,
            software,
            is_spoke: false,
            repository: None,
            content: None,
        }
    }

    /// Returns the values of all names.
    pub(super) fn names(&self) -> Names {
        let span = self.addon.written.name.span;
        let addon = self.addon;
        let (chart, manifests) = match self.software {
            Software::Helm(chart) => (Some(self.chart(chart)), None),
            Software::Manifests(manifests) => (None, Some(self.manifests(manifests))),
        };
        let on_remove = match addon.written.on_remove() {
            OnRemove::Uninstall => "uninstall",
            OnRemove::Leave => "leave",
        };
        let varies = addon.varies.iter().any(|field| field.is_text());
        let watches = varies || addon.delivery.shares_objects && content::is_selected(addon);
        let selector = addon.written.selector.as_ref();
        let ownership = addon.written.take_ownership.as_ref();
        let takes_over = ownership.is_some_and(|ownership| ownership.value);
        Names(vec![
            ("ADDON", Some(Node::string(span, &addon.qualified_name()))),
            (
                "FLEET",
                addon.fleet.as_ref().map(|name| Node::string(span, name)),
            ),
            (
                "PROJECT",
                Some(Node::quoted(span, addon.written.project().value)),
            ),
            (
                "SIDE",
                Some(Node::string(
                    span,
                    if self.is_spoke { "spoke" } else { "hub" },
                )),
            ),
            ("ON_REMOVE", Some(Node::string(span, on_remove))),
            ("OWNERSHIP", takes_over.then(|| true_value(span))),
            ("NEEDS", self.needs()),
            (
                "SELECTOR",
                selector.map(|selector| {
                    super::selector::selector(&selector.value, addon.fleet.as_deref(), span)
                }),
            ),
            ("WATCHES", watches.then(|| Node::string(span, "labels"))),
            ("CHART", chart),
            ("MANIFESTS", manifests),
            ("CONTENT", self.content.map(|content| self.content(content))),
            (
                "REPOSITORY",
                self.repository.map(|url| self.repository(url)),
            ),
            ("SOURCE", self.plan.source.as_ref().map(FleetSource::node)),
        ])
    }

    /// Returns the add-ons that the add-on waits for.
    fn needs(&self) -> Option<Node> {
        let addon = self.addon;
        let span = addon.written.name.span;
        let is_kept = |name: &&Rc<str>| addon.can_wait_for(name, &self.plan.addons);
        let names = addon.written.dependencies().into_iter().filter(is_kept);
        // Profiles keep the name that the fleet wrote.
        let qualified = |name: &Rc<str>| {
            let mut addons = self.plan.addons.iter();
            let other = addons.find(|other| other.written.name.value == *name);
            other.map_or_else(|| Rc::clone(name), AddOn::qualified_name)
        };
        let names: Vec<Node> = names
            .map(|name| Node::string(span, &qualified(name)))
            .collect();
        (!names.is_empty()).then(|| list(span, names))
    }

    fn chart(&self, chart: &Chart) -> Node {
        let addon = self.addon;
        let span = addon.written.name.span;
        let text_of = |field: AddOnField, text: &Text| {
            if addon.varies.contains(&field) {
                by_variant::by_variant(addon, self.plan, field)
            } else {
                text.clone()
            }
        };
        let texts = chart.texts(&addon.written.name);
        let [repo, name, version, release, namespace] =
            texts.map(|(field, _, text)| Node::quoted(text.span, text_of(field, &text.value)));
        // Names of add-ons contain no dots, so the two forms cannot collide within a fleet.
        let source = if addon.varies.contains(&AddOnField::Repo) {
            by_variant::name(addon, '.')
        } else {
            addon.qualified_name().to_string()
        };
        let registry = self.repository.map(|url| match url.strip_prefix("oci://") {
            Some(registry) => registry.trim_end_matches('/'),
            None => url,
        });
        let content = content::reference(addon).filter(|_| addon.delivery.shares_objects);
        let engine = addon.delivery.lookups.as_ref();
        // Documents for lookups need the string, even if only other clusters look values up.
        let is_needed = || addon.target(self.software) == Target::ChartWithLookups;
        let has_values =
            chart.non_empty_values().is_some() || chart.runtime_values.is_some() || is_needed();
        let values = lookups::values(chart, engine, span);
        let entries = [
            ("repo", Some(repo)),
            (
                "registry",
                registry.map(|registry| Node::string(span, registry)),
            ),
            ("name", Some(name)),
            ("version", Some(version)),
            ("release", Some(release)),
            ("namespace", Some(namespace)),
            ("values", chart.non_empty_values().map(sorted)),
            (
                "text",
                Some(values).filter(|_| has_values && content.is_none()),
            ),
            ("content", content.map(|name| Node::string(span, &name))),
            ("source", Some(Node::string(span, &source))),
        ];
        self.map(entries)
    }

    fn manifests(&self, manifests: &Manifests) -> Node {
        let span = self.addon.written.name.span;
        let (directory, _) = manifests.directory();
        let source = self.plan.source.as_ref();
        let path = source.map(|source| source.in_repository(directory));
        let directory = path.as_deref().map(|path| match path {
            "." => "./".to_owned(),
            path => format!("./{path}"),
        });
        let included = manifests.include_pattern();
        let recurses = included.as_ref().is_some_and(|(_, recurses)| *recurses);
        let files = content::unchanged(&manifests.files);
        let item = |(name, contents): &(&str, Node)| {
            map(
                span,
                [
                    ("name", Node::string(span, name)),
                    ("text", contents.clone()),
                ],
            )
        };
        let content = content::reference(self.addon).filter(|_| self.addon.delivery.shares_objects);
        let objects = manifests.files.iter().flat_map(|file| file.objects.iter());
        let entries = [
            ("path", path.as_deref().map(|path| Node::string(span, path))),
            ("directory", directory.map(|path| Node::string(span, &path))),
            (
                "include",
                included.map(|(include, _)| Node::string(span, &include)),
            ),
            ("recurse", recurses.then(|| true_value(span))),
            ("list", Some(list(span, files.iter().map(item)))),
            ("files", Some(map(span, files))),
            ("objects", Some(list(span, objects.cloned()))),
            ("content", content.map(|name| Node::string(span, &name))),
        ];
        self.map(entries)
    }

    fn content(&self, content: &Content) -> Node {
        let span = self.addon.written.name.span;
        let entries = [
            ("name", Some(Node::quoted(span, content.name.clone()))),
            ("data", Some(content.data.clone())),
            (
                "runs",
                content.is_template.then(|| Node::string(span, "yes")),
            ),
        ];
        self.map(entries)
    }

    fn repository(&self, url: &str) -> Node {
        let span = self.addon.written.name.span;
        let url = repository::normalize_url(url);
        let scheme = url.split("://").next().unwrap_or_default();
        let entries = [
            ("url", Some(Node::string(span, url))),
            (
                "name",
                Some(Node::string(
                    span,
                    &repository::qualified_name(self.addon.fleet.as_deref(), url),
                )),
            ),
            ("scheme", Some(Node::string(span, scheme))),
        ];
        self.map(entries)
    }

    fn map<'k>(&self, entries: impl IntoIterator<Item = (&'k str, Option<Node>)>) -> Node {
        let set = entries.into_iter();
        let set = set.filter_map(|(key, value)| Some((key, value?)));
        map(self.addon.written.name.span, set)
    }
}
