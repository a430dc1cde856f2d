//! The commands that are compared, run in turn.

use std::fs::File;
use std::process::Command;

use crate::Fallible;
use crate::measure::{Summary, measure};
use crate::rivals::Rivals;
use crate::workload::Fleet;

/// The most timed runs of a command that takes seconds.
const SLOW_RUNS: usize = 3;

/// A command that prints the objects of a fleet.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    /// The name of the `cat` of bytes in the same form.
    cat: &'static str,
    is_slow: bool,
    pub(crate) command: Command,
}

/// What a command took.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// The name of the `cat` of bytes in the same form.
    pub(crate) cat: &'static str,
    pub(crate) took: Summary,
}

/// All commands for a fleet.
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
        // Into a file and not into memory: a child's peak is at least its parent's size.
        let printed = File::create(fleet.path().join(&file))?;
        if !generate(fleet, format).stdout(printed).status()?.success() {
            return Err("the fleet is refused".into());
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

/// Runs every command in each round, but slow ones only in some rounds, spread over all.
pub(crate) fn run(mut contenders: Vec<Contender>, rounds: usize) -> Fallible<Vec<Row>> {
    let step = rounds.div_ceil(SLOW_RUNS);
    let mut runs: Vec<_> = contenders.iter().map(|_| Vec::new()).collect();
    for round in 0..=rounds {
        for (contender, runs) in contenders.iter_mut().zip(&mut runs) {
            let is_warming = round == 0;
            if contender.is_slow && !is_warming && (round - 1) % step != 0 {
                continue;
            }
            let measured = measure(&mut contender.command)?;
            if !is_warming {
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
