//! Gathers what cannot be filled: one message for all clusters that have the same problem.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, all_of, count};
use crate::source::Span;
use crate::template::fill::{Problem, Trouble};

/// Problems of filling, by where the template asks for the variable.
#[derive(Default)]
pub(crate) struct Problems {
    found: BTreeMap<Problem, Affected>,
}

struct Affected {
    clusters: Vec<String>,
    more: usize,
    first: Span,
}

impl Problems {
    /// Adds what was found for one cluster; `member` is where the cluster comes from.
    pub(crate) fn add(&mut self, problems: Vec<Problem>, cluster: &str, member: Span) {
        const NAMED: usize = 3;
        for problem in problems {
            let affected = self.found.entry(problem).or_insert(Affected {
                clusters: Vec::new(),
                more: 0,
                first: member,
            });
            if affected.clusters.len() < NAMED {
                affected.clusters.push(cluster.to_owned());
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
                    let help = format!(
                        "set `{name}` in `variables`, let members say it, or write a default: ${{{name}:=…}}"
                    );
                    (Code::MissingVariable, Some(help))
                }
                Trouble::NotText(name) => {
                    let help = format!(
                        "let `${{{name}}}` stand alone and unquoted, or reach into it: `${{{name}.key}}`"
                    );
                    (Code::NotAText, Some(help))
                }
                Trouble::NotMap(_) => (Code::InvalidMerge, None),
                Trouble::Failed(_) => (Code::ExpressionFailed, None),
                Trouble::DuplicateKey(_) => (Code::DuplicateKey, None),
            };
            let total = affected.clusters.len() + affected.more;
            let names = all_of(affected.clusters.iter().map(String::as_str));
            let who = if affected.more > 0 {
                format!("{names} and {} more", affected.more)
            } else {
                names
            };
            let message = format!(
                "{} for {}",
                problem.kind.message(),
                if total == 1 {
                    who.clone()
                } else {
                    count(total, "cluster")
                }
            );
            let place = if total == 1 {
                "this member".to_owned()
            } else {
                format!("the first of {who}")
            };
            let diagnostic =
                Diagnostic::new(code, problem.span, message).related(affected.first, place);
            diags.push(match help {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            });
        }
    }
}
