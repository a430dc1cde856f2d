//! Data with places: what is read, what variables hold, what templates are and what is printed.
//!
//! One type serves all stages. A text of a template may hold expressions; filling gives the same
//! tree without them. Scalars keep the author's text and its style, and are typed only when they
//! are printed or checked, so `1.10` is not 1.1 before somebody asks for a number.

mod ambiguity;
mod data;
mod directive;
mod equality;
pub mod expression;
mod node;
mod roots;
mod shape;
mod text;
mod typing;

pub use ambiguity::{Ambiguity, ambiguity};
pub use data::{
    CASE, Embedded, Entry, Key, Node, Part, Role, RotatedName, Scalar, Slot, Style, Text, Value,
};
pub use roots::{roots, roots_of_text};
pub use shape::Shape;
pub use typing::{Plain, is_plain_safe, type_plain};
