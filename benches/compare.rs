//! Benchmark of whole runs of the program and of alternatives, in turn, each with its output to a pipe.
//!
//! `cargo bench --bench compare -- [USERS[,USERS…]] [RUNS] [ours] [WORKLOAD…]`
//!
//! - `USERS`: number of users in the fleet (10,000), alternately staging and production. With several
//!   numbers, the benchmark also prints how the time of each command grows.
//! - `RUNS`: number of timed runs of each command (11), after a run that warms the caches. helm and
//!   envsubst are timed at most three times.
//! - `ours`: omits helm and envsubst, for large fleets on which their runs take minutes.
//! - the name of a workload in `compare/workload.rs`; defaults to all workloads.
//!
//! The commands are `generate` as JSON and as YAML, `cat` of the output of each of the two, `helm
//! template` of one chart that ranges over the list, and a shell loop that starts `envsubst` for each
//! user. A first run with ten users checks that all commands print the same objects. Go builds helm
//! into the target directory on the first run.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a separate program, not the compiler"
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

/// Number of users in the fleet whose objects are compared.
const COMPARED_USERS: usize = 10;

fn main() -> Fallible<()> {
    let options = Options::parse(std::env::args().skip(1))?;
    let rivals = if options.only_ours {
        None
    } else {
        Some(Rivals::find()?)
    };
    for workload in &options.workloads {
        let fleet = Fleet::new(*workload, COMPARED_USERS)?;
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
