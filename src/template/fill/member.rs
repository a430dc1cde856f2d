//! The parts of strings that come from members.

use super::scope::Scope;
use crate::source::Span;
use crate::tree::Text;
use crate::tree::expression::{Expression, Operation, Segment, references};

/// Returns the location of the first value of a member that is a part of a string.
pub fn member_part(text: &Text, scope: &dyn Scope) -> Option<Span> {
    text.slots().find_map(|slot| {
        let all = references_of(&slot.expression);
        all.iter().find_map(|path| scope.member_value(path))
    })
}

/// Returns the first variable of an expression whose value comes from a member.
pub(super) fn member_variable(expression: &Expression, scope: &dyn Scope) -> Option<String> {
    let all = references_of(expression);
    let found = all.iter().find(|path| scope.member_value(path).is_some());
    found.map(|path| path.join("."))
}

/// Returns the paths of all variables of an expression.
fn references_of(expression: &Expression) -> Vec<Vec<String>> {
    if expression.operation == Operation::None {
        return vec![expression.path.clone()];
    }
    let segment = Segment::Expression(Box::new(expression.clone()));
    let all = references(std::slice::from_ref(&segment)).into_iter();
    all.map(|reference| reference.path.to_vec()).collect()
}
