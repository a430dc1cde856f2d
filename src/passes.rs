//! The passes, in the order of `compile`. Each is a function of its input; mistakes are pushed.

pub mod check;
pub mod created;
pub mod deliver;
pub mod fill;
pub mod layer;
pub mod locked;
pub mod order;
mod path;
pub mod prepare;
mod problems;
pub mod registered;
pub mod resolve;
pub mod select;
pub mod unused;

pub(crate) use problems::Problems;
