//! Every value of a variable, and every value of a chart, knows where it was written.

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
            // What `source` says by default is written nowhere: all of it is at the whole of `source`.
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

/// The place of each scalar is that of its text.
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
        // What is unset by name holds no text.
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

/// Whether what is written means a text: it is it, says it by YAML's rules, makes it of variables, or is
/// the beginning of a file whose path says it.
fn holds(written: &str, text: &str, path: &str) -> bool {
    let without_blanks = |text: &str| text.split_whitespace().collect::<String>();
    if written.is_empty() {
        return text.is_empty() || path.contains(text);
    }
    if path.rsplit('.').next() == Some("env") {
        // What a shell's quotes mean is tested elsewhere; what an earlier variable says is not here.
        let bare = |text: &str| text.replace(['\'', '"', '\\', '\n'], "");
        return written.contains('$') || bare(written) == bare(text);
    }
    let file = Sources::default().add("written", written.to_owned());
    let read = yaml::parse(file, written, &NoMask, &mut Diagnostics::default());
    let says = read.is_some_and(|read| read.first().and_then(Node::text) == Some(text));
    says || written.contains("${") || without_blanks(written) == without_blanks(text)
}
