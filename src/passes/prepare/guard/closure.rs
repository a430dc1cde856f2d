//! Everything that guarded objects need to live, or to be deleted cleanly: references are followed to their end.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::mentions::{Mention, MentionedKind, ends_of_kind, kinds_of_words, mentions};
use super::names::{Token, can_be_equal, tokens};
use crate::model::CAPI;
use crate::plan::Object;
use crate::tree::{Node, Scalar, Text};

/// The number of comparisons of names of one kind after which all objects of the kind are needed.
const MAX_COMPARISONS: usize = 100_000;

/// The objects of a plan, and those that guarded objects need.
pub(super) struct Closure<'a> {
    objects: &'a [&'a Object],
    /// The objects of each kind.
    kinds: Vec<Kind>,
    /// The numbers of kinds by name, in lower case.
    by_name: BTreeMap<String, Vec<usize>>,
    /// The numbers of kinds whose names end with words.
    by_end: BTreeMap<String, Vec<usize>>,
    needed: Vec<bool>,
    /// Objects whose references are not yet followed.
    open: Vec<usize>,
}

/// The objects of one group and kind.
struct Kind {
    group: Rc<str>,
    name: Rc<str>,
    /// The objects, each with a name that it has or creates.
    objects: Vec<(usize, Vec<Token>)>,
    /// Whether each of the objects is needed.
    is_whole: bool,
    comparisons: usize,
}

/// A mention whose objects were found.
type Seen = (MentionedKind, Option<Rc<str>>);

/// Returns which objects the objects in `roots` need. A root is needed only if another object refers to it.
pub(super) fn needed(objects: &[&Object], roots: Vec<usize>) -> Vec<bool> {
    let mut closure = Closure::new(objects);
    let mut followed = vec![false; objects.len()];
    let mut seen = BTreeSet::new();
    closure.open = roots;
    while let Some(index) = closure.open.pop() {
        if !std::mem::replace(&mut followed[index], true) {
            closure.follow(index, &mut seen);
        }
    }
    closure.needed
}

impl<'a> Closure<'a> {
    fn new(objects: &'a [&'a Object]) -> Self {
        let mut numbers = BTreeMap::new();
        let mut kinds: Vec<Kind> = Vec::new();
        for (index, object) in objects.iter().enumerate() {
            let number = *numbers
                .entry((&*object.group, &*object.kind))
                .or_insert(kinds.len());
            if number == kinds.len() {
                kinds.push(Kind {
                    group: Rc::clone(&object.group),
                    name: Rc::clone(&object.kind),
                    objects: Vec::new(),
                    is_whole: false,
                    comparisons: 0,
                });
            }
            let names = names(object).into_iter();
            kinds[number]
                .objects
                .extend(names.map(|name| (index, tokens(&name))));
        }
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut by_end: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (
            number,
            Kind {
                group, name: kind, ..
            },
        ) in kinds.iter().enumerate()
        {
            let lower = kind.to_ascii_lowercase();
            // A kind such as ExternalSecret creates the Secret of its name.
            let is_creator = lower.ends_with("secret") && !(group.is_empty() && lower == "secret");
            let secret = is_creator.then(|| "secret".to_owned());
            for name in secret.into_iter().chain([lower]) {
                by_name.entry(name).or_default().push(number);
            }
            let identity = kind.ends_with("Identity").then(|| "identity".to_owned());
            for end in ends_of_kind(kind).into_iter().chain(identity) {
                by_end.entry(end).or_default().push(number);
            }
        }
        Self {
            objects,
            kinds,
            by_name,
            by_end,
            needed: vec![false; objects.len()],
            open: Vec::new(),
        }
    }

    /// Follows the references of an object.
    fn follow(&mut self, index: usize, seen: &mut BTreeSet<Seen>) {
        let object = self.objects[index];
        let mut found = Vec::new();
        mentions(&object.tree, &mut |mention| {
            let name = mention.name.as_ref().map(Text::source_text);
            if seen.insert((mention.kind.clone(), name)) {
                found.push(mention);
            }
        });
        if object.is_cluster() && has_topology(&object.tree) {
            let kind = MentionedKind::Exact(Some(CAPI.into()), "ClusterClass".into());
            found.push(Mention { kind, name: None });
        }
        for mention in found {
            let name = mention.name.as_ref().map(tokens);
            for kind in self.candidates(&mention.kind) {
                self.find(kind, name.as_deref());
            }
        }
    }

    /// Returns the numbers of the kinds that a reference can mean.
    fn candidates(&self, mentioned: &MentionedKind) -> Vec<usize> {
        let named = |name: &str| self.by_name.get(name).into_iter().flatten().copied();
        match mentioned {
            MentionedKind::Exact(group, kind) => {
                let is_secret = **kind == *"Secret" && group.as_deref().is_none_or(str::is_empty);
                let is_meant = |number: &usize| {
                    let known = &self.kinds[*number];
                    let is_it = known.name == *kind
                        && group.as_ref().is_none_or(|group| *group == known.group);
                    is_it || is_secret
                };
                named(&kind.to_ascii_lowercase()).filter(is_meant).collect()
            }
            MentionedKind::Words(words) => {
                let mut found = BTreeSet::new();
                for name in kinds_of_words(words) {
                    found.extend(named(&name));
                }
                let whole = words.concat();
                found.extend(self.by_end.get(&whole).into_iter().flatten());
                found.into_iter().collect()
            }
        }
    }

    /// Marks the objects of a kind that can have a name.
    fn find(&mut self, kind: usize, name: Option<&[Token]>) {
        let kind = &mut self.kinds[kind];
        if kind.is_whole {
            return;
        }
        kind.comparisons += kind.objects.len();
        kind.is_whole = name.is_none() || kind.comparisons > MAX_COMPARISONS;
        for (index, own) in &kind.objects {
            let is_meant = kind.is_whole || name.is_some_and(|name| can_be_equal(own, name));
            if is_meant && !self.needed[*index] {
                self.needed[*index] = true;
                self.open.push(*index);
            }
        }
    }
}

/// Returns the name of an object, and the name of the Secret that it creates.
fn names(object: &Object) -> Vec<Text> {
    let mut names = vec![object.name.value.clone()];
    if object.kind.ends_with("Secret") && !object.group.is_empty() {
        // ExternalSecret: spec.target.name; VaultStaticSecret: spec.destination.name.
        let spec = object.tree.get("spec");
        for key in ["target", "destination"] {
            let name = spec.and_then(|spec| spec.get(key)?.get("name"));
            names.extend(name.and_then(Node::as_scalar).map(Scalar::as_text));
        }
    }
    names
}

fn has_topology(cluster: &Node) -> bool {
    let mut specs = cluster.get("spec").into_iter().flat_map(Node::outcomes);
    specs.any(|spec| spec.get("topology").is_some())
}
