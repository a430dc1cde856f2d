//! The macro `form!`, which declares the keys of a mapping with the fields of a struct.
//!
//! Each field names its key and how the value of the key is read; its doc comment describes the key. The
//! macro generates the function that reads the mapping and reports unknown and missing keys, and the table
//! of [`Key`]s.

use super::key::{Key, Type};
use super::read::{mapping, report_bare_path};
use super::typed::{Read, Typed};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{Span, Spanned};
use crate::tree::{Entry, Node};

/// A struct that represents a mapping with known keys.
pub(super) trait Form: Sized {
    /// Name of the mapping in messages.
    const SUBJECT: &'static str;
    /// Key that the help suggests if a string is in the place of the mapping.
    const BARE: Option<&'static str> = None;

    /// Returns the keys.
    fn keys() -> Vec<Key>;

    /// Reads the values of the keys.
    fn read_keys(mapping: &Mapping<'_>, diags: &mut Diagnostics) -> Option<Self>;
}

impl<F: Form> Typed for F {
    const TYPE: Type = Type::Form(F::keys);

    fn read(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Self> {
        if let Some(key) = F::BARE
            && report_bare_path(node, subject, key, diags)
        {
            return None;
        }
        let mapping = Mapping::read(node, F::SUBJECT, &F::keys(), diags)?;
        F::read_keys(&mapping, diags)
    }
}

/// Declares a [`Form`]: the name of the mapping in messages, and the struct.
///
/// - `required("key")`, `optional("key")`, or `default("key")` for the default of the field's type. An
///   invalid value of a key that is not required counts as absent after it is reported.
/// - `strict("key")`, or `or("key", |mapping| …)` for another default: if the value is invalid, reading the
///   struct fails.
/// - `present("key")`, `nullable("key")`, `keyed("key")`: see [`Mapping`].
/// - A function after the key replaces the function of the field's type, and a type after a colon is then the
///   type of the value.
/// - `part(keys, read)` and `optional_part(keys, read)` read several keys of the same mapping, and `span()`
///   is the location of the mapping.
macro_rules! form {
    (
        $subject:literal $(, bare $bare:literal)? $(, check $check:path)?;
        $(#[$meta:meta])*
        $vis:vis struct $name:ident $(<$part:ident>)? {
            $(
                $(#[doc = $doc:literal])*
                $field_vis:vis $field:ident: $type:ty = $how:ident($($key:tt)*),
            )*
        }
    ) => {
        $(#[$meta])*
        $vis struct $name $(<$part>)? {
            $($(#[doc = $doc])* $field_vis $field: $type,)*
        }

        impl $(<$part: $crate::input::form::Form>)? $crate::input::form::Form for $name $(<$part>)? {
            const SUBJECT: &'static str = $subject;
            $(const BARE: Option<&'static str> = Some($bare);)?

            fn keys() -> Vec<$crate::input::key::Key> {
                [$(form!(@key $how($($key)*), $type, concat!($($doc),*)),)*].concat()
            }

            fn read_keys(
                mapping: &$crate::input::form::Mapping<'_>,
                diags: &mut $crate::diagnostic::Diagnostics,
            ) -> Option<Self> {
                $(let $field = form!(@read mapping, diags, $how($($key)*));)*
                let form = Self { $($field: form!(@value $how, $field),)* };
                $($check(&form, mapping, diags);)?
                Some(form)
            }
        }
    };

    (@key part($keys:expr, $read:expr), $type:ty, $doc:expr) => { $keys() };
    (@key optional_part($keys:expr, $read:expr), $type:ty, $doc:expr) => { $keys() };
    (@key span(), $type:ty, $doc:expr) => { Vec::new() };
    (@key $how:ident($key:tt: $value:expr, $read:expr), $type:ty, $doc:expr) => {
        vec![$crate::input::key::Key {
            name: $key,
            value: $value,
            is_required: stringify!($how) == "required",
            doc: $doc.trim_ascii(),
        }]
    };
    (@key $how:ident($key:tt $(, $read:expr)?), $type:ty, $doc:expr) => {
        form!(@key $how($key: <$type as $crate::input::typed::Typed>::TYPE, ()), $type, $doc)
    };

    (@read $mapping:ident, $diags:ident, part($keys:expr, $read:expr)) => {
        $read($mapping, &mut *$diags)
    };
    (@read $mapping:ident, $diags:ident, optional_part($keys:expr, $read:expr)) => {
        form!(@read $mapping, $diags, part($keys, $read))
    };
    (@read $mapping:ident, $diags:ident, span()) => { $mapping.span() };
    (@read $mapping:ident, $diags:ident, or($key:tt, $default:expr)) => {{
        let default = $default;
        let value = $mapping.strict($key, $crate::input::typed::Typed::read, $diags);
        value.map(|value| value.unwrap_or_else(|| default($mapping)))
    }};
    (@read $mapping:ident, $diags:ident, $how:ident($key:tt)) => {
        $mapping.$how($key, $crate::input::typed::Typed::read, $diags)
    };
    (@read $mapping:ident, $diags:ident, $how:ident($key:tt $(: $value:expr)?, $read:expr)) => {
        $mapping.$how($key, $read, $diags)
    };

    (@value required, $field:ident) => { $field? };
    (@value part, $field:ident) => { $field? };
    (@value strict, $field:ident) => { $field.ok()? };
    (@value or, $field:ident) => { $field.ok()? };
    (@value $how:ident, $field:ident) => { $field };
}
pub(super) use form;

/// A mapping with an expected set of keys.
pub(super) struct Mapping<'a> {
    node: &'a Node,
    entries: &'a [Entry],
    /// Name of the mapping in messages.
    pub(super) subject: &'static str,
    /// The keys that unknown keys are probably misspellings of.
    misspelled: Vec<&'static str>,
}

/// The error of an invalid value, which was reported.
pub(super) struct Invalid;

impl<'a> Mapping<'a> {
    /// Reads a mapping, and reports keys that are not among `keys`.
    pub(super) fn read(
        node: &'a Node,
        subject: &'static str,
        keys: &[Key],
        diags: &mut Diagnostics,
    ) -> Option<Self> {
        let entries = mapping(node, subject, diags)?;
        let mut misspelled = Vec::new();
        for entry in entries.iter().filter(|entry| !entry.key.is_optional) {
            let name = entry.key.text.literal();
            let is_known = name.is_some_and(|name| keys.iter().any(|key| key.name == name));
            if !is_known && !entry.key.is_spread() {
                let key = entry.key.text.source_text();
                let message = format!("unknown key `{key}` in {subject}");
                let names = || keys.iter().map(|key| key.name);
                let help = diags.suggestions.did_you_mean(&key, names);
                diags.push(Diagnostic::new(Code::UnknownKey, entry.key.span, message).help(help));
                misspelled.extend(diags.suggestions.closest(&key, names));
            }
        }
        Some(Self {
            node,
            entries,
            subject,
            misspelled,
        })
    }

    /// Returns the value of a key; `null` counts as absent.
    pub(super) fn get(&self, key: &str) -> Option<&'a Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// Returns the entry of a key; `null` counts as absent.
    pub(super) fn entry(&self, key: &str) -> Option<&'a Entry> {
        let is_key = |entry: &&Entry| entry.key.text.literal() == Some(key);
        let entry = self.entries.iter().find(is_key)?;
        (!entry.value.is_null()).then_some(entry)
    }

    /// Returns the location of the mapping.
    pub(super) fn span(&self) -> Span {
        self.node.span
    }

    /// Returns the location of the first key, where errors of the whole mapping are reported.
    pub(super) fn head(&self) -> Span {
        self.entries
            .first()
            .map_or(self.node.span, |entry| entry.key.span)
    }

    /// Reads the value of a key that must be set.
    pub(super) fn required<T>(
        &self,
        key: &str,
        read: Read<T>,
        diags: &mut Diagnostics,
    ) -> Option<T> {
        self.report_missing(key, diags);
        self.optional(key, read, diags)
    }

    /// Reports a key that must be set if it is missing.
    pub(super) fn report_missing(&self, key: &str, diags: &mut Diagnostics) {
        if self.lacks(key) {
            let message = format!("missing key `{key}` in {}", self.subject);
            let help = format!("set `{key}`");
            diags.push(Diagnostic::new(Code::MissingKey, self.head(), message).help(help));
        }
    }

    /// Returns `true` if a key is missing, and no unknown key, which was reported, is a misspelling of it.
    pub(super) fn lacks(&self, key: &str) -> bool {
        self.get(key).is_none() && !self.misspelled.contains(&key)
    }

    /// Reads the value of a key that can be absent.
    pub(super) fn optional<T>(
        &self,
        key: &str,
        read: Read<T>,
        diags: &mut Diagnostics,
    ) -> Option<T> {
        read(self.get(key)?, &format!("`{key}`"), diags)
    }

    /// Reads the value of a key that can be absent; an invalid value is an error.
    pub(super) fn strict<T>(
        &self,
        key: &str,
        read: Read<T>,
        diags: &mut Diagnostics,
    ) -> Result<Option<T>, Invalid> {
        if self.get(key).is_none() {
            return Ok(None);
        }
        let value = self.optional(key, read, diags);
        value.map(Some).ok_or(Invalid)
    }

    /// Reads the value of a key that can be absent; an invalid value is replaced by the default.
    pub(super) fn present<T: Default>(
        &self,
        key: &str,
        read: Read<T>,
        diags: &mut Diagnostics,
    ) -> Option<T> {
        (!self.lacks(key)).then(|| self.default(key, read, diags))
    }

    /// Reads the value of a key that can be absent; `null` is a value.
    pub(super) fn nullable<T>(
        &self,
        key: &str,
        read: Read<T>,
        diags: &mut Diagnostics,
    ) -> Option<T> {
        read(self.node.get(key)?, &format!("`{key}`"), diags)
    }

    /// Reads the value of a key that can be absent; an absent or invalid value is the default of the type.
    pub(super) fn default<T: Default>(
        &self,
        key: &str,
        read: Read<T>,
        diags: &mut Diagnostics,
    ) -> T {
        self.optional(key, read, diags).unwrap_or_default()
    }

    /// Reads the value of a key that can be absent, and returns it with the location of the key.
    pub(super) fn keyed<T>(
        &self,
        key: &str,
        read: Read<T>,
        diags: &mut Diagnostics,
    ) -> Option<Spanned<T>> {
        let span = self.entry(key)?.key.span;
        let value = self.optional(key, read, diags)?;
        Some(Spanned { value, span })
    }
}
