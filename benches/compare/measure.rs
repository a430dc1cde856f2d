//! One run of one command, and what many runs come to.

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4 as _;

use crate::Fallible;

/// What a run took.
pub(crate) struct Measured {
    wall: Duration,
    bytes: usize,
    /// Bytes in memory, at least those of this program; of a command that starts others, those of
    /// the largest process.
    peak: u64,
}

/// Runs a command to its end, its output read through a pipe.
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

/// What the runs of a command come to.
pub(crate) struct Summary {
    pub(crate) runs: usize,
    pub(crate) bytes: usize,
    /// The median, in seconds.
    pub(crate) wall: f64,
    /// The run that other work on the machine disturbed least, in seconds.
    pub(crate) fastest: f64,
    /// The highest, in bytes.
    pub(crate) peak: u64,
}

impl Summary {
    /// Of at least one run, all of which printed as much.
    pub(crate) fn new(mut runs: Vec<Measured>) -> Fallible<Self> {
        runs.sort_by_key(|run| run.wall);
        let median = runs.get(runs.len() / 2).ok_or("a command never ran")?;
        if runs.iter().any(|run| run.bytes != median.bytes) {
            return Err("a command does not always print as much".into());
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
