//! What the documentation shows is run, and what it says is compared with the code.
//!
//! - A fence `console` holds commands behind `$ ` and what they print, where `...` stands for any
//!   lines and `[..]` for any text. They end with 0 unless `$ echo $?` and another number follow.
//! - A fence `yaml PATH` is a file. Those under one heading make a folder, in which the heading's
//!   commands run; another `fleet.yaml` begins another folder. Commands of other headings run in
//!   the repository, whose files `yaml examples/…` shows.

mod commands;
mod deliveries;
mod keys;
mod messages;
mod page;
mod plugin;
mod templates;
