//! Files of objects that the output only names: the controller reads them from the repository of the fleet.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::change::{Action, FieldPath, ObjectChange};
use super::changed_object::ChangedObject;
use super::consequence::{Consequence, Effect, effects};
use super::fields::{Point, compare};
use super::inputs::{At, Line};
use super::installed::{Clusters, key};
use crate::diagnostic::Diagnostics;
use crate::model::delivery::Target;
use crate::plan::{AddOn, Manifest, Object, Plan, Software, group_of};
use crate::source::{FileId, Span, Spanned};
use crate::tree::{Node, Text};
use crate::yaml::{NoMask, parse};

/// The parts of `MANIFESTS` that contain the objects: a delivery method that reads one of them prints the objects.
const CONTENTS: [&str; 4] = ["list", "files", "objects", "content"];

/// An object of a file that differs, and the locations of both sides.
pub(super) type Found = (ChangedObject, [Option<Span>; 2]);

/// Returns the objects in files that differ, each once for the clusters that get it.
pub(super) fn changes(plans: [&Plan; 2], clusters: &Clusters) -> Vec<Found> {
    let [base, head] = plans;
    let mut found = Vec::new();
    for addon in base
        .addons
        .iter()
        .filter(|addon| is_read_by_controller(addon))
    {
        let name = &addon.written.name.value;
        let mut others = head
            .addons
            .iter()
            .filter(|addon| is_read_by_controller(addon));
        let Some(other) = others.find(|other| other.written.name.value == *name) else {
            continue;
        };
        let mut heads = vec![None; head.clusters.len()];
        for (number, variant) in other.variants.iter().enumerate() {
            for cluster in &variant.clusters {
                heads[*cluster] = Some(number);
            }
        }
        let mut pairs: BTreeMap<[usize; 2], Vec<usize>> = BTreeMap::new();
        for (number, variant) in addon.variants.iter().enumerate() {
            for cluster in &variant.clusters {
                let head = clusters.head(*cluster).and_then(|head| heads[head]);
                if let Some(head) = head {
                    pairs.entry([number, head]).or_default().push(*cluster);
                }
            }
        }
        for ([old, new], affected) in pairs {
            let sides = [&addon.variants[old].software, &other.variants[new].software];
            let affected: Vec<String> = affected
                .iter()
                .map(|index| key(&base.clusters[*index]))
                .collect();
            if let [Software::Manifests(old), Software::Manifests(new)] = sides {
                differences([&old.files, &new.files], name, &affected, &mut found);
            }
        }
    }
    found
}

fn is_read_by_controller(addon: &AddOn) -> bool {
    let reads = |part: &&str| {
        addon
            .delivery
            .reads(Target::ALL.map(|(_, target)| target), &["MANIFESTS", part])
    };
    !addon.is_chart() && !CONTENTS.iter().any(reads)
}

/// Adds the objects of two sets of files that differ.
fn differences(
    [old, new]: [&[Manifest]; 2],
    addon: &Rc<str>,
    affects: &[String],
    found: &mut Vec<Found>,
) {
    let known = |files: &[Manifest]| -> BTreeMap<FileId, Rc<str>> {
        files
            .iter()
            .map(|file| (file.span.file, Rc::clone(&file.text)))
            .collect()
    };
    let texts = |files: &[Manifest]| -> BTreeSet<Rc<str>> {
        files.iter().map(|file| Rc::clone(&file.text)).collect()
    };
    if known(old).values().eq(known(new).values()) {
        return;
    }
    let (old_texts, new_texts) = (texts(old), texts(new));
    let before = objects(old.iter().filter(|file| !new_texts.contains(&file.text)));
    let after = objects(new.iter().filter(|file| !old_texts.contains(&file.text)));
    // An object can move to a file that is equal on both sides.
    let is_listed = |files: &[Manifest], identity: &str| {
        let mut all = files.iter().flat_map(|file| file.identities.iter());
        all.any(|one| *one.value == *identity)
    };
    let mut push = |base: Option<&Object>, head: Option<&Object>| {
        found.extend(change(base, head, addon, affects));
    };
    for (identity, base) in &before {
        match after.get(identity) {
            Some(head) => push(Some(base), Some(head)),
            None if is_listed(new, identity) => {}
            None => push(Some(base), None),
        }
    }
    for (identity, head) in &after {
        if !before.contains_key(identity) && !is_listed(old, identity) {
            push(None, Some(head));
        }
    }
}

