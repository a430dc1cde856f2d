//! Descriptions of the keys of a mapping, for the generated reference.

/// A key of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Name of the key.
    pub name: &'static str,
    /// Type of the value.
    pub value: Type,
    /// Whether the key must be set.
    pub is_required: bool,
    /// Description of the key.
    pub doc: &'static str,
}

/// The type of a value.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// Any value.
    Any,
    /// A string without expressions.
    String,
    /// A string that can contain expressions.
    Template,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// Exactly one of these strings.
    Enum(&'static [&'static str]),
    /// A sequence.
    Sequence(&'static Self),
    /// A mapping with any keys.
    Map,
    /// A mapping with these keys.
    Form(fn() -> Vec<Key>),
    /// A value of one of these types.
    OneOf(&'static [Self]),
}
