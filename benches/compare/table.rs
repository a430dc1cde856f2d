//! Tables of the measurements.

use crate::contest::Row;

/// Prints the measurements of each command, and its ratios to `cat` and helm.
pub(crate) fn print(rows: &[Row]) {
    println!(
        "{:18}{:>6}{:>13}{:>12}{:>12}{:>9}{:>11}{:>10}",
        "", "runs", "bytes", "fastest ms", "median ms", "÷ cat", "helm ÷ it", "peak MiB"
    );
    for Row { name, cat, took } in rows {
        let to_cat = wall(rows, cat).map_or(f64::NAN, |cat| took.wall / cat);
        let helm = wall(rows, "helm template").map(|helm| format!("{:.2}", helm / took.wall));
        println!(
            "{name:18}{:>6}{:>13}{:>12.2}{:>12.2}{to_cat:>9.2}{:>11}{:>10.1}",
            took.runs,
            took.bytes,
            took.fastest * 1e3,
            took.wall * 1e3,
            helm.as_deref().unwrap_or("-"),
            mebibytes(took.peak)
        );
    }
    println!();
}

/// Prints the ratio of each command's times with two numbers of users.
pub(crate) fn print_growth((users, rows): &(usize, Vec<Row>), (others, other): &(usize, Vec<Row>)) {
    println!("{others} users ÷ {users} users");
    for (before, after) in rows.iter().zip(other) {
        let ratio = after.took.wall / before.took.wall;
        println!("{:18}{ratio:>6.2}", after.name);
    }
    println!();
}

fn wall(rows: &[Row], name: &str) -> Option<f64> {
    rows.iter()
        .find(|row| row.name == name)
        .map(|row| row.took.wall)
}

#[expect(clippy::cast_precision_loss, reason = "a figure in a table")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
