//! Compares a tree with a schema.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::rc::Rc;

use serde_json::Value as Json;

use super::format;
use super::node::{Child, Schema, Type};
use super::schemas::Schemas;
use super::violation::{Fault, Violation};
use crate::diagnostic::{join_or, pluralize};
use crate::source::Span;
use crate::tree::{Entry, Node, Plain, Shape, Style, Value, type_plain};

/// The receiver of parts of a tree that depend on variables.
pub trait Holes {
    /// Returns the value of a part if it is constant. Otherwise, keeps it to be checked for each subject.
    fn hole(&mut self, node: &Node, schema: &Rc<Schema>, path: &str) -> Option<Node>;
}

/// Compares trees with schemas.
pub struct Walker<'a> {
    schemas: &'a Schemas,
    /// The receiver of parts that depend on variables; `None` if there are none.
    holes: Option<&'a mut dyn Holes>,
    path: String,
    violations: Vec<Violation>,
}

/// Returns what a schema does not allow in a tree without expressions, at a path.
pub fn check(schemas: &Schemas, node: &Node, schema: &Rc<Schema>, path: &str) -> Vec<Violation> {
    let mut walker = Walker::new(schemas, None);
    walker.path.push_str(path);
    walker.value(node, schema);
    walker.violations
}

/// Returns what a schema does not allow in a scalar without expressions, at a path.
pub fn check_scalar(
    schemas: &Schemas,
    (text, style): (&str, Style),
    span: Span,
    schema: &Rc<Schema>,
    path: &str,
) -> Vec<Violation> {
    let mut walker = Walker::new(schemas, None);
    walker.scalar(span, text, style, schema);
    if schema.has_alternatives() {
        walker.alternatives(&Node::scalar(span, style, text.into()), schema);
    }
    // Most scalars are valid and need no copy of their path.
    for violation in &mut walker.violations {
        path.clone_into(&mut violation.path);
    }
    walker.violations
}

/// The keys of an object that the schema of its kind does not contain.
const OBJECT_KEYS: [&str; 2] = ["apiVersion", "kind"];

impl<'a> Walker<'a> {
    /// Returns a walker.
    pub fn new(schemas: &'a Schemas, holes: Option<&'a mut dyn Holes>) -> Self {
        Self {
            schemas,
            holes,
            path: String::new(),
            violations: Vec::new(),
        }
    }

    /// Returns what the schema of a kind does not allow in an object.
    pub fn object(mut self, object: &Node, root: &Rc<Schema>) -> Vec<Violation> {
        self.value(object, root);
        self.violations
    }

    fn value(&mut self, node: &Node, schema: &Rc<Schema>) {
        if schema.accepts_anything() {
            return;
        }
        if self.holes.is_some() && is_open(node, schema) {
            let path = self.path.clone();
            let holes = self.holes.take();
            if let Some(holes) = holes {
                let constant = holes.hole(node, schema, &path);
                if let Some(constant) = constant {
                    // A constant contains no expressions.
                    self.value(&constant, schema);
                }
                self.holes = Some(holes);
            }
            return;
        }
        match &node.value {
            Value::Scalar(scalar) => {
                let text = scalar.text.literal().unwrap_or_default();
                self.scalar(node.span, text, scalar.style, schema);
            }
            Value::Sequence(items) => self.sequence(node, items, schema),
            Value::Mapping(entries) => self.mapping(node, entries, schema),
        }
        if schema.has_alternatives() {
            self.alternatives(node, schema);
        }
    }

    fn report(&mut self, span: Span, fault: Fault) {
        let path = self.path.clone();
        self.violations.push(Violation { span, path, fault });
    }

    /// Checks a value below the current one.
    fn below(&mut self, key: &str, check: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(key);
        check(self);
        self.path.truncate(length);
    }

    fn mapping(&mut self, node: &Node, entries: &[Entry], schema: &Rc<Schema>) {
        if !self.has_type(node.span, schema, Type::Mapping, Shape::Mapping) {
            return;
        }
        let has_own_keys = self.path.is_empty() || schema.is_object;
        for entry in entries {
            let Some(key) = entry.key.text.literal() else {
                continue;
            };
            let field = schema.fields.get(key).or(schema.others.as_ref());
            match field {
                Some(field) => {
                    let field = self.schemas.child(field);
                    self.below(key, |walker| walker.value(&entry.value, &field));
                }
                None if has_own_keys && OBJECT_KEYS.contains(&key) => {}
                None if schema.is_object && key == "metadata" => {}
                None if schema.keeps_unknown || schema.is_partial() => {}
                None => {
                    let (field, schema) = (key.to_owned(), Rc::clone(schema));
                    self.report(entry.key.span, Fault::Undefined { field, schema });
                }
            }
        }
        let is_set = |name: &str| {
            let entry = entries
                .iter()
                .find(|entry| entry.key.text.literal() == Some(name));
            entry.is_some_and(|entry| !entry.value.is_null() || self.is_nullable(schema, name))
        };
        let missing = schema.required.iter().filter(|name| !is_set(name));
        let missing: Vec<String> = missing.cloned().collect();
        if !missing.is_empty() {
            self.report(node.span, Fault::Missing(missing));
        }
        self.count(node.span, entries.len(), schema, "field");
    }

