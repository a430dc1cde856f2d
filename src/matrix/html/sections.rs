//! The parts of a page that need no script.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::contents::Contents;
use super::text::{number, prose, shown};
use super::{changes, graph};
use crate::diagnostic::{Diagnostic, Label};
use crate::matrix::table::{Mark, Matrix};
use crate::source::Sources;

/// Maximum number of warnings.
const MAX_WARNINGS: usize = 1000;

/// Returns the body of a page.
pub(super) fn body(contents: &Contents<'_>, title: &str) -> Markup {
    let matrix = contents.matrix;
    let cells = cells(matrix);
    let warnings: Vec<&Diagnostic> = contents
        .diagnostics
        .iter()
        .filter(|one| !one.is_error())
        .collect();
    html! {
        a class="skip" href="#matrix" { "Skip to the matrix" }
        header class="top" {
            h1 { (title) }
            @if let Some(change) = &contents.change {
                p class="sides" { code { (shown(change.names[0])) } " → " code { (shown(change.names[1])) } }
            }
            (facts(matrix, cells.len(), warnings.len()))
            nav aria-label="Sections" {
                @if contents.change.is_some() { a href="#changes" { "Changes" } }
                a href="#matrix" { "Matrix" }
                a href="#addons" { "Add-ons" }
                a href="#dependencies" { "Dependencies" }
                @if !cells.is_empty() { a href="#cells" { "Cells" } }
                a href="#warnings" { "Warnings" }
            }
        }
        main {
            @if let Some(change) = &contents.change { (changes::section(change, matrix)) }
            (matrix_section(matrix))
            (addons(matrix))
            (dependencies(matrix))
            @if !cells.is_empty() { (cells_section(&cells)) }
            (warnings_section(&warnings, contents.sources))
        }
        dialog id="explanation" aria-labelledby="explanation-title" {
            div class="sheet" {
                header {
                    h2 id="explanation-title" tabindex="-1" autofocus {}
                    button type="button" id="close" aria-label="Close" { "×" }
                }
                div id="explanation-body" {}
            }
        }
        footer { "Created by kubectl-fleet " (env!("CARGO_PKG_VERSION")) ". Secrets are not shown." }
    }
}

fn facts(matrix: &Matrix, cells: usize, warnings: usize) -> Markup {
    let clusters = matrix.remaining().count();
    let addons = matrix
        .addons
        .iter()
        .filter(|one| one.mark != Mark::Removed)
        .count();
    let facts = [
        ("Clusters", clusters),
        ("Add-ons", addons),
        ("Objects", matrix.objects),
        ("Cells", cells),
        ("Warnings", warnings),
    ];
    html! {
        dl class="facts" {
            @for (name, count) in facts.into_iter().filter(|(name, count)| *count > 0 || *name != "Cells") {
                div { dt { (name) } dd { (number(count)) } }
            }
        }
    }
}

fn matrix_section(matrix: &Matrix) -> Markup {
    html! {
        section id="matrix" aria-labelledby="matrix-title" {
            h2 id="matrix-title" { "Matrix" }
            @if matrix.clusters.is_empty() {
                p class="empty" { "The fleet has no clusters." }
            } @else {
                noscript { p class="empty" { "The matrix requires JavaScript. The tables below contain its summary." } }
                p class="empty printed" { "The matrix is interactive and not printed. The tables below contain its summary." }
                div id="tools" hidden {
                    label class="search" {
                        span { "Filter" }
                        input type="search" id="filter" autocomplete="off" spellcheck="false"
                            placeholder="name, label=value, add-on@version" aria-describedby="filter-help";
                    }
                    label { span { "Group by" } select id="group" {} }
                    label { span { "Sort by" } select id="sort" {} }
                    label class="check" id="changed-tool" hidden { input type="checkbox" id="changed"; span { "Only changes" } }
                    details id="columns" { summary { "Columns" } fieldset id="columns-list" { legend { "Shown columns" } } }
                }
                p id="filter-help" class="help" hidden { "All words must match. A word with - in front must not match." }
                p id="count" role="status" aria-live="polite" {}
                div id="viewport" hidden {
                    table id="grid" role="grid" aria-labelledby="matrix-title" aria-describedby="grid-help" {}
                }
                p id="grid-help" class="help" hidden { "Arrow keys move in the matrix. Enter explains a cell, or sorts by a column." }
                p id="none" class="empty" hidden { "No cluster matches the filter." }
            }
        }
    }
}

