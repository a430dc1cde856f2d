//! Reads `safety`: guards and limits.

use super::form::form;
use super::key::Type;
use super::read;
use super::typed::{Typed as _, keywords};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Deletion;
use crate::source::Spanned;
use crate::tree::Node;

/// Maximum size of the output in bytes if `safety.budgets` does not set it. Argo CD accepts 100 MiB from a
/// plugin.
const MAX_OUTPUT_BYTES: usize = 90 << 20;
/// Maximum size of the output of all cells in bytes: they are rendered together before they are divided.
const MAX_CELLS_BYTES: usize = 1 << 30;

form! {
    "`safety`";
    /// Guards and limits of a fleet.
    #[derive(Debug, Default)]
    pub struct Safety {
        /// Prevention of deletions; default: `confirm`.
        pub deletion: Deletion = default("deletion"),
        /// Minimum number of clusters.
        pub min_clusters: Option<Spanned<usize>> = optional("minClusters"),
        /// Whether lists and the output can be empty; default: `false`.
        pub allow_empty: bool = default("allowEmpty"),
        /// Further kinds to guard, as `Kind.group`.
        pub protect: Vec<Spanned<String>> = default("protect", kinds),
        /// Higher limits.
        budgets: Budgets = default("budgets"),
    }
}

form! {
    "`budgets`";
    #[derive(Debug, Default)]
    struct Budgets {
        /// Maximum size of the output, such as `128MiB`; default: 90 MiB, also the minimum.
        output: Option<usize> = optional("output": Type::String, size),
    }
}

keywords!(Deletion {
    "confirm" => Deletion::Confirm,
    "allow" => Deletion::Allow,
    "forbid" => Deletion::Forbid,
});

impl Safety {
    /// Returns the maximum size of the output of one Application in bytes.
    pub fn output_budget(&self) -> usize {
        self.budgets.output.unwrap_or(MAX_OUTPUT_BYTES)
    }

    /// Returns the maximum size of the rendered output in bytes: one Application, or all cells together.
    pub fn filled_budget(&self, has_cells: bool) -> usize {
        let least = if has_cells { MAX_CELLS_BYTES } else { 0 };
        self.output_budget().max(least)
    }
}

fn kinds(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Vec<Spanned<String>>> {
    read::each(
        node,
        subject,
        &format!("an entry of {subject}"),
        kind,
        diags,
    )
}

fn kind(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Spanned<String>> {
    let kind = Spanned::<String>::read(node, subject, diags)?;
    let text = &kind.value;
    if !text.starts_with(|first: char| first.is_ascii_uppercase()) {
        let message = format!("`{text}` is not a valid kind");
        let help = "write the kind and its API group, such as EKSCluster.eks.example.org";
        diags.push(Diagnostic::new(Code::InvalidValue, node.span, message).help(help));
    }
    Some(kind)
}

fn size(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<usize> {
    let text = read::string(node, subject, diags)?;
    let units = [("KiB", 10), ("MiB", 20), ("GiB", 30)];
    let bytes = units.iter().find_map(|(unit, shift)| {
        let number: usize = text.strip_suffix(unit)?.parse().ok()?;
        number.checked_mul(1 << shift)
    });
    match bytes {
        Some(bytes) if (MAX_OUTPUT_BYTES..u32::MAX as usize).contains(&bytes) => Some(bytes),
        Some(_) => {
            let message = "`output` must be at least 90MiB and less than 4GiB";
            let help = "set `output: 128MiB`, or remove it for the default of 90MiB";
            diags.push(Diagnostic::new(Code::InvalidValue, node.span, message).help(help));
            None
        }
        None => {
            let message = format!("`{text}` is not a valid size");
            let help = diags
                .suggestions
                .did_you_mean(&text, || ["128MiB", "512MiB", "1GiB"]);
            diags.push(Diagnostic::new(Code::InvalidValue, node.span, message).help(help));
            None
        }
    }
}
