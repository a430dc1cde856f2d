//! The variables of a template, listed as `clusterctl generate cluster --list-variables` does.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::built_in::BUILT_IN;
use super::parse::parse;
use super::uses::each_use;
use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Sources, Span};
use crate::tree::Node;
use crate::tree::expression::{Operation, Segment, split};

/// A variable of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name, with the path of keys in its value.
    pub name: String,
    /// Its default as written; `None` if the variable has no default.
    pub default: Option<String>,
    /// Whether it is used only below keys with `?`, which are omitted if it is not set.
    pub is_optional: bool,
    /// Location of the first use.
    pub span: Span,
}

impl Variable {
    /// Returns `true` if `kubectl fleet` sets the variable.
    ///
    /// A field of `WITH` is not built in: the entries of a sequence set it.
    pub fn is_built_in(&self) -> bool {
        match self.name.split_once('.') {
            Some((root, _)) => root != "WITH" && BUILT_IN.contains(&root),
            None => BUILT_IN.contains(&&*self.name),
        }
    }

    /// Returns `true` if the input must set the variable.
    pub fn is_required(&self) -> bool {
        self.default.is_none() && !self.is_optional && !self.is_built_in()
    }
}

/// Returns the documents of a template and its variables, sorted by name.
///
/// As with `clusterctl generate cluster --list-variables`, the first use of a variable determines its
/// default, the arguments of a function are a default, and variables in a default are not listed. The names
/// in `$each` and `$case` are listed too.
pub fn variables(
    file: FileId,
    sources: &Sources,
    diags: &mut Diagnostics,
) -> (Vec<Node>, Vec<Variable>) {
    let documents = parse(file, sources, diags).unwrap_or_default();
    let text = sources.text(file);
    let mut found: BTreeMap<String, Variable> = BTreeMap::new();
    let mut add = |name: String, default: String, span| {
        let default = Some(default).filter(|default| !default.is_empty());
        found.entry(name.clone()).or_insert(Variable {
            name,
            default,
            is_optional: false,
            span,
        });
    };
    for segment in split(&text).unwrap_or_default() {
        if let Segment::Expression(expression) = segment {
            let span = Span::new(file, expression.range.clone());
            add(
                expression.path.join("."),
                arguments(&expression.operation, &text),
                span,
            );
        }
    }
    // `$each` and `$case` name variables without `${…}`, which `split` does not find.
    let mut optional = BTreeSet::new();
    let mut others = BTreeSet::new();
    for document in &documents {
        each_use(document, &mut |usage| {
            let name = usage.slot.expression.path.join(".");
            add(name.clone(), String::new(), usage.slot.span);
            let uses = if usage.is_optional {
                &mut optional
            } else {
                &mut others
            };
            uses.insert(name);
        });
    }
    for variable in found.values_mut() {
        let name = &variable.name;
        variable.is_optional = optional.contains(name) && !others.contains(name);
    }
    (documents, found.into_values().collect())
}

/// Returns the concatenated arguments of an operation.
fn arguments(operation: &Operation, text: &Rc<str>) -> String {
    let all: Vec<&[Segment]> = match operation {
        Operation::None => Vec::new(),
        Operation::Default(default) => vec![default],
        Operation::Call { arguments, .. } => arguments.iter().map(Vec::as_slice).collect(),
    };
    let written = |segment: &Segment| match segment {
        Segment::Text(range) => text.get(range.clone()).unwrap_or_default().to_owned(),
        Segment::Dollar(_) => "$".to_owned(),
        Segment::Expression(expression) => format!("${{{}}}", expression.path.join(".")),
    };
    all.into_iter().flatten().map(written).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list_variables(text: &str) -> Vec<(String, Option<String>)> {
        let mut sources = Sources::default();
        let file = sources.add("t.yaml", text.to_owned());
        let mut diags = Diagnostics::default();
        let (_, variables) = variables(file, &sources, &mut diags);
        assert_eq!(diags.errors(), 0, "{text}");
        let pair = |variable: Variable| (variable.name, variable.default);
        variables.into_iter().map(pair).collect()
    }

    #[test]
    fn fields_of_with_are_required() {
        let file = Sources::default().add("t.yaml", String::new());
        let variable = |name: &str| Variable {
            name: name.to_owned(),
            default: None,
            is_optional: false,
            span: Span::new(file, 0..0),
        };
        for (name, is_required) in [
            ("V", true),
            ("WITH.name", true),
            ("WITH", false),
            ("CLUSTER_NAME", false),
            ("LABELS.type", false),
        ] {
            assert_eq!(variable(name).is_required(), is_required, "{name}");
        }
    }

    #[test]
    fn variables_below_optional_keys_are_optional() {
        for (text, expected) in [
            ("a?: ${V}", &[("V", false)][..]),
            ("a?: {b: [${V}], c?: ${W}}", &[("V", false), ("W", false)]),
            ("a?: ${V}\nb: ${V}", &[("V", true)]),
            ("${K}?: ${V}", &[("K", true), ("V", false)]),
            ("a?: {$case: V, x: ${W}}", &[("V", false), ("W", false)]),
            ("a: {$case: V, x: 1}", &[("V", true)]),
            (
                "a?: [{$each: L, b: ${V}, c?: ${W}}]",
                &[("L", false), ("V", true), ("W", false)],
            ),
            ("a: 1 # ${V}", &[("V", true)]),
        ] {
            let mut sources = Sources::default();
            let file = sources.add("t.yaml", text.to_owned());
            let (_, variables) = variables(file, &sources, &mut Diagnostics::default());
            let found: Vec<_> = variables
                .iter()
                .map(|variable| (&*variable.name, variable.is_required()))
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn variables_are_listed_as_clusterctl_does() {
        for (text, expected) in [
            ("a: ${V}", &[("V", None)][..]),
            ("a: ${ V }${V:=d}", &[("V", None)]),
            ("a: ${V:=d}${V}", &[("V", Some("d"))]),
            ("a: ${V:=}${W:=\"\"}", &[("V", None), ("W", Some("\"\""))]),
            ("a: ${A:=x${B}$$}", &[("A", Some("x${B}$$"))]),
            ("a: ${V^^}${W:1:2}", &[("V", None), ("W", Some("12"))]),
            (r"a: ${V/a\/b/c}", &[("V", Some("a/bc"))]),
            ("a: $${V} # ${C}", &[("C", None)]),
            ("a: ${m.k:=1}", &[("m.k", Some("1"))]),
            ("a: [{$each: apps, b: 1}]", &[("apps", None)]),
        ] {
            let expected: Vec<_> = expected
                .iter()
                .map(|(name, default)| ((*name).to_owned(), default.map(ToOwned::to_owned)))
                .collect();
            assert_eq!(list_variables(text), expected, "{text}");
        }
    }
}
