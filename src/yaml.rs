//! YAML parsing and printing; the only module that uses the YAML crate.
//!
//! The rules are stricter than those of YAML and the same for every file: no directives, no tags except
//! `!!str`, no duplicate keys, keys that every parser treats as strings, and limits on sizes.

mod build;
mod lines;
mod mask;
mod parse;
pub mod print;
mod rules;
pub mod text;

pub use lines::Lines;
pub use mask::{Mask, NoMask};
pub(crate) use parse::reserved_character;
pub use parse::{flow, parse, parse_part};
