//! The dependencies of add-ons as a diagram: layers from left to right, each add-on right of those that it needs.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::text::shown;
use crate::matrix::table::Matrix;

const WIDTH: usize = 176;
const HEIGHT: usize = 44;
const GAP_X: usize = 72;
const GAP_Y: usize = 18;
const MARGIN: usize = 4;
/// Maximum length of a name in a box, in characters.
const MAX_NAME: usize = 22;

/// A box.
struct Place<'a> {
    name: &'a str,
    note: String,
    x: usize,
    y: usize,
}

/// Returns the diagram of the add-ons that have a dependency; `None` if no add-on has one.
pub(super) fn graph(matrix: &Matrix) -> Option<Markup> {
    let needs: BTreeMap<&str, Vec<&str>> = matrix
        .addons
        .iter()
        .map(|addon| {
            (
                &*addon.name,
                addon.depends_on.iter().map(|name| &**name).collect(),
            )
        })
        .collect();
    let layers = layers(&needs);
    if layers.len() < 2 {
        return None;
    }
    let places = places(matrix, &layers);
    let index: BTreeMap<&str, &Place<'_>> =
        places.iter().map(|place| (place.name, place)).collect();
    let edges = needs
        .iter()
        .flat_map(|(name, needed)| needed.iter().map(|from| (*from, *name)));
    let lines = edges.filter_map(|(from, to)| Some(line(index.get(from)?, index.get(to)?)));
    let rows = layers.iter().map(Vec::len).max().unwrap_or_default();
    let width = layers.len() * (WIDTH + GAP_X) - GAP_X + 2 * MARGIN;
    let height = rows * (HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN;
    Some(html! {
        svg class="graph" viewBox=(format!("0 0 {width} {height}")) width=(width) height=(height)
            role="img" aria-labelledby="graph-title" {
            title id="graph-title" { "Dependencies of add-ons; the list below has the same content" }
            defs {
                marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto" {
                    path d="M0 0L8 4L0 8z" {}
                }
            }
            @for line in lines {
                path class="edge" d=(line) marker-end="url(#arrow)" {}
            }
            @for place in &places {
                g class="node" {
                    rect x=(place.x) y=(place.y) width=(WIDTH) height=(HEIGHT) rx="8" {}
                    text x=(place.x + 12) y=(place.y + 19) { (cut(place.name)) }
                    text class="note" x=(place.x + 12) y=(place.y + 35) { (place.note) }
                }
            }
        }
    })
}

/// Returns the names by layer, without those that need nothing and that nothing needs. A layer is one more than the
/// highest layer of what a name needs.
fn layers<'a>(needs: &BTreeMap<&'a str, Vec<&'a str>>) -> Vec<Vec<&'a str>> {
    let mut layer: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, needed) in needs {
        if !needed.is_empty() {
            layer.insert(name, 0);
            layer.extend(needed.iter().map(|name| (*name, 0)));
        }
    }
    // Dependencies have no cycles, so each round settles a layer.
    for _ in 0..layer.len() {
        let mut is_settled = true;
        for (name, needed) in needs {
            let above = needed.iter().map(|name| layer[name] + 1).max();
            if let Some(above) = above.filter(|above| layer[name] < *above) {
                layer.insert(name, above);
                is_settled = false;
            }
        }
        if is_settled {
            break;
        }
    }
    let count = layer.values().max().map_or(0, |last| last + 1);
    let mut layers = vec![Vec::new(); count];
    for (name, at) in layer {
        layers[at].push(name);
    }
    sort_by_neighbors(&mut layers, needs);
    layers
}

/// Sorts each layer by the mean position of what its names need, so that few lines cross.
fn sort_by_neighbors<'a>(layers: &mut [Vec<&'a str>], needs: &BTreeMap<&'a str, Vec<&'a str>>) {
    let mut position: BTreeMap<&str, usize> = BTreeMap::new();
    for layer in layers {
        let mean = |name: &&str| {
            let needed = needs.get(name).into_iter().flatten();
            let all: Vec<usize> = needed
                .filter_map(|name| position.get(name))
                .copied()
                .collect();
            // Twelve times the mean: integers, so that the order is the same everywhere.
            (all.iter().sum::<usize>() * 12).checked_div(all.len())
        };
        let mut keyed: Vec<_> = layer.iter().map(|name| (mean(name), *name)).collect();
        keyed.sort_unstable();
        *layer = keyed.into_iter().map(|(_, name)| name).collect();
        position.extend(layer.iter().enumerate().map(|(at, name)| (*name, at)));
    }
}

fn places<'a>(matrix: &'a Matrix, layers: &[Vec<&'a str>]) -> Vec<Place<'a>> {
    let count: BTreeMap<&str, usize> = matrix
        .addons
        .iter()
        .enumerate()
        .map(|(at, addon)| (&*addon.name, matrix.count(at)))
        .collect();
    let mut places = Vec::new();
    for (column, layer) in layers.iter().enumerate() {
        for (row, name) in layer.iter().enumerate() {
            places.push(Place {
                name,
                note: match count.get(name) {
                    Some(count) => crate::diagnostic::pluralize(*count, "cluster"),
                    None => "profile".to_owned(),
                },
                x: MARGIN + column * (WIDTH + GAP_X),
                y: MARGIN + row * (HEIGHT + GAP_Y),
            });
        }
    }
    places
}

fn line(from: &Place<'_>, to: &Place<'_>) -> String {
    let [x1, x2] = [from.x + WIDTH, to.x - 1];
    let [y1, y2] = [from.y + HEIGHT / 2, to.y + HEIGHT / 2];
    let [c1, c2] = [x1 + GAP_X / 2, x2 - GAP_X / 2];
    format!("M{x1} {y1}C{c1} {y1} {c2} {y2} {x2} {y2}")
}

fn cut(name: &str) -> String {
    let name = shown(name);
    match name.char_indices().nth(MAX_NAME) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name,
    }
}
