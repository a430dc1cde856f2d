//! Fast substitution of strings with plain variables.

use super::scope::Scope;
use crate::template::function::MAX_LENGTH;
use crate::tree::expression::Operation;
use crate::tree::{Part, Text};

/// Appends a string in which [`Scope::text`] has the value of every variable, and returns whether it did.
///
/// Otherwise appends nothing: [`text`](super::text) handles all expressions and reports errors.
pub fn append(text: &Text, scope: &dyn Scope, out: &mut String) -> bool {
    let parts = match text {
        Text::Literal(text) => {
            out.push_str(text);
            return true;
        }
        Text::Parts(parts) => parts,
    };
    let start = out.len();
    let is_appended = parts.iter().all(|part| {
        let text = match part {
            Part::Literal(text) => Some(&**text),
            Part::Dollar => Some("$"),
            Part::Expression(slot) if slot.expression.operation == Operation::None => {
                scope.text(&slot.expression.path)
            }
            Part::Expression(_) | Part::Yaml(_) | Part::Rotated(_) => None,
        };
        out.push_str(text.unwrap_or_default());
        text.is_some() && out.len() - start <= MAX_LENGTH
    });
    if !is_appended {
        out.truncate(start);
    }
    is_appended
}
