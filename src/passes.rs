//! The stages of `compile`. Each is a function of its input that pushes errors.

pub mod addons;
mod cells;
pub mod check;
pub mod created;
pub mod deliver;
pub mod fill;
mod findings;
pub mod locked;
mod methods;
mod never_set;
pub mod order;
mod path;
pub mod prepare;
mod profiles;
mod read;
pub mod registered;
pub mod resolve;
pub mod select;
pub mod unused;

pub use addons::resolve_addons;
pub use deliver::deliver;
pub use fill::fill;
pub use locked::check_lock;
pub use order::order;
pub use prepare::prepare;

pub use read::{Members, Written, read};
pub use registered::registered as warn_unregistered;
pub use resolve::resolve;
pub use select::select;
pub use unused::warn_unused;
