//! Fast substitution of strings with plain variables.

use super::scope::Scope;
use crate::template::engine::Seams;
use crate::template::function::MAX_LENGTH;
use crate::tree::expression::Operation;
use crate::tree::{Part, Text};

/// Appends a string in which [`Scope::text`] has the value of every variable, and returns whether it did.
///
/// Otherwise appends nothing: [`text`](super::text) handles all expressions and reports errors. So it does for values
/// that complete a marker of another engine, or that could change an expression around them.
pub fn append(text: &Text, scope: &dyn Scope, out: &mut String) -> bool {
    let parts = match text {
        Text::Literal(text) => {
            out.push_str(text);
            return true;
        }
        Text::Parts(parts) => parts,
    };
    let start = out.len();
    let mut seams = Seams::default();
    let is_appended = parts.iter().enumerate().all(|(number, part)| {
        let text = match part {
            Part::Literal(text) => Some(&**text),
            Part::Dollar => Some("$"),
            Part::Expression(slot) if slot.expression.operation == Operation::None => {
                scope.text(&slot.expression.path)
            }
            Part::Expression(_) | Part::Yaml(_) | Part::Rotated(_) => None,
        };
        let text = text.filter(|text| {
            let danger = seams.join(&out[start..], number, text);
            danger.is_none_or(|danger| !has_expression(&parts[danger.first..=number]))
        });
        out.push_str(text.unwrap_or_default());
        text.is_some() && out.len() - start <= MAX_LENGTH
    });
    if !is_appended {
        out.truncate(start);
    }
    is_appended
}

fn has_expression(parts: &[Part]) -> bool {
    parts.iter().any(|part| matches!(part, Part::Expression(_)))
}
