//! Measurement of a command, and the summary of its runs.

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4 as _;

use crate::Fallible;

/// The measurements of a run.
pub(crate) struct Measured {
    wall: Duration,
    bytes: usize,
    /// Peak memory in bytes, which includes that of this program. For a command that starts other
    /// processes, the memory of the largest process.
    peak: u64,
}

/// Runs a command, reads its output through a pipe, and returns the measurements.
pub(crate) fn measure(command: &mut Command) -> Fallible<Measured> {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let mut out = child.stdout.take().ok_or("no pipe")?;
    let mut buffer = vec![0; 64 << 10];
    let mut bytes = 0;
    loop {
        match out.read(&mut buffer)? {
            0 => break,
            read => bytes += read,
        }
    }
    let used = child.wait4()?;
    if !used.status.success() {
        return Err(format!("{command:?} failed").into());
    }
    Ok(Measured {
        wall: start.elapsed(),
        bytes,
        peak: used.rusage.maxrss,
    })
}

/// The summary of a command's runs.
pub(crate) struct Summary {
    pub(crate) runs: usize,
    pub(crate) bytes: usize,
    /// The median, in seconds.
    pub(crate) wall: f64,
    /// The fastest run, in seconds: the run with the least interference from other processes.
    pub(crate) fastest: f64,
    /// The maximum, in bytes.
    pub(crate) peak: u64,
}

impl Summary {
    /// Summarizes one or more runs with equal numbers of bytes.
    pub(crate) fn new(mut runs: Vec<Measured>) -> Fallible<Self> {
        runs.sort_by_key(|run| run.wall);
        let median = runs.get(runs.len() / 2).ok_or("a command has no runs")?;
        if runs.iter().any(|run| run.bytes != median.bytes) {
            return Err("the runs of a command have outputs of different sizes".into());
        }
        Ok(Self {
            runs: runs.len(),
            bytes: median.bytes,
            wall: median.wall.as_secs_f64(),
            fastest: runs[0].wall.as_secs_f64(),
            peak: runs.iter().map(|run| run.peak).max().unwrap_or_default(),
        })
    }
}
