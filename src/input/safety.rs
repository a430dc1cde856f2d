//! `safety`: what stops a run.

use super::read::{self, Mapping};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::model::Deletion;
use crate::source::Spanned;
use crate::tree::Node;

/// `safety`.
#[derive(Debug)]
pub struct Safety {
    /// `deletion`: how deletions are held back.
    pub deletion: Deletion,
    /// `minClusters`: the fewest clusters.
    pub min_clusters: Option<Spanned<usize>>,
    /// `allowEmpty`: lists may be empty.
    pub allow_empty: bool,
    /// `protect`: kinds guarded like a Cluster, as `Kind.group`.
    pub protect: Vec<Spanned<String>>,
    /// `budgets`: `output`, in bytes.
    pub output_budget: usize,
}

/// The most bytes of output without a word in `safety.budgets`: Argo CD passes on 100 MiB.
const OUTPUT_BYTES: usize = 90 << 20;
/// The most bytes of all cells together: they are filled together, and only then told apart.
const ALL_CELLS: usize = 1 << 30;

impl Safety {
    /// The most bytes of what is filled: one Application's output, or all cells together.
    pub fn filled_budget(&self, has_cells: bool) -> usize {
        let least = if has_cells { ALL_CELLS } else { 0 };
        self.output_budget.max(least)
    }
}

impl Default for Safety {
    fn default() -> Self {
        Self {
            deletion: Deletion::Confirm,
            min_clusters: None,
            allow_empty: false,
            protect: Vec::new(),
            output_budget: OUTPUT_BYTES,
        }
    }
}

/// Reads `safety`.
pub(super) fn safety(node: &Node, diags: &mut Diagnostics) -> Option<Safety> {
    let keys = [
        "deletion",
        "minClusters",
        "allowEmpty",
        "protect",
        "budgets",
    ];
    let safety = Mapping::read(node, "`safety`", &keys, diags)?;
    let default = Safety::default();
    let words = [
        ("confirm", Deletion::Confirm),
        ("allow", Deletion::Allow),
        ("forbid", Deletion::Forbid),
    ];
    let deletion = safety
        .get("deletion")
        .and_then(|node| read::word(node, "`deletion`", &words, diags));
    let min_clusters = safety.get("minClusters").and_then(|node| {
        let value = read::number(node, "`minClusters`", diags)?;
        Some(Spanned {
            value,
            span: node.span,
        })
    });
    let allow_empty = safety
        .get("allowEmpty")
        .and_then(|node| read::boolean(node, "`allowEmpty`", diags));
    let protect = safety
        .get("protect")
        .and_then(|node| read::sequence(node, "`protect`", diags))
        .unwrap_or_default();
    Some(Safety {
        deletion: deletion.unwrap_or(default.deletion),
        min_clusters,
        allow_empty: allow_empty.unwrap_or(default.allow_empty),
        protect: protect
            .iter()
            .filter_map(|node| kind(node, diags))
            .collect(),
        output_budget: safety
            .get("budgets")
            .and_then(|node| budget(node, diags))
            .unwrap_or(default.output_budget),
    })
}

/// `Kind.group`, or `Kind` for the core group.
fn kind(node: &Node, diags: &mut Diagnostics) -> Option<Spanned<String>> {
    let kind = read::non_empty(node, "an entry of `protect`", diags)?;
    if !kind
        .value
        .starts_with(|first: char| first.is_ascii_uppercase())
    {
        let message = format!("`{}` is no kind", kind.value);
        let help = "write the kind and its group: EKSCluster.eks.example.org";
        diags.push(Diagnostic::new(Code::InvalidValue, node.span, message).help(help));
    }
    Some(kind)
}

fn budget(node: &Node, diags: &mut Diagnostics) -> Option<usize> {
    let budgets = Mapping::read(node, "`budgets`", &["output"], diags)?;
    let output = budgets.get("output")?;
    let text = read::string(output, "`output`", diags)?;
    let units = [("KiB", 10), ("MiB", 20), ("GiB", 30)];
    let bytes = units.iter().find_map(|(unit, shift)| {
        let number: usize = text.value.strip_suffix(unit)?.parse().ok()?;
        number.checked_mul(1 << shift)
    });
    match bytes {
        Some(bytes) if (OUTPUT_BYTES..u32::MAX as usize).contains(&bytes) => Some(bytes),
        Some(_) => {
            let message =
                "a budget can only be raised: `output` is at least 90MiB and less than 4GiB";
            diags.push(Diagnostic::new(Code::InvalidValue, output.span, message));
            None
        }
        None => {
            let message = format!("`{}` is no size", text.value);
            let help = did_you_mean(&text.value, ["128MiB", "512MiB", "1GiB"]);
            diags.push(Diagnostic::new(Code::InvalidValue, output.span, message).help(help));
            None
        }
    }
}