    fn is_nullable(&self, schema: &Schema, name: &str) -> bool {
        let field = schema.fields.get(name);
        field.is_none_or(|field| self.schemas.child(field).is_nullable)
    }

    fn sequence(&mut self, node: &Node, items: &[Node], schema: &Rc<Schema>) {
        if !self.has_type(node.span, schema, Type::Sequence, Shape::Sequence) {
            return;
        }
        if let Some(item) = &schema.items {
            let item = self.schemas.child(item);
            for (index, node) in items.iter().enumerate() {
                let length = self.path.len();
                _ = write!(self.path, "[{index}]");
                self.value(node, &item);
                self.path.truncate(length);
            }
        }
        self.count(node.span, items.len(), schema, "item");
        self.repeated(items, schema);
    }

    /// Reports items that repeat another one.
    fn repeated(&mut self, items: &[Node], schema: &Schema) {
        let mut known = BTreeSet::new();
        for item in items {
            let keys: Option<Vec<&str>> = match (&item.value, schema.is_set) {
                (Value::Scalar(_), true) => item.text().map(|text| vec![text]),
                (Value::Mapping(_), _) if !schema.keys.is_empty() => {
                    let keys = schema.keys.iter().map(|key| item.get(key)?.text());
                    keys.collect()
                }
                _ => None,
            };
            let Some(keys) = keys else { continue };
            if !known.insert(keys.clone()) {
                let text = keys.join(", ");
                let requirement = match schema.keys.as_slice() {
                    [] => "an item must not be repeated".to_owned(),
                    names => {
                        let names = names.join("` and `");
                        format!("`{names}` must differ from those of the other items")
                    }
                };
                self.report(item.span, Fault::Value(Some(text), requirement));
            }
        }
    }

    /// Checks a scalar with its style.
    fn scalar(&mut self, span: Span, text: &str, style: Style, schema: &Rc<Schema>) {
        let plain = match style {
            Style::Quoted => Plain::String,
            Style::Plain => type_plain(text),
        };
        // An expression of an engine that evaluates the string later.
        if matches!(plain, Plain::String) && text.contains("{{") {
            return;
        }
        let number = match &plain {
            // A null means that the field is not set. The others are reported where they are parsed.
            Plain::Null | Plain::Unrepresentable(_) => return,
            Plain::Bool(_) => {
                self.has_type(span, schema, Type::Boolean, Shape::Boolean);
                return;
            }
            Plain::Number(number) => number,
            Plain::String => {
                if self.has_type(span, schema, Type::String, Shape::String) {
                    self.string(span, text, schema);
                }
                return;
            }
        };
        let is_integer = number.parse::<i64>().is_ok();
        let found = if is_integer {
            Type::Integer
        } else {
            Type::Number
        };
        if self.has_type(span, schema, found, Shape::Number) {
            self.number(span, number, schema);
        }
    }

    /// Reports a value of another type.
    fn has_type(&mut self, span: Span, schema: &Schema, found: Type, shape: Shape) -> bool {
        let is_valid = match schema.kind {
            None => true,
            Some(Type::Number) => matches!(found, Type::Number | Type::Integer),
            Some(Type::IntegerOrString) => {
                // Quantities are numbers, too.
                matches!(found, Type::Integer | Type::String | Type::Number)
            }
            Some(expected) => expected == found,
        };
        if !is_valid && let Some(expected) = schema.kind {
            self.report(span, Fault::Type(expected, shape));
        }
        is_valid
    }

