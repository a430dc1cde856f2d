//! Times whole runs of the program beside what people run instead, in turn, each into a pipe.
//!
//! `cargo bench --bench compare -- [USERS[,USERS…]] [RUNS] [WORD…]`
//!
//! - `USERS`: how many users the fleet has (10,000), staging and production by turns. Several
//!   numbers are timed one after the other, and at last how many times as long each command took.
//! - `RUNS`: how often each command is timed (11), after a round that warms the caches. helm and
//!   envsubst take part in at most three of these rounds.
//! - `ours`: without helm and envsubst, for fleets so large that a run of them takes minutes.
//! - a workload of `compare/workload.rs`: only that one; else all of them.
//!
//! The commands: `generate` as JSON and as YAML, `cat` of the bytes that each of the two printed,
//! `helm template` of one chart that ranges over the list, and a shell loop that starts `envsubst`
//! for each user. All print the same objects, which is checked first, with ten users. helm is built
//! by Go, into the target directory, once.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a program of its own"
)]

#[path = "compare/contest.rs"]
mod contest;
#[path = "compare/measure.rs"]
mod measure;
#[path = "compare/options.rs"]
mod options;
#[path = "compare/rivals.rs"]
mod rivals;
#[path = "compare/same.rs"]
mod same;
#[path = "compare/table.rs"]
mod table;
#[path = "compare/workload.rs"]
mod workload;

use std::error::Error;

use options::Options;
use rivals::Rivals;
use workload::Fleet;

type Fallible<T> = Result<T, Box<dyn Error>>;

/// How many users the fleet has of which every object is compared.
const COMPARED: usize = 10;

fn main() -> Fallible<()> {
    let options = Options::parse(std::env::args().skip(1))?;
    let rivals = if options.only_ours {
        None
    } else {
        Some(Rivals::find()?)
    };
    for workload in &options.workloads {
        let fleet = Fleet::new(*workload, COMPARED)?;
        same::check(&mut contest::contenders(&fleet, rivals.as_ref())?)?;
        let mut tables = Vec::new();
        for users in &options.sizes {
            let fleet = Fleet::new(*workload, *users)?;
            println!("{}, {users} users", workload.name);
            let contenders = contest::contenders(&fleet, rivals.as_ref())?;
            let rows = contest::run(contenders, options.runs)?;
            table::print(&rows);
            tables.push((*users, rows));
        }
        for pair in tables.windows(2) {
            table::print_growth(&pair[0], &pair[1]);
        }
    }
    Ok(())
}