fn addons(matrix: &Matrix) -> Markup {
    html! {
        section id="addons" aria-labelledby="addons-title" {
            h2 id="addons-title" { "Add-ons" }
            @if matrix.addons.is_empty() {
                p class="empty" { "The fleet has no add-ons." }
            } @else {
                div class="scroll" tabindex="0" role="region" aria-labelledby="addons-title" {
                    table class="plain" {
                        thead { tr {
                            th scope="col" { "Add-on" } th scope="col" { "Versions" }
                            th scope="col" class="number" { "Clusters" } th scope="col" { "Delivery" }
                            th scope="col" { "Depends on" } th scope="col" { "Software" }
                        } }
                        tbody {
                            @for (at, addon) in matrix.addons.iter().enumerate() {
                                tr {
                                    th scope="row" {
                                        (shown(&addon.name))
                                        @if addon.mark != Mark::Same { " " span class="tag" { (addon.mark.name()) } }
                                    }
                                    td { (versions(&matrix.versions(at))) }
                                    td class="number" { (number(matrix.count(at))) }
                                    td { (shown(&addon.deliver)) }
                                    td { @for name in &addon.depends_on { span class="chip" { (shown(name)) } " " } }
                                    td class="wide" { code { (addon.software) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Maximum number of versions of an add-on.
const MAX_VERSIONS: usize = 20;

fn versions(versions: &[(&str, usize)]) -> Markup {
    html! {
        @for (version, count) in versions.iter().take(MAX_VERSIONS) {
            span class="chip" { (shown(version)) span class="times" { " × " (number(*count)) } } " "
        }
        @if versions.len() > MAX_VERSIONS { "and " (versions.len() - MAX_VERSIONS) " more" }
    }
}

fn dependencies(matrix: &Matrix) -> Markup {
    let graph = graph::graph(matrix);
    let needing = matrix
        .addons
        .iter()
        .filter(|addon| !addon.depends_on.is_empty());
    html! {
        section id="dependencies" aria-labelledby="dependencies-title" {
            h2 id="dependencies-title" { "Dependencies" }
            @if let Some(graph) = graph {
                div class="scroll" tabindex="0" role="region" aria-labelledby="dependencies-title" { (graph) }
                details {
                    summary { "As a list" }
                    ul {
                        @for addon in needing {
                            li {
                                strong { (shown(&addon.name)) } " is deployed after "
                                (shown(&crate::diagnostic::join_and(addon.depends_on.iter().map(|name| &**name))))
                            }
                        }
                    }
                }
            } @else {
                p class="empty" { "No add-on depends on another one." }
            }
        }
    }
}

/// Returns the cells with the number of their clusters.
fn cells(matrix: &Matrix) -> BTreeMap<&str, usize> {
    let mut cells = BTreeMap::new();
    for row in matrix.remaining() {
        if let Some(cell) = &row.cell {
            *cells.entry(&**cell).or_insert(0) += 1;
        }
    }
    cells
}

fn cells_section(cells: &BTreeMap<&str, usize>) -> Markup {
    html! {
        section id="cells" aria-labelledby="cells-title" {
            h2 id="cells-title" { "Cells" }
            ul class="chips" {
                @for (cell, count) in cells {
                    li class="chip" { (shown(cell)) span class="times" { " × " (number(*count)) } }
                }
            }
        }
    }
}

fn warnings_section(warnings: &[&Diagnostic], sources: &Sources) -> Markup {
    html! {
        section id="warnings" aria-labelledby="warnings-title" {
            h2 id="warnings-title" { "Warnings" }
            @if warnings.is_empty() {
                p class="empty" { "No warnings." }
            }
            ul class="cards" {
                @for warning in warnings.iter().take(MAX_WARNINGS) {
                    li class="card" {
                        p { strong { (prose(&warning.message)) } " " code class="tag" { (warning.code.name()) } }
                        @for label in warning.primary.iter().chain(&warning.related) { (location(label, sources)) }
                        @if let Some(help) = &warning.help { p class="quiet" { (prose(help)) } }
                    }
                }
            }
            @if warnings.len() > MAX_WARNINGS {
                p { "and " (number(warnings.len() - MAX_WARNINGS)) " more: run " code { "kubectl fleet validate" } }
            }
        }
    }
}

fn location(label: &Label, sources: &Sources) -> Markup {
    let at = crate::matrix::build::location(label.span, sources);
    html! {
        p { code { (at) } @if !label.text.is_empty() { " " (shown(&label.text)) } }
    }
}
