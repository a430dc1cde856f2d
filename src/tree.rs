//! Trees with source locations: the data model of input files, variables, templates and output.
//!
//! One type serves all stages. A string of a template can contain expressions; substitution returns the
//! same tree without them. Scalars keep their source string and style, and are typed only when they are
//! printed or checked, so `1.10` does not become 1.1 before a number is required.

mod ambiguity;
mod data;
mod directive;
mod equality;
pub mod expression;
mod json;
mod node;
mod roots;
mod shape;
mod text;
mod typing;

pub use ambiguity::{Ambiguity, ambiguity};
pub use data::{
    CASE, Embedded, Entry, ExpressionSlot, Key, Node, Part, Role, RotatedName, Scalar, Style, Text,
    Value,
};
pub use roots::{roots, roots_of_text};
pub use shape::Shape;
pub use typing::{Plain, is_plain_safe, type_plain};
