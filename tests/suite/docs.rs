//! The documentation: its commands and fleets are run, and its facts are compared with the code.
//!
//! - A fence `console` contains commands after `$ ` and their output. `...` represents any lines and
//!   `[..]` any characters. A command ends with 0 unless `$ echo $?` and another number follow.
//! - A fence `yaml PATH` is a file. The files under one heading form a directory, in which the commands
//!   under the heading run. Another `fleet.yaml` begins another directory. A tutorial has one directory.
//!   Other commands run in the repository, whose files `yaml examples/…` shows.

mod commands;
mod deliveries;
mod generated;
mod keys;
mod messages;
mod page;
mod plugin;
mod structure;
mod templates;

pub(crate) use page::is_overwriting;
