//! Gathers what cannot be filled: one message for all clusters that have the same problem.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, all_of, count, nearest};
use crate::model::Variables;
use crate::model::cluster::NAMES;
use crate::plan::Subject;
use crate::source::Span;
use crate::template::fill::{Problem, Trouble};

/// Problems of filling, by where the template asks for the variable.
#[derive(Default)]
pub(crate) struct Problems {
    found: BTreeMap<Problem, Affected>,
}

struct Affected {
    /// What it was found for: clusters or groups.
    noun: &'static str,
    names: Vec<String>,
    more: usize,
    /// Where the first comes from; none for the fleet.
    first: Option<Span>,
    /// The variable that was probably meant.
    near: Option<String>,
}

impl Problems {
    /// Whether nothing was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Adds what was found for a subject.
    pub(crate) fn add(&mut self, problems: Vec<Problem>, subject: Subject<'_>) {
        let (noun, name) = match subject {
            Subject::Cluster(cluster) => ("cluster", &**cluster.name.as_rc()),
            Subject::Group(group) => ("group", &*group.name),
            Subject::Fleet(_) => ("fleet", ""),
        };
        self.add_for((noun, name), problems, subject.span(), subject.variables());
    }

    /// Adds what was found for a member, of which a cluster or a group is to be made; `member` is
    /// where it comes from.
    pub(crate) fn add_for(
        &mut self,
        (noun, name): (&'static str, &str),
        problems: Vec<Problem>,
        member: Option<Span>,
        variables: &Variables,
    ) {
        const NAMED: usize = 3;
        for problem in problems {
            let affected = self.found.entry(problem);
            let near = |problem: &Problem| near(&problem.kind, variables, noun == "cluster");
            let affected = affected.or_insert_with_key(|problem| Affected {
                noun,
                names: Vec::new(),
                more: 0,
                first: member,
                near: near(problem),
            });
            if affected.names.len() < NAMED {
                affected.names.push(name.to_owned());
            } else {
                affected.more += 1;
            }
        }
    }

    /// Reports all.
    pub(crate) fn report(self, diags: &mut Diagnostics) {
        for (problem, affected) in self.found {
            let (code, help) = match &problem.kind {
                Trouble::Missing(name) => {
                    let help = match &affected.near {
                        Some(near) => format!("did you mean `{near}`?"),
                        None if known_in(name).is_some() => {
                            format!("`{name}` is known {}", known_in(name).unwrap_or_default())
                        }
                        None => format!(
                            "set `{name}` in `variables`, let members say it, or write a default: ${{{name}:=…}}; the text itself is $${{{name}}}"
                        ),
                    };
                    (Code::MissingVariable, Some(help))
                }
                Trouble::NotText(name) => {
                    let help = format!(
                        "let `${{{name}}}` stand alone and unquoted, or reach into it: `${{{name}.key}}`"
                    );
                    (Code::NotAText, Some(help))
                }
                Trouble::NotMap(name) => {
                    let help =
                        format!("let `{name}` hold a mapping, or write the entries themselves");
                    (Code::InvalidMerge, Some(help))
                }
                Trouble::NotList(name) => {
                    let help = format!("let `{name}` hold a list, or write the items themselves");
                    (Code::InvalidEach, Some(help))
                }
                Trouble::NoOption(_, keys) => (Code::InvalidCase, Some(format!("use {keys}"))),
                Trouble::NotJson(_) => {
                    let help = "write `policy: {$json: {Version: \"2012-10-17\"}}`";
                    (Code::InvalidJson, Some(help.to_owned()))
                }
                Trouble::Unknown(_, needed) => {
                    let help = format!("write the value without `${needed}`: no shell is asked");
                    (Code::MissingVariable, Some(help))
                }
                Trouble::Failed(_) => (Code::ExpressionFailed, None),
                Trouble::DuplicateKey(_) => (Code::DuplicateKey, None),
                Trouble::LongKey => (Code::KeyTooLong, Some("shorten the value".to_owned())),
                Trouble::LostKey(_) => (Code::InvalidKey, None),
            };
            let total = affected.names.len() + affected.more;
            let names = all_of(affected.names.iter().map(String::as_str));
            let who = if affected.more > 0 {
                format!("{names} and {} more", affected.more)
            } else {
                names
            };
            let whom = if affected.first.is_none() {
                "the fleet".to_owned()
            } else if total == 1 {
                who.clone()
            } else {
                count(total, affected.noun)
            };
            let message = match &problem.kind {
                Trouble::Failed(why) => format!("this expression fails for {whom}: {why}"),
                Trouble::LongKey | Trouble::LostKey(_) => {
                    let why = problem.kind.message();
                    format!("this key cannot be used for {whom}: {why}")
                }
                other => format!("{} for {whom}", other.message()),
            };
            let place = if total == 1 {
                "this member".to_owned()
            } else {
                format!("the first of {who}")
            };
            let diagnostic = Diagnostic::new(code, problem.span, message);
            let diagnostic = match affected.first {
                Some(first) => diagnostic.related(first, place),
                None => diagnostic,
            };
            diags.push(match help {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            });
        }
    }
}

/// Where a built-in variable is known that is not known everywhere.
fn known_in(name: &str) -> Option<&'static str> {
    Some(match name {
        "GROUP" => "in templates that are made for a group: forEach: {label: …}",
        "CLUSTERS" => "in templates that are made for a group or for the fleet: `forEach`",
        "CLUSTER_NAME" | "NAMESPACE" | "LABELS" => {
            "in templates that are made for a cluster, and for each entry of CLUSTERS"
        }
        "WITH" => "in templates that have a `with`, and in items that have an `$each`",
        "CELL" => "in templates and add-ons of a fleet with `cells`",
        "ADDON" => "in add-ons",
        _ => return None,
    })
}

/// The variable whose name is near to a missing one.
fn near(trouble: &Trouble, variables: &Variables, is_cluster: bool) -> Option<String> {
    let Trouble::Missing(path) = trouble else {
        return None;
    };
    let root = path.split('.').next().unwrap_or_default();
    let built_in = if is_cluster { &NAMES[..2] } else { &[] };
    let said = variables.own.iter().chain(&variables.shared.values);
    let names = said
        .map(|(name, _)| &**name)
        .chain(built_in.iter().copied());
    if names.clone().any(|name| name == root) {
        return None;
    }
    let near = nearest(root, names.chain(["LABELS"]))?;
    Some(path.replacen(root, near, 1))
}
