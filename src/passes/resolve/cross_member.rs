//! Checks fields across all members of a list: `unique` and `disjoint`.

use std::rc::Rc;

use serde_json::Value as Json;

use super::field::Field;
use super::network::Networks;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Variables;
use crate::source::Span;
use crate::tree::{Entry, Node, Value};

/// The values of `unique` and `disjoint` fields of all members.
#[derive(Default)]
pub(super) struct CrossMemberChecks {
    values: Vec<Vec<(Rc<str>, Span)>>,
    networks: Vec<Networks>,
}

impl CrossMemberChecks {
    /// Adds the values of a member.
    pub(super) fn add_member(&mut self, fields: &[Field], variables: &Variables) {
        self.values.resize_with(fields.len(), Vec::new);
        self.networks.resize_with(fields.len(), Networks::default);
        let checked = fields.iter().enumerate();
        for (index, field) in checked.filter(|(_, field)| field.unique || field.disjoint) {
            let Some(value) = variables.get(&field.name) else {
                continue;
            };
            if field.unique {
                self.values[index].push((as_substituted(value).into(), value.span));
            }
            if field.disjoint {
                self.networks[index].add(value);
            }
        }
    }

    /// Reports values that two members share, and networks that overlap.
    pub(super) fn report(self, fields: &[Field], diags: &mut Diagnostics) {
        for (field, mut values) in fields.iter().zip(self.values) {
            values.sort();
            for ((first, first_span), (second, second_span)) in
                values.iter().zip(values.iter().skip(1))
            {
                if first == second {
                    let message = format!(
                        "two members set `{}: {second}`, but the field is `unique`",
                        field.name
                    );
                    diags.push(
                        Diagnostic::new(Code::DuplicateValue, *second_span, message)
                            .related(*first_span, "the other member")
                            .related(field.span, "declared here")
                            .help("set a different value for one of the members"),
                    );
                }
            }
        }
        for (field, networks) in fields.iter().zip(self.networks) {
            networks.report(&field.name, field.span, diags);
        }
    }
}

/// Returns a value as it is substituted: a scalar is its string, regardless of its type.
fn as_substituted(value: &Node) -> String {
    match &value.value {
        Value::Scalar(scalar) => scalar.text.source_text().to_string(),
        Value::Sequence(_) | Value::Mapping(_) => strings(value).to_string(),
    }
}

/// Returns a value as JSON in which all scalars are strings.
fn strings(value: &Node) -> Json {
    match &value.value {
        Value::Scalar(scalar) => Json::String(scalar.text.source_text().to_string()),
        Value::Sequence(items) => items.iter().map(strings).collect(),
        Value::Mapping(entries) => {
            let entry =
                |Entry { key, value }: &Entry| (key.text.source_text().to_string(), strings(value));
            entries.iter().map(entry).collect()
        }
    }
}