/// Returns the objects in files by their identity, as [`Manifest::identities`] has it.
fn objects<'m>(files: impl Iterator<Item = &'m Manifest>) -> BTreeMap<String, Object> {
    let mut found = BTreeMap::new();
    for file in files {
        // Errors in the files were reported when the sides were compiled.
        let unreported = &mut Diagnostics::default();
        let documents = parse(file.span.file, &file.text, &NoMask, unreported);
        for document in documents.unwrap_or_default() {
            found.extend(object(document));
        }
    }
    found
}

fn object(tree: Node) -> Option<(String, Object)> {
    let metadata = tree.get("metadata")?;
    let text = |key: &str| {
        let node = metadata.get(key)?;
        Some(Spanned {
            span: node.span,
            value: Text::Literal(node.text()?.into()),
        })
    };
    let (name, namespace) = (text("name")?, text("namespace"));
    let group: Rc<str> = group_of(tree.get("apiVersion")?.text()?).into();
    let kind: Rc<str> = tree.get("kind")?.text()?.into();
    let dot = if group.is_empty() { "" } else { "." };
    let place = namespace
        .as_ref()
        .and_then(|namespace| namespace.value.literal());
    let place = place
        .map(|namespace| format!("{namespace}/"))
        .unwrap_or_default();
    let identity = format!("{kind}{dot}{group} {place}{}", name.value.literal()?);
    let object = Object {
        span: tree.span,
        group,
        kind,
        name,
        namespace,
        tree,
    };
    Some((identity, object))
}

fn change(
    base: Option<&Object>,
    head: Option<&Object>,
    addon: &Rc<str>,
    affects: &[String],
) -> Option<Found> {
    let mut points = Vec::new();
    if let (Some(base), Some(head)) = (base, head) {
        compare(
            Some(&base.tree),
            Some(&head.tree),
            &mut FieldPath::default(),
            &mut points,
        );
        if points.is_empty() {
            return None;
        }
    }
    let first = points.first();
    let span = |node: Option<&Node>| node.map(|node| node.span);
    let spans = match first {
        Some(point) => [span(point.base), span(point.head)],
        None => [base, head].map(|side| side.map(|object| object.name.span)),
    };
    let fields: Vec<_> = points.into_iter().map(Point::constant).collect();
    let change = ObjectChange {
        base,
        head,
        fields: &fields,
        is_moved: false,
    };
    let action = change.action();
    let object = head.or(base)?;
    let text = |text: &Spanned<Text>| text.value.literal().unwrap_or_default().to_owned();
    let mut changed = ChangedObject {
        action,
        group: Rc::clone(&object.group),
        kind: Rc::clone(&object.kind),
        namespace: object.namespace.as_ref().map(text),
        name: text(&object.name),
        cluster: None,
        spoke: None,
        affects: affects.to_vec(),
        addon: Some(Rc::clone(addon)),
        cells: None,
        effects: effects(&change),
        causes: Vec::new(),
        fields,
    };
    let (consequence, reason) = match action {
        Action::Removed if changed.consequence() == Consequence::Deletes => (
            Consequence::Uninstalls,
            "The controller deletes the object from the clusters if it prunes, because no file contains it now.",
        ),
        Action::Changed => (
            Consequence::Upgrades,
            "The controller applies the changed object of the file to the clusters.",
        ),
        Action::Removed | Action::Added => return Some((changed, spans)),
    };
    changed
        .effects
        .retain(|effect| effect.consequence != Consequence::Unknown);
    changed.add(Effect {
        consequence,
        reason: reason.into(),
        field: None,
        source: "the files of the add-on",
        follows_cluster: false,
    });
    Some((changed, spans))
}

/// Returns the touched line of an object in a file.
pub(super) fn lines(
    spans: [Option<Span>; 2],
    touched: impl Fn(At, Span) -> Option<Line>,
) -> BTreeSet<Line> {
    let [base, head] = spans;
    let line = |at, span: Option<Span>| span.and_then(|span| touched(at, span));
    line(At::Head, head)
        .or_else(|| line(At::Base, base))
        .into_iter()
        .collect()
}
