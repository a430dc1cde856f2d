//! The table of keys.

/// A key of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// The type of its value.
    pub value: Type,
    /// Whether it must be set.
    pub is_required: bool,
    /// Its description.
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
    /// One of these strings.
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
