//! Changes of what protects a fleet or decides what members can do: they belong to the platform team.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{FieldPath, Step};
use super::fields::{Point, compare};
use super::inputs::{At, InputLine, Inputs, Line, Pair};
use super::open_files::open_paths;
use super::settings::{Setting, fleet, setting};
use super::value::shown_at;
use crate::diagnostic::escape_control_chars;
use crate::files::names::LOCK;
use crate::tree::Node;

/// A changed setting that belongs to the platform team.
#[derive(Debug)]
pub struct PlatformChange {
    /// The line, with the setting before and after the change.
    pub line: InputLine,
    /// What it decides.
    pub subject: &'static str,
    /// Whether the change weakens a guard of the fleet.
    pub is_weaker: bool,
    /// The touched line.
    pub(super) touched: Option<Line>,
    /// Whether the setting is below `safety`.
    pub(super) is_safety: bool,
}

/// Maximum number of leaves of an added or removed part that are shown.
const MAX_LEAVES: usize = 8;
/// What a file with a path that members complete decides.
const OPEN_FILE: &str = "a file that members can choose";

/// Compares the settings of the fleet, and the lock.
pub(super) fn settings(inputs: &Inputs<'_>) -> Vec<PlatformChange> {
    let mut found = Vec::new();
    for file in inputs.touched_files() {
        if file.path == LOCK {
            lock(&file, inputs, &mut found);
            continue;
        }
        let root = |at: At| fleet(inputs.sources(at), file.ids[at as usize]?);
        let roots = [root(At::Base), root(At::Head)];
        settings_of(
            &file,
            [roots[0].as_ref(), roots[1].as_ref()],
            inputs,
            &mut found,
        );
    }
    found.sort_by_key(|change| !change.is_weaker);
    found
}

/// Compares the files that members can choose, except those that cause the change of an object.
pub(super) fn open_files(inputs: &Inputs<'_>, causes: &[InputLine]) -> Vec<PlatformChange> {
    let mut patterns = BTreeSet::new();
    for at in [At::Base, At::Head] {
        patterns.extend(open_paths(inputs.sources(at)));
    }
    let is_open = |path: &str| {
        let mut all = patterns.iter();
        all.any(|pattern| crate::files::names_file(pattern, path))
    };
    let is_cause = |path: &str| causes.iter().any(|cause| cause.path == *path);
    let files = inputs.touched_files();
    let files = files.filter(|file| is_open(file.path) && !is_cause(file.path));
    let change = |line: Line| PlatformChange {
        line: inputs.shown(line),
        subject: OPEN_FILE,
        is_weaker: false,
        touched: Some(line),
        is_safety: false,
    };
    files
        .filter_map(|file| inputs.first_of(file.number).map(change))
        .collect()
}

/// Adds the settings that differ, each once: an added or removed part as a whole.
fn settings_of(
    file: &Pair<'_>,
    [base, head]: [Option<&Node>; 2],
    inputs: &Inputs<'_>,
    found: &mut Vec<PlatformChange>,
) {
    let mut points = Vec::new();
    compare(base, head, &mut FieldPath::default(), &mut points);
    points.retain(|point| point.base != point.head);
    let whole = |point: &Point<'_>| point.whole.max(2).min(point.path.0.len());
    let is_one = |one: &Point<'_>, other: &Point<'_>| {
        let length = whole(one);
        let paths = [one, other].map(|point| point.path.0.get(..length));
        let is_head = |point: &Point<'_>| (point.base.is_some(), point.head.is_some());
        length == whole(other) && paths[0] == paths[1] && is_head(one) == is_head(other)
    };
    for part in points.chunk_by(is_one) {
        let Some(first) = part.first() else { continue };
        let steps = &first.path.0[..whole(first)];
        let of_leaf = |point: &Point<'_>| setting(&point.path.0, [point.base, point.head]);
        let settings: Vec<Setting> = part.iter().filter_map(of_leaf).collect();
        let Some(Setting { subject, .. }) = settings.first().copied() else {
            continue;
        };
        let (at, node) = match (first.head, first.base) {
            (Some(head), _) => (At::Head, head),
            (None, Some(base)) => (At::Base, base),
            (None, None) => continue,
        };
        let is_safety = matches!(steps.first(), Some(Step::Key(key)) if **key == *"safety");
        found.push(PlatformChange {
            line: InputLine {
                path: file.path.to_owned(),
                at,
                number: inputs.lines(at, node.span).start + 1,
                before: text(part, steps, At::Base),
                after: text(part, steps, At::Head),
            },
            subject,
            is_weaker: settings.iter().any(|setting| setting.is_weaker),
            touched: inputs.touched(at, node.span),
            is_safety,
        });
    }
}

