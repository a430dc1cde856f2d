//! The matrix, and the changes of two revisions, as one HTML file without any request.
//!
//! The script and the style are files in `html/`. The policy of the page allows exactly these two, by their hashes. All
//! data is text: Rust escapes what it writes, and the script sets only the text of elements.

mod changes;
mod contents;
mod data;
mod graph;
mod interned;
mod policy;
mod sections;
mod text;

use maud::{DOCTYPE, Markup, PreEscaped, html};

pub use contents::{Change, Contents};
use text::shown;

/// The style, in order.
const STYLE: &str = concat!(
    include_str!("html/page.css"),
    include_str!("html/matrix.css"),
    include_str!("html/explanation.css"),
);
/// The script, in order: the files share one scope.
const SCRIPT: &str = concat!(
    include_str!("html/data.js"),
    include_str!("html/view.js"),
    include_str!("html/grid.js"),
    include_str!("html/keys.js"),
    include_str!("html/explanation.js"),
    include_str!("html/main.js"),
);

/// Returns the page.
pub fn page(contents: &Contents<'_>) -> String {
    let title = match &contents.matrix.name {
        Some(name) => format!("Fleet {}", shown(name)),
        None => "Fleet".to_owned(),
    };
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy::policy(STYLE, SCRIPT));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (sections::body(contents, &title))
                script type="application/json" id="data" { (data(contents)) }
                script type="module" { (PreEscaped(SCRIPT)) }
            }
        }
    };
    markup.into_string() + "\n"
}

/// Returns the data as JSON in which nothing ends the element.
fn data(contents: &Contents<'_>) -> Markup {
    PreEscaped(policy::inert(&data::json(contents)))
}
