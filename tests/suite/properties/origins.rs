//! Every value of a variable, and every value of a chart, has the location where it was set.

use kubectl_fleet::CompileOptions;
use kubectl_fleet::diagnostic::Diagnostics;
use kubectl_fleet::files::Files;
use kubectl_fleet::model::Variables;
use kubectl_fleet::plan;
use kubectl_fleet::plan::Software;
use kubectl_fleet::source::Sources;
use kubectl_fleet::tree::{Node, Value};
use kubectl_fleet::yaml::print::Format;
use kubectl_fleet::yaml::{self, NoMask};

use crate::repository;

#[test]
fn origin_contains_the_value() {
    let mut looked_at = 0;
    let mut of_charts = 0;
    for case in repository::entries("testdata/ok") {
        let dir = case.join("in");
        let mut files = Files::open(&dir).unwrap();
        let mut diags = Diagnostics::default();
        let (_, plan) = plan(&mut files, &CompileOptions::from(Format::Json), &mut diags).unwrap();
        let of_clusters = plan.clusters.iter().map(|cluster| &cluster.variables);
        let of_groups = plan.groups.iter().map(|group| &group.variables);
        for Variables { own, shared } in of_clusters.chain(of_groups).chain([&plan.constants]) {
            // Defaults of `source` have no location of their own: they are at the location of `source`.
            let values = own.iter().chain(&shared.values);
            for (name, value) in values.filter(|(name, _)| &**name != "SOURCE") {
                check(value, &files.sources, &mut looked_at, &|| {
                    format!("`{name}` in {}", dir.display())
                });
            }
        }
        for variant in plan.addons.iter().flat_map(|addon| &addon.variants) {
            if let Software::Helm(chart) = &variant.software
                && let Some(values) = &chart.values
            {
                check(values, &files.sources, &mut of_charts, &|| {
                    format!("a chart in {}", dir.display())
                });
            }
        }
    }
    assert!(looked_at > 300, "{looked_at} values were looked at");
    assert!(
        of_charts > 100,
        "{of_charts} values of charts were looked at"
    );
}

/// The location of each scalar contains its text.
fn check(node: &Node, sources: &Sources, looked_at: &mut usize, who: &dyn Fn() -> String) {
    match &node.value {
        Value::Sequence(items) => {
            for item in items.iter() {
                check(item, sources, looked_at, who);
            }
        }
        Value::Mapping(entries) => {
            for entry in entries.iter() {
                check(&entry.value, sources, looked_at, who);
            }
        }
        // A variable that is unset by name has no value.
        Value::Scalar(_) if node.is_null() => {}
        Value::Scalar(scalar) => {
            *looked_at += 1;
            let text = scalar.text.source_text();
            let span = node.span;
            let source = sources.text(span.file);
            let written = &source[span.start as usize..span.end as usize];
            assert!(
                holds(written, &text, sources.path(span.file)),
                "{}: `{text}` at `{written}`",
                who()
            );
        }
    }
}

/// Returns `true` if the source at a location has the value: literally, by YAML's rules, with variables, or as
/// the beginning of a file whose path is the value.
fn holds(written: &str, text: &str, path: &str) -> bool {
    let without_blanks = |text: &str| text.split_whitespace().collect::<String>();
    if written.is_empty() {
        return text.is_empty() || path.contains(text);
    }
    if path.rsplit('.').next() == Some("env") {
        // Other tests check the quotes of shells; this test does not evaluate earlier variables.
        let bare = |text: &str| text.replace(['\'', '"', '\\', '\n'], "");
        return written.contains('$') || bare(written) == bare(text);
    }
    let file = Sources::default().add("written", written.to_owned());
    let read = yaml::parse(file, written, &NoMask, &mut Diagnostics::default());
    let says = read.is_some_and(|read| read.first().and_then(Node::text) == Some(text));
    says || written.contains("${") || without_blanks(written) == without_blanks(text)
}
