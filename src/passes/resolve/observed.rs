//! Fields that are judged over all members of a list: `unique` and `disjoint`.

use std::rc::Rc;

use super::field::Field;
use super::network::Networks;
use super::schema::json;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Variables;
use crate::source::Span;

/// The values of `unique` and `disjoint` fields, member by member.
#[derive(Default)]
pub(super) struct Observed {
    values: Vec<Vec<(Rc<str>, Span)>>,
    networks: Vec<Networks>,
}

impl Observed {
    /// Notes a member's values.
    pub(super) fn observe(&mut self, fields: &[Field], variables: &Variables) {
        self.values.resize_with(fields.len(), Vec::new);
        self.networks.resize_with(fields.len(), Networks::default);
        let observed = fields.iter().enumerate();
        for (index, field) in observed.filter(|(_, field)| field.unique || field.disjoint) {
            let Some(value) = variables.get(&field.name) else {
                continue;
            };
            if field.unique {
                self.values[index].push((json(value).to_string().into(), value.span));
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
            for ((first, place), (second, other)) in values.iter().zip(values.iter().skip(1)) {
                if first == second {
                    let message = format!(
                        "two members say `{}: {second}`, and the field is unique",
                        field.name
                    );
                    diags.push(
                        Diagnostic::new(Code::DuplicateValue, *other, message)
                            .related(*place, "the other member")
                            .related(field.span, "declared here"),
                    );
                }
            }
        }
        for (field, networks) in fields.iter().zip(self.networks) {
            networks.report(&field.name, field.span, diags);
        }
    }
}
