//! The matrix as CSV (RFC 4180): one record for each add-on of each cluster.

use super::table::{Mark, Matrix, Row};
use crate::diagnostic::escape_control_chars;

/// Returns the records. A cluster without add-ons has one record with an empty add-on.
///
/// A field that a spreadsheet would read as a formula begins with an apostrophe. With `is_compared`, two columns show
/// the change.
pub fn csv(matrix: &Matrix, is_compared: bool) -> String {
    let mut out = String::new();
    let mut head = vec![
        "cluster",
        "namespace",
        "cell",
        "labels",
        "addon",
        "version",
        "variant",
        "deliver",
        "source",
    ];
    if is_compared {
        head.extend(["change", "version before"]);
    }
    record(&head, &mut out);
    for row in &matrix.clusters {
        let cells = matrix.addons.iter().zip(&row.cells);
        let mut is_empty = true;
        for (addon, cell) in cells {
            let Some(installed) = &cell.installed else {
                continue;
            };
            is_empty = false;
            let source = installed.location.as_deref().unwrap_or(&addon.location);
            let version = if cell.mark == Mark::Removed {
                ""
            } else {
                &*installed.version
            };
            let before = match &cell.mark {
                Mark::Same | Mark::Changed | Mark::Removed => &*installed.version,
                Mark::Version(before) => before,
                Mark::Added => "",
            };
            let own = [
                &*addon.name,
                version,
                &installed.variant,
                &addon.deliver,
                source,
            ];
            line(
                row,
                &own,
                is_compared.then_some([cell.mark.name(), before]),
                &mut out,
            );
        }
        if is_empty {
            line(
                row,
                &[""; 5],
                is_compared.then_some([row.mark.name(), ""]),
                &mut out,
            );
        }
    }
    out
}

fn line(row: &Row, own: &[&str; 5], change: Option<[&str; 2]>, out: &mut String) {
    let labels = row.labels.iter();
    let labels: Vec<String> = labels
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let labels = labels.join(" ");
    let cell = row.cell.as_deref().unwrap_or_default();
    let mut fields = vec![&*row.name, &*row.namespace, cell, &labels];
    fields.extend(own);
    fields.extend(change.iter().flatten());
    record(&fields, out);
}

fn record(fields: &[&str], out: &mut String) {
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        *out += &escape(field);
    }
    *out += "\r\n";
}

/// Returns a field of a record.
fn escape(field: &str) -> String {
    let mut field = escape_control_chars(field);
    if field.starts_with(['=', '+', '-', '@']) {
        field.insert(0, '\'');
    }
    if field.contains([',', '"', ';']) {
        return format!("\"{}\"", field.replace('"', "\"\""));
    }
    field
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn fields_are_quoted_and_inert() {
        for (field, expected) in [
            ("a", "a"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=1+1", "'=1+1"),
            ("@SUM(1,2)", "\"'@SUM(1,2)\""),
            ("-1", "'-1"),
            ("\t=1", "\\u{9}=1"),
            ("a\r\nb\u{202e}", "a\\u{d}\\u{a}b\\u{202e}"),
        ] {
            assert_eq!(escape(field), expected);
        }
    }
}