    fn string(&mut self, span: Span, text: &str, schema: &Schema) {
        let is_listed = || has_value(&schema.values, &Json::from(text));
        let requirement = if !schema.values.is_empty() && !is_listed() {
            Some(one_of(&schema.values))
        } else if !schema.matches(text) {
            let pattern = schema.pattern.as_deref().unwrap_or_default();
            Some(format!("must match `{pattern}`"))
        } else {
            let format = schema.format.as_deref();
            let problem = format.and_then(|format| format::problem(format, text));
            problem.map(ToOwned::to_owned)
        };
        if let Some(requirement) = requirement {
            self.report(span, Fault::Value(Some(text.to_owned()), requirement));
            return;
        }
        let is_counted = schema.min_count.is_some() || schema.max_count.is_some();
        if is_counted {
            self.count(span, text.chars().count(), schema, "character");
        }
    }

    fn number(&mut self, span: Span, text: &str, schema: &Schema) {
        let value: f64 = text.parse().unwrap_or_default();
        let (low, high) = format::range(schema.format.as_deref());
        let minimum = schema.minimum.unwrap_or(low);
        let maximum = schema.maximum.unwrap_or(high);
        let is_listed = || {
            has_value(
                &schema.values,
                &serde_json::from_str(text).unwrap_or_default(),
            )
        };
        let requirement = if !schema.values.is_empty() && !is_listed() {
            one_of(&schema.values)
        } else if value < minimum || (schema.excludes_minimum && value <= minimum) {
            let than = if schema.excludes_minimum {
                "more than"
            } else {
                "at least"
            };
            format!("must be {than} {minimum}")
        } else if value > maximum || (schema.excludes_maximum && value >= maximum) {
            let than = if schema.excludes_maximum {
                "less than"
            } else {
                "at most"
            };
            format!("must be {than} {maximum}")
        } else if let Some(of) = schema.multiple_of
            && value % of != 0.0
        {
            format!("must be a multiple of {of}")
        } else {
            return;
        };
        self.report(span, Fault::Value(Some(text.to_owned()), requirement));
    }

    /// Checks a number of characters, items or fields.
    fn count(&mut self, span: Span, count: usize, schema: &Schema, noun: &str) {
        let requirement = match (schema.min_count, schema.max_count) {
            (Some(least), _) if count < least => {
                format!("must have at least {}", pluralize(least, noun))
            }
            (_, Some(most)) if count > most => {
                format!("must have at most {}", pluralize(most, noun))
            }
            _ => return,
        };
        self.report(span, Fault::Value(None, requirement));
    }

    /// Checks the schemas that decide, too, whether a value is valid.
    fn alternatives(&mut self, node: &Node, schema: &Rc<Schema>) {
        let matches = |child: &Child| {
            let child = self.schemas.child(child);
            check(self.schemas, node, &child, "").is_empty()
        };
        let fields = |children: &[Child]| {
            let each = children.iter().map(|child| self.schemas.child(child));
            let names: Vec<String> = each.flat_map(|child| child.required.clone()).collect();
            (!names.is_empty()).then(|| join_or(names.iter().map(String::as_str)))
        };
        let found = schema.one.iter().filter(|child| matches(child)).count();
        let requirement = if !schema.any.is_empty() && !schema.any.iter().any(matches) {
            match fields(&schema.any) {
                Some(names) => format!("must set {names}"),
                None => "must match one of the alternatives of its schema".to_owned(),
            }
        } else if !schema.one.is_empty() && found != 1 {
            match fields(&schema.one) {
                Some(names) => format!("must set exactly one of {names}"),
                None => "must match exactly one of the alternatives of its schema".to_owned(),
            }
        } else if !schema.all.iter().all(matches) {
            "must match all conditions of its schema".to_owned()
        } else if schema.not.iter().any(matches) {
            match fields(schema.not.as_slice()) {
                Some(names) => format!("must not set {names}"),
                None => "must not match what its schema excludes".to_owned(),
            }
        } else {
            return;
        };
        self.report(node.span, Fault::Value(None, requirement));
    }
}

/// Returns `true` if a value depends on variables, or a part that must be checked as a whole does.
fn is_open(node: &Node, schema: &Schema) -> bool {
    let is_open = match &node.value {
        Value::Scalar(scalar) => scalar.text.literal().is_none(),
        Value::Sequence(items) => items.iter().any(|item| item.each_variable().is_some()),
        Value::Mapping(entries) => entries.iter().any(|entry| entry.key.is_unresolved()),
    };
    is_open || (schema.has_alternatives() && !node.is_literal())
}

fn has_value(values: &[Json], value: &Json) -> bool {
    values.contains(value)
}

fn one_of(values: &[Json]) -> String {
    let names: Vec<String> = values
        .iter()
        .map(|value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), ToOwned::to_owned)
        })
        .collect();
    format!("must be {}", join_or(names.iter().map(String::as_str)))
}
