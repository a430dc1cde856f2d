//! Differences as JSON, whose schema is `docs/reference/diff.schema.json`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::change::{Action, FieldChange};
use super::changed_object::ChangedObject;
use super::difference::Difference;
use super::inputs::{At, InputLine};
use super::platform::PlatformChange;
use super::rejection::Rejection;
use super::value::shown;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    format_version: &'static str,
    danger: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rejections: Vec<Rejected<'a>>,
    counts: Counts,
    platform: Vec<Platform<'a>>,
    causes: Vec<Line<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    possible_causes: Vec<Line<'a>>,
    objects: Vec<Object<'a>>,
}

#[derive(Serialize)]
struct Rejected<'a> {
    code: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Counts {
    base: usize,
    head: usize,
    clusters: usize,
    actions: BTreeMap<&'static str, usize>,
    consequences: BTreeMap<&'static str, usize>,
    kinds: BTreeMap<String, usize>,
    addons: BTreeMap<String, usize>,
}

#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    #[serde(rename = "line")]
    number: usize,
    side: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Platform<'a> {
    #[serde(flatten)]
    line: Line<'a>,
    subject: &'a str,
    weakens_guard: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    action: &'static str,
    consequence: &'static str,
    group: &'a str,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spoke: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    addon: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    affects: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    cells: Option<&'a [Option<String>; 2]>,
    effects: Vec<Effect<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<Field>,
    causes: &'a [usize],
}

#[derive(Serialize)]
struct Effect<'a> {
    consequence: &'static str,
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    source: &'a str,
}

#[derive(Serialize)]
struct Field {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    head: Option<String>,
}

/// Returns the differences as a JSON object in one line, with every object and every cause.
pub fn json(difference: &Difference) -> String {
    let counts = difference.counts();
    let actions = counts.actions.iter();
    let consequences = counts.consequences.iter();
    let is_certain = difference
        .objects
        .iter()
        .all(|object| !object.causes.is_empty());
    let platform = &difference.platform;
    let document = Document {
        format_version: "1.0",
        danger: difference.is_dangerous(),
        rejections: difference.rejections.iter().map(rejected).collect(),
        counts: Counts {
            base: difference.counts[0],
            head: difference.counts[1],
            clusters: counts.clusters.len(),
            actions: actions
                .map(|(action, count)| (name(*action), *count))
                .collect(),
            consequences: consequences
                .map(|(found, count)| (found.name(), *count))
                .collect(),
            kinds: counts.kinds,
            addons: counts
                .addons
                .iter()
                .map(|(name, count)| (name.to_string(), *count))
                .collect(),
        },
        platform: platform.iter().map(platform_line).collect(),
        causes: difference.causes.iter().map(line).collect(),
        possible_causes: if is_certain {
            Vec::new()
        } else {
            difference.touched.iter().map(line).collect()
        },
        objects: difference.objects.iter().map(object).collect(),
    };
    // The document contains only strings, numbers and sequences.
    serde_json::to_string(&document).unwrap_or_default() + "\n"
}

fn rejected(rejection: &Rejection) -> Rejected<'_> {
    let line = rejection.line.as_ref();
    Rejected {
        code: rejection.code.name(),
        message: &rejection.message,
        file: line.map(|(path, _)| path.as_str()),
        line: line.map(|(_, line)| *line),
    }
}

fn name(action: Action) -> &'static str {
    match action {
        Action::Removed => "removed",
        Action::Changed => "changed",
        Action::Added => "added",
    }
}

fn line(line: &InputLine) -> Line<'_> {
    Line {
        file: &line.path,
        number: line.number,
        side: match line.at {
            At::Base => "base",
            At::Head => "head",
        },
        before: line.before.as_deref(),
        after: line.after.as_deref(),
    }
}

fn platform_line(change: &PlatformChange) -> Platform<'_> {
    Platform {
        line: line(&change.line),
        subject: change.subject,
        weakens_guard: change.is_weaker,
    }
}

fn object(object: &ChangedObject) -> Object<'_> {
    let is_secret = object.is_secret();
    let field = |field: &FieldChange| Field {
        path: field.path.to_string(),
        base: shown(is_secret, field, field.base.as_ref()),
        head: shown(is_secret, field, field.head.as_ref()),
    };
    let effects = object.effects.iter().map(|effect| Effect {
        consequence: effect.consequence.name(),
        reason: &effect.reason,
        field: effect.field.as_ref().map(ToString::to_string),
        source: effect.source,
    });
    Object {
        action: name(object.action),
        consequence: object.consequence().name(),
        group: &object.group,
        kind: &object.kind,
        namespace: object.namespace.as_deref(),
        name: &object.name,
        cluster: object.cluster.as_deref(),
        spoke: object.spoke.as_deref(),
        addon: object.addon.as_deref(),
        affects: &object.affects,
        cells: object.cells.as_ref(),
        effects: effects.collect(),
        fields: object.fields.iter().map(field).collect(),
        causes: &object.causes,
    }
}
