//! Times whole runs of the program beside `cat` of the same bytes, in turn, into a pipe.
//!
//! `cargo bench --bench compare -- [USERS] [RUNS]` makes a fleet of that many users (10,000) with
//! eight documents each, and prints for every command the median wall time of its runs (11), the
//! ratio to `cat`, and the peak resident memory.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a program of its own"
)]

use std::error::Error;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4 as _;

const FLEET: &str = include_str!("compare/templates/fleet.yaml");
const TEMPLATE: &str = include_str!("compare/templates/template.yaml");

fn main() -> Result<(), Box<dyn Error>> {
    let numbers: Vec<usize> = std::env::args()
        .filter_map(|arg| arg.parse().ok())
        .collect();
    let users = numbers.first().copied().unwrap_or(10_000);
    let runs = numbers.get(1).copied().unwrap_or(11);
    let folder = tempfile::tempdir()?;
    make_fleet(folder.path(), users)?;
    let mut commands = Vec::new();
    for format in ["json", "yaml"] {
        let mut generate = Command::new(env!("CARGO_BIN_EXE_kubectl-fleet"));
        generate
            .args(["generate", "-o", format])
            .current_dir(folder.path());
        // Into a file and not into memory: a child's peak is at least its parent's size.
        let file = format!("printed.{format}");
        let printed = File::create(folder.path().join(&file))?;
        if !generate.stdout(printed).status()?.success() {
            return Err("the fleet is refused".into());
        }
        let mut cat = Command::new("cat");
        cat.arg(&file).current_dir(folder.path());
        commands.push((format!("generate -o {format}"), generate));
        commands.push((format!("cat {file}"), cat));
    }
    let mut figures = vec![Vec::new(); commands.len()];
    for run in 0..=runs {
        for (figure, (_, command)) in figures.iter_mut().zip(&mut commands) {
            let measured = measure(command)?;
            // The first round warms the caches.
            if run > 0 {
                figure.push(measured);
            }
        }
    }
    println!("{users} users, medians of {runs} runs in turn");
    let walls: Vec<f64> = figures.iter_mut().map(|figure| median(figure)).collect();
    for (index, ((name, _), figure)) in commands.iter().zip(&figures).enumerate() {
        let (wall, bytes) = (walls[index], figure[0].bytes);
        let ratio = wall / walls[index | 1];
        let peak = figure
            .iter()
            .map(|measured| measured.peak)
            .max()
            .unwrap_or(0);
        println!(
            "{name:20} {bytes:>11} bytes  {:>8.2} ms  {ratio:>5.2} × cat  {:>6.1} MiB",
            wall * 1e3,
            kib(peak) / 1024.0
        );
    }
    Ok(())
}

fn make_fleet(folder: &Path, users: usize) -> Result<(), Box<dyn Error>> {
    let mut list = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: users}\ndata:\n".to_owned();
    for user in 0..users {
        let kind = if user % 2 == 0 {
            "staging"
        } else {
            "production"
        };
        writeln!(list, "  user{user:06}: {kind}")?;
    }
    fs::write(folder.join("fleet.yaml"), FLEET)?;
    fs::write(folder.join("template.yaml"), TEMPLATE)?;
    fs::write(folder.join("users.yaml"), list)?;
    Ok(())
}

#[derive(Clone, Copy)]
struct Measured {
    wall: Duration,
    bytes: usize,
    /// Bytes.
    peak: u64,
}

/// Runs a command to its end, its output read through a pipe.
fn measure(command: &mut Command) -> Result<Measured, Box<dyn Error>> {
    let start = Instant::now();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
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
        return Err("a command failed".into());
    }
    Ok(Measured {
        wall: start.elapsed(),
        bytes,
        peak: used.rusage.maxrss,
    })
}

fn median(figure: &mut [Measured]) -> f64 {
    figure.sort_by_key(|measured| measured.wall);
    figure[figure.len() / 2].wall.as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn kib(bytes: u64) -> f64 {
    bytes as f64 / 1024.0
}
