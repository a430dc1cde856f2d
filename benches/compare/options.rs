//! Arguments of the benchmark.

use crate::Fallible;
use crate::workload::{WORKLOADS, Workload};

/// The selected workloads and numbers of users and runs.
pub(crate) struct Options {
    /// Numbers of users; not empty.
    pub(crate) sizes: Vec<usize>,
    /// Number of timed runs; at least one.
    pub(crate) runs: usize,
    pub(crate) only_ours: bool,
    pub(crate) workloads: Vec<Workload>,
}

impl Options {
    pub(crate) fn parse(args: impl Iterator<Item = String>) -> Fallible<Self> {
        let mut numbers = Vec::new();
        let mut only_ours = false;
        let mut workloads = Vec::new();
        for arg in args {
            if arg.starts_with(|first: char| first.is_ascii_digit()) {
                let parsed: Result<Vec<usize>, _> = arg.split(',').map(str::parse).collect();
                numbers.push(parsed.map_err(|error| format!("`{arg}`: {error}"))?);
            } else if arg == "ours" {
                only_ours = true;
            } else if let Some(workload) = WORKLOADS.iter().find(|workload| workload.name == arg) {
                workloads.push(*workload);
            } else if arg != "--bench" {
                // cargo adds `--bench`.
                let known = WORKLOADS.map(|workload| workload.name).join("`, `");
                return Err(format!("unknown argument `{arg}`: expected `ours`, `{known}`").into());
            }
        }
        if workloads.is_empty() {
            workloads.extend(WORKLOADS);
        }
        let mut numbers = numbers.into_iter();
        let sizes: Vec<usize> = numbers.next().unwrap_or_else(|| vec![10_000]);
        let runs: Vec<usize> = numbers.next().unwrap_or_else(|| vec![11]);
        let ([runs], None) = (runs.as_slice(), numbers.next()) else {
            return Err("expected one number of runs after the numbers of users".into());
        };
        if *runs == 0 || sizes.contains(&0) {
            return Err("numbers of users and runs must be greater than 0".into());
        }
        Ok(Self {
            sizes,
            runs: *runs,
            only_ours,
            workloads,
        })
    }
}
