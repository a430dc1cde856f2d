//! The stages of `compile`. Each is a function of its input that pushes errors.

pub mod addons;
mod cells;
pub mod check;
pub mod created;
pub mod deliver;
pub mod dependencies;
mod empty_sequences;
pub mod fill;
mod findings;
pub mod inventory;
pub mod lock;
pub mod locked_names;
pub mod locked_objects;
mod methods;
mod never_set;
mod path;
pub mod prepare;
mod profiles;
mod read;
pub mod registration;
pub mod resolve;
pub mod select;
pub mod spokes;
mod unprotected;
pub mod unused;

pub use addons::resolve_addons;
pub use deliver::deliver;
pub use dependencies::resolve_dependencies;
pub use fill::fill;
pub use lock::check_lock;
pub use locked_names::check_locked_names;
pub use locked_objects::check_locked_objects;
pub use prepare::prepare;

pub use read::{Members, Written, read};
pub use registration::warn_unregistered;
pub use resolve::resolve;
pub use select::select;
pub use spokes::warn_movable_spokes;
pub use unused::warn_unused;
