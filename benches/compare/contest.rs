//! The compared commands, run in turn.

use std::fs::File;
use std::process::Command;

use crate::Fallible;
use crate::measure::{Summary, measure};
use crate::rivals::Rivals;
use crate::workload::Fleet;

/// Maximum number of timed runs of a command that takes seconds.
const MAX_SLOW_RUNS: usize = 3;

/// A command that prints the objects of a fleet.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    /// The name of the `cat` command with output in the same format.
    cat: &'static str,
    is_slow: bool,
    pub(crate) command: Command,
}

/// The measurements of a command.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// The name of the `cat` command with output in the same format.
    pub(crate) cat: &'static str,
    pub(crate) took: Summary,
}

/// Returns all commands for a fleet.
pub(crate) fn contenders(fleet: &Fleet, rivals: Option<&Rivals>) -> Fallible<Vec<Contender>> {
    let mut all = Vec::new();
    let mut add = |name, cat, is_slow, mut command: Command| {
        command.current_dir(fleet.path());
        all.push(Contender {
            name,
            cat,
            is_slow,
            command,
        });
    };
    for (format, name, cat) in [
        ("json", "generate -o json", "cat (json)"),
        ("yaml", "generate -o yaml", "cat (yaml)"),
    ] {
        let file = format!("printed.{format}");
        // The output is in a file, because the peak memory of a child includes that of its parent.
        let printed = File::create(fleet.path().join(&file))?;
        if !generate(fleet, format).stdout(printed).status()?.success() {
            return Err("the fleet has errors: run `kubectl fleet validate`".into());
        }
        let mut copy = Command::new("cat");
        copy.arg(file);
        add(name, cat, false, generate(fleet, format));
        add(cat, cat, false, copy);
    }
    if let Some(rivals) = rivals {
        if fleet.has("chart") {
            add("helm template", "cat (yaml)", true, rivals.helm(fleet));
        }
        if fleet.has("envsubst.sh") {
            add("envsubst loop", "cat (yaml)", true, Rivals::envsubst());
        }
    }
    Ok(all)
}

fn generate(fleet: &Fleet, format: &str) -> Command {
    let mut generate = Command::new(env!("CARGO_BIN_EXE_kubectl-fleet"));
    generate
        .args(["generate", "-o", format])
        .current_dir(fleet.path());
    generate
}

/// Runs every command in each round, and slow commands only in some rounds at equal intervals.
pub(crate) fn run(mut contenders: Vec<Contender>, rounds: usize) -> Fallible<Vec<Row>> {
    let step = rounds.div_ceil(MAX_SLOW_RUNS);
    let mut runs: Vec<_> = contenders.iter().map(|_| Vec::new()).collect();
    for round in 0..=rounds {
        for (contender, runs) in contenders.iter_mut().zip(&mut runs) {
            let is_warm_up = round == 0;
            if contender.is_slow && !is_warm_up && (round - 1) % step != 0 {
                continue;
            }
            let measured = measure(&mut contender.command)?;
            if !is_warm_up {
                runs.push(measured);
            }
        }
    }
    let rows = contenders.iter().zip(runs).map(|(contender, runs)| {
        Ok(Row {
            name: contender.name,
            cat: contender.cat,
            took: Summary::new(runs)?,
        })
    });
    rows.collect()
}