/// Returns the values of a part on one side, as `safety.minClusters: 5`.
fn text(part: &[Point<'_>], steps: &[Step], at: At) -> Option<String> {
    let name = |steps: &[Step]| escape_control_chars(&FieldPath(steps.to_vec()).to_string());
    let mut values = part.iter().filter_map(|point| {
        let value = shown_at(false, &point.path, [point.base, point.head][at as usize])?;
        match &point.path.0[steps.len()..] {
            [] => Some(value),
            below => Some(format!("{}: {value}", name(below).trim_start_matches('.'))),
        }
    });
    let mut all: Vec<String> = values.by_ref().take(MAX_LEAVES).collect();
    if values.next().is_some() {
        all.push("…".to_owned());
    }
    (!all.is_empty()).then(|| format!("{}: {}", name(steps), all.join(", ")))
}

/// Adds the entries of the lock that the head lacks: it no longer protects their clusters or objects.
fn lock(file: &Pair<'_>, inputs: &Inputs<'_>, found: &mut Vec<PlatformChange>) {
    let text = |at: At| {
        let id = file.ids[at as usize];
        id.map(|id| inputs.sources(at).text(id)).unwrap_or_default()
    };
    let (base, head) = (text(At::Base), text(At::Head));
    let (base, head) = (entries(&base), entries(&head));
    let known: BTreeSet<&str> = head.iter().map(|entry| entry.text).collect();
    let numbers: BTreeMap<_, _> = head
        .iter()
        .map(|entry| (entry.key(), entry.number_of_objects()))
        .collect();
    for entry in base.iter().filter(|entry| !known.contains(entry.text)) {
        let number = numbers.get(&entry.key()).copied();
        if entry.is_object && number >= Some(entry.number_of_objects()) {
            continue;
        }
        found.push(PlatformChange {
            line: InputLine {
                path: file.path.to_owned(),
                at: At::Base,
                number: entry.number,
                before: Some(escape_control_chars(entry.text)),
                after: None,
            },
            subject: "what must not disappear",
            // A line that names another cell or set still protects its cluster.
            is_weaker: number.is_none() || entry.is_object,
            touched: None,
            is_safety: false,
        });
    }
}

/// A part of the lock: the line of a cluster, or an object of a line that lists objects.
struct LockEntry<'t> {
    /// The number of the line, from 1.
    number: usize,
    /// The first word of the line.
    owner: &'t str,
    text: &'t str,
    is_object: bool,
}

impl<'t> LockEntry<'t> {
    /// Returns the first word of the line, and the name of the object.
    fn key(&self) -> (&'t str, &'t str) {
        let name = if self.is_object {
            self.text
        } else {
            self.owner
        };
        (self.owner, name.split('=').next().unwrap_or_default())
    }

    /// Returns the number after the name of an object, as in `ConfigMap/*=2`.
    fn number_of_objects(&self) -> usize {
        let number = self.text.split_once('=');
        number.map_or(1, |(_, number)| number.parse().unwrap_or(1))
    }
}

fn entries(text: &str) -> Vec<LockEntry<'_>> {
    let lines = text.lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    let mut found = Vec::new();
    for (number, line) in lines {
        let owner = line.split(' ').next().unwrap_or_default();
        let is_object = owner.starts_with('+');
        let texts: Vec<&str> = if is_object {
            line.split(' ').skip(1).collect()
        } else {
            vec![line]
        };
        found.extend(texts.into_iter().map(|text| LockEntry {
            number: number + 1,
            owner,
            text,
            is_object,
        }));
    }
    found
}
