//! All integration tests except the golden ones, in one binary. A module is a subject: `cargo test --test suite
//! docs::` runs one.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "these tests read and write directories, and run the program"
)]

mod argocd;
mod bad_inputs;
mod campaign;
mod canaries;
mod cases;
mod cli;
mod commands;
mod docs;
mod fleet;
#[cfg(all(unix, feature = "git"))]
mod git;
mod imports;
mod init;
mod load;
mod properties;
#[cfg(all(unix, feature = "git"))]
mod recipes;
mod repository;
mod schema;
mod tidy;
mod wording;
