//! Everything that guarded objects need to live, or to be deleted cleanly: references are followed to their end.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::mentions::{Mention, MentionedKind, Mentions, ends_of_kind, kinds_of_words};
use super::names::{Token, can_be_equal, literal, texts_at, tokens};
use super::values::{Structures, Values};
use crate::model::CAPI;
use crate::plan::{Object, Plan, Template};
use crate::tree::Text;

/// The number of comparisons of names of one kind after which all objects of the kind are needed.
const MAX_COMPARISONS: usize = 100_000;

/// The objects of a plan, and those that guarded objects need.
pub(super) struct Closure<'a> {
    plan: &'a Plan,
    structures: Structures<'a>,
    objects: &'a [(&'a Template, &'a Object)],
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
    /// The name as it is compared with kinds that contain variables.
    tokens: Vec<Token>,
    /// The objects, each with a name that it has or creates.
    objects: Vec<(usize, Vec<Token>)>,
    /// Whether each of the objects is needed.
    is_whole: bool,
    comparisons: usize,
}

/// A mention whose objects were found.
type Seen = (MentionedKind, Option<Rc<str>>);

/// Returns which objects the objects in `roots` need. A root is needed only if another object refers to it.
pub(super) fn needed(
    plan: &Plan,
    objects: &[(&Template, &Object)],
    roots: Vec<usize>,
) -> Vec<bool> {
    let mut closure = Closure::new(plan, objects);
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
    fn new(plan: &'a Plan, objects: &'a [(&'a Template, &'a Object)]) -> Self {
        let mut numbers = BTreeMap::new();
        let mut kinds: Vec<Kind> = Vec::new();
        for (index, object) in objects.iter().map(|(_, object)| object).enumerate() {
            let number = *numbers
                .entry((&*object.group, &*object.kind))
                .or_insert(kinds.len());
            if number == kinds.len() {
                kinds.push(Kind {
                    group: Rc::clone(&object.group),
                    name: Rc::clone(&object.kind),
                    tokens: tokens(&Text::Literal(Rc::clone(&object.kind))),
                    objects: Vec::new(),
                    is_whole: false,
                    comparisons: 0,
                });
            }
            let names = names(object).into_iter();
            let names = names.map(|name| (index, name));
            kinds[number].objects.extend(names);
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
            plan,
            structures: Structures::new(plan),
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
        let (template, object) = self.objects[index];
        let values = Values {
            plan: self.plan,
            template,
            structures: &self.structures,
        };
        let mut found = Vec::new();
        let mut visit = |mention: Mention| {
            let name = mention.name.as_ref().map(Text::source_text);
            if seen.insert((mention.kind.clone(), name)) {
                found.push(mention);
            }
        };
        if object.is_cluster() {
            // A topology names its class in several ways, also in variables.
            let class = tokens(&Text::Literal("ClusterClass".into()));
            let kind = MentionedKind::Kind(Some(CAPI.into()), class);
            visit(Mention { kind, name: None });
        }
        let mut mentions = Mentions {
            values: &values,
            visit: &mut visit,
        };
        mentions.object(&object.tree);
        for mention in found {
            let name = mention.name.as_ref().map(tokens);
            for kind in self.candidates(&mention.kind) {
                self.find(kind, name.as_deref());
            }
        }
    }

    /// Returns the numbers of the kinds that a reference can mean.
    fn candidates(&self, mentioned: &MentionedKind) -> BTreeSet<usize> {
        let named = |name: &str| self.by_name.get(name).into_iter().flatten().copied();
        match mentioned {
            MentionedKind::Kind(group, kind) => {
                let secret = tokens(&Text::Literal("Secret".into()));
                let is_secret =
                    can_be_equal(kind, &secret) && group.as_deref().is_none_or(str::is_empty);
                let creators = is_secret.then(|| named("secret")).into_iter().flatten();
                let is_meant = |number: &usize| {
                    let known = &self.kinds[*number];
                    group.as_ref().is_none_or(|group| *group == known.group)
                        && can_be_equal(kind, &known.tokens)
                };
                let candidates: Vec<usize> = match literal(kind) {
                    Some(kind) => named(&kind.to_ascii_lowercase()).collect(),
                    None => (0..self.kinds.len()).collect(),
                };
                let meant = candidates.into_iter().filter(is_meant);
                meant.chain(creators).collect()
            }
            MentionedKind::Words(words) => {
                let mut found = BTreeSet::new();
                for name in kinds_of_words(words) {
                    found.extend(named(&name));
                }
                let whole = words.concat();
                found.extend(self.by_end.get(&whole).into_iter().flatten());
                found
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
fn names(object: &Object) -> Vec<Vec<Token>> {
    let mut names = vec![tokens(&object.name.value)];
    if object.kind.ends_with("Secret") && !object.group.is_empty() {
        // ExternalSecret: spec.target.name; VaultStaticSecret: spec.destination.name.
        for key in ["target", "destination"] {
            names.extend(texts_at(&object.tree, &["spec", key, "name"]));
        }
    }
    names
}
