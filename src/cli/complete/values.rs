//! The candidates for the value of an argument, also from the fleet.

use std::collections::BTreeSet;
use std::path::Path;

use clap::Arg;

use super::found::{Candidate, Directive, Found};
use super::line::Line;
use crate::builtin;
use crate::cli::list_edit::{find_list, list_files};
use crate::cli::session::Session;
use crate::diagnostic::Code;
use crate::input::read_fleet;
use crate::model::Cluster;
use crate::plan::Plan;

/// Returns the candidates for the value of an argument.
pub(super) fn of(line: &Line<'_>, arg: &Arg, current: &str) -> Found {
    let possible = arg.get_possible_values();
    if !possible.is_empty() {
        let visible = possible.iter().filter(|value| !value.is_hide_set());
        let candidates = visible.map(|value| Candidate {
            text: value.get_name().to_owned(),
            about: value
                .get_help()
                .map(ToString::to_string)
                .unwrap_or_default(),
        });
        return Found {
            candidates: candidates.collect(),
            directive: Directive::NoFiles,
        };
    }
    match (line.path.as_slice(), arg.get_id().as_str()) {
        (["explain"], _) => targets(line, current),
        (["remove"] | ["get", "clusters" | "objects"], "names") | (_, "spoke") => {
            from_plan(line, |plan| names(&plan.clusters))
        }
        (["get", "addons"], "names") => from_plan(line, |plan| {
            let addons = plan.addons.iter();
            addons
                .map(|addon| addon.written.name.value.to_string())
                .collect()
        }),
        (["get", "groups"], "names") => from_plan(line, |plan| {
            let groups = plan.groups.iter();
            groups
                .map(|group| format!("{}={}", group.label, group.name))
                .collect()
        }),
        (_, "cell") => from_plan(line, |plan| {
            let cells = plan
                .clusters
                .iter()
                .filter_map(|cluster| cluster.cell.as_deref());
            cells.map(ToOwned::to_owned).collect()
        }),
        (["get", "templates"], "template") => builtins(),
        (["add" | "schema"], "list") => lists(line),
        (["add"], "fields") => fields(line),
        (_, "dir" | "chdir") => Found {
            candidates: Vec::new(),
            directive: Directive::Directories,
        },
        (_, "filename" | "files" | "base" | "head") => Found {
            candidates: Vec::new(),
            directive: Directive::Files,
        },
        _ => Found::none(),
    }
}

/// Returns candidates from the plan of the fleet. A fleet with an error has no candidates.
fn from_plan(line: &Line<'_>, values: impl Fn(&Plan) -> BTreeSet<String>) -> Found {
    let mut session = Session::open_silently(&line.dir());
    let plan = session.as_mut().and_then(|session| session.plan().ok());
    let values = plan.map(|(_, plan)| values(&plan));
    listed(values.unwrap_or_default())
}

fn listed(values: BTreeSet<String>) -> Found {
    let about = String::new;
    let candidate = |text| Candidate {
        text,
        about: about(),
    };
    Found {
        candidates: values.into_iter().map(candidate).collect(),
        directive: Directive::NoFiles,
    }
}

/// Returns the names of clusters, with the namespaces of those that share a name.
fn names(clusters: &[Cluster]) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    let mut twice = BTreeSet::new();
    for cluster in clusters {
        if !known.insert(&cluster.name) {
            twice.insert(&cluster.name);
        }
    }
    let shown = |cluster: &Cluster| {
        if twice.contains(&cluster.name) {
            format!("{}/{}", cluster.namespace, cluster.name)
        } else {
            cluster.name.to_string()
        }
    };
    clusters.iter().map(shown).collect()
}

/// Returns what `explain` can explain: clusters and codes, or the add-ons of a cluster.
fn targets(line: &Line<'_>, current: &str) -> Found {
    if let Some((cluster, _)) = current.split_once('/') {
        let mut found = from_plan(line, |plan| {
            let addons = plan.addons.iter();
            addons
                .map(|addon| format!("{cluster}/{}", addon.written.name.value))
                .collect()
        });
        found.directive = Directive::NoSpace;
        return found;
    }
    let mut found = from_plan(line, |plan| names(&plan.clusters));
    found
        .candidates
        .extend(Code::ALL.iter().map(|code| Candidate {
            text: code.name().to_owned(),
            about: code.summary().to_owned(),
        }));
    found
}

fn builtins() -> Found {
    let names = builtin::ALL.iter().map(|one| one.name.to_owned());
    Found {
        directive: Directive::Files,
        ..listed(names.collect())
    }
}

/// Returns the files of the lists of clusters.
fn lists(line: &Line<'_>) -> Found {
    let Some(mut session) = Session::open_silently(&line.dir()) else {
        return Found::none();
    };
    let Session { files, diags, .. } = &mut session;
    let Ok(fleet) = read_fleet(files, diags) else {
        return Found::none();
    };
    let lists = fleet.clusters.iter();
    listed(
        lists
            .flat_map(|entry| list_files(files, &entry.members))
            .collect(),
    )
}

/// Returns the fields that members of the list can set, each with `=`.
fn fields(line: &Line<'_>) -> Found {
    let list = line.value("list").unwrap_or_default();
    let found = Session::open_silently(&line.dir()).and_then(|mut session| {
        let Session { files, diags, .. } = &mut session;
        let fleet = read_fleet(files, diags).ok()?;
        let entry = find_list(Path::new(list).to_str()?, &fleet, files).ok()?;
        let fields = entry.members.fields.iter().flatten();
        Some(
            fields
                .map(|field| format!("{}=", field.name.value))
                .collect(),
        )
    });
    Found {
        directive: Directive::NoSpace,
        ..listed(found.unwrap_or_default())
    }
}
