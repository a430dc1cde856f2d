//! Compiles a template's objects to literal runs and holes.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use super::common::{Common, embeds_yaml};
use super::embedded::{self, Piece, Within};
use super::looked::{Compile, Looked};
use super::values::Values;
use super::written::Written;
use crate::model::cluster::{NAMES, PRINTED_LABELS};
use crate::passes::check::identity::{Identity, kind_hash};
use crate::plan::Object;
use crate::source::Span;
use crate::tree::expression::Operation;

use crate::tree::{Node, Part, Scalar, Style, Text, Value};
use crate::yaml::print::{self, Format, Place};

/// A template's objects, compiled.
#[derive(Debug, Default)]
pub(super) struct Program {
    /// The bytes that are the same for every cluster.
    pub(super) literals: Vec<u8>,
    /// What is filled, each different value once.
    pub(super) values: Vec<Written>,
    /// Where values are printed, each different place once.
    pub(super) holes: Vec<Hole>,
    /// The values that are names and namespaces of objects, and not the same for all subjects.
    pub(super) names: Vec<usize>,
    /// The objects, in the template's order.
    pub(super) objects: Vec<Compiled>,
}

/// A value and the place it is printed in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hole {
    /// An index into [`Program::values`].
    pub(super) value: usize,
    /// What it stands behind.
    pub(super) place: Place,
    /// The text that it stands in, as a part of YAML.
    pub(super) within: Option<Within>,
}

/// One object.
#[derive(Debug)]
pub(super) struct Compiled {
    /// What is printed, in order.
    pub(super) ops: Vec<Op>,
    /// Its name: an index into [`Program::values`].
    pub(super) name: usize,
    /// Its namespace, likewise.
    pub(super) namespace: Option<usize>,
    /// A hash of its group and kind.
    pub(super) kind: u64,
    /// Its labels, where they are not final.
    pub(super) labels: Labels,
    /// Its fields that have rules.
    pub(super) looked: Looked,
}

/// Labels that are checked for each subject.
#[derive(Debug)]
pub(super) enum Labels {
    /// All of them, an index into [`Program::values`]: their keys are not known before.
    Map(usize),
    /// The template's own by their keys: where the value stands, and its index.
    Each(Vec<(Rc<str>, Span, usize)>),
}

impl Compiled {
    /// The identity of the object that it was compiled from, given the program's filled values.
    pub(super) fn identity<'a>(&self, object: &'a Object, values: &'a Values) -> Identity<'a> {
        let text = |value: usize| values.text(value).unwrap_or_default();
        Identity {
            object,
            namespace: self.namespace.map(text),
            name: text(self.name),
        }
    }
}

/// A piece of an object.
#[derive(Debug)]
pub(super) enum Op {
    /// Bytes of [`Program::literals`].
    Literal(Range<usize>),
    /// An index into [`Program::holes`].
    Hole(usize),
}

/// Compiles the objects of a template for a form of output.
pub(super) fn compile(common: &Common<'_>, format: Format) -> Program {
    let mut compiler = Compiler {
        format,
        common,
        program: Program::default(),
        known: BTreeMap::new(),
    };
    for object in &common.template.objects {
        compiler.object(object);
    }
    // A cluster with values of its own has a program of its own, which is kept until it is printed.
    compiler.program.literals.shrink_to_fit();
    compiler.program
}

struct Compiler<'a> {
    format: Format,
    common: &'a Common<'a>,
    program: Program,
    /// The values so far, by what their author wrote.
    known: BTreeMap<((bool, bool), Rc<str>), usize>,
}

impl Compiler<'_> {
    fn object(&mut self, object: &Object) {
        let mut ops = Vec::new();
        let mut out = Vec::new();
        let labels = object.labels().filter(|labels| is_hole(labels));
        let mut labels_value = None;
        print::with_holes(
            self.format,
            &object.tree,
            &mut out,
            &mut |node, place, out| {
                let is_labels = labels.is_some_and(|labels| is_same(labels, node));
                if !is_labels && !is_hole(node) {
                    return false;
                }
                if !is_labels && let Some(constant) = self.common.value(node) {
                    print::value(self.format, &constant, place, out);
                    return true;
                }
                if let Some((pieces, within)) =
                    embedded::pieces(node, (self.format, place), self.common)
                {
                    self.embedded(pieces, within, out, &mut ops);
                    return true;
                }
                self.literal(out, &mut ops);
                let value = self.value(node);
                if is_labels {
                    labels_value = Some(value);
                }
                ops.push(self.hole(node, value, place, None));
                true
            },
        );
        self.literal(&mut out, &mut ops);
        let mut text = |(text, span): &(Text, _)| {
            let scalar = Scalar {
                style: Style::Quoted,
                text: text.clone(),
            };
            let value = self.value(&Node {
                span: *span,
                value: Value::Scalar(scalar),
            });
            if text.literal().is_none() && !self.program.names.contains(&value) {
                self.program.names.push(value);
            }
            value
        };
        let name = text(&object.name);
        let namespace = object.namespace.as_ref().map(text);
        let labels = match labels_value {
            Some(map) => Labels::Map(map),
            None => self.labels(object),
        };
        let looked = Looked::of(object, self);
        self.program.objects.push(Compiled {
            ops,
            name,
            namespace,
            kind: kind_hash(&object.group, &object.kind),
            labels,
            looked,
        });
    }

    /// The labels to check of those that are printed one by one. Final ones were checked before, but
    /// those of the Cluster must agree with the fleet's, too.
    fn labels(&mut self, object: &Object) -> Labels {
        let entries = object.labels().and_then(Node::entries).unwrap_or_default();
        let checked = entries.iter().filter_map(|entry| {
            let key = entry.key.text.as_written();
            let is_wanted = object.is_cluster() || !entry.value.is_literal();
            let is_checked = is_wanted && !is_printed_label(&entry.value);
            is_checked.then(|| (key, entry.value.span, self.value(&entry.value)))
        });
        Labels::Each(checked.collect())
    }

    fn embedded(
        &mut self,
        pieces: Vec<Piece>,
        within: Within,
        out: &mut Vec<u8>,
        ops: &mut Vec<Op>,
    ) {
        within.open(out);
        for piece in pieces {
            match piece {
                Piece::Literal(yaml) => within.write(&yaml, out),
                Piece::Hole(node, place) => {
                    self.literal(out, ops);
                    let value = self.value(&node);
                    ops.push(self.hole(&node, value, place, Some(within)));
                }
            }
        }
        within.close(out);
    }

    fn literal(&mut self, out: &mut Vec<u8>, ops: &mut Vec<Op>) {
        if !out.is_empty() {
            let start = self.program.literals.len();
            self.program.literals.append(out);
            ops.push(Op::Literal(start..self.program.literals.len()));
        }
    }

    fn value(&mut self, node: &Node) -> usize {
        let new = self.program.values.len();
        let index = if let Some(scalar) = node.as_scalar() {
            let is_unquoted = scalar.text.slots().any(|slot| slot.is_unquoted);
            let style = (scalar.style == Style::Quoted, is_unquoted);
            let key = (style, scalar.text.as_written());
            // What is written does not tell two trees apart, nor a final text that looks like
            // an expression, which was written with `$$`.
            if scalar.text.literal().is_some() || embeds_yaml(&scalar.text) {
                new
            } else {
                *self.known.entry(key).or_insert(new)
            }
        } else {
            // A tree may be printed and judged: it is filled once.
            let mut values = self.program.values.iter();
            let known = values.position(|known| is_same(&known.node, node));
            known.unwrap_or(new)
        };
        if index == new {
            self.program.values.push(node.clone().into());
        }
        index
    }

    fn hole(&mut self, node: &Node, value: usize, place: Place, within: Option<Within>) -> Op {
        let hole = Hole {
            value,
            // A single line is printed alike behind any key and dash.
            place: match place {
                Place::Key(_) | Place::Dash(_) if is_one_line(node) => Place::Key(0),
                place => place,
            },
            within,
        };
        let holes = &mut self.program.holes;
        let known = holes.iter().position(|known| *known == hole);
        Op::Hole(known.unwrap_or_else(|| {
            holes.push(hole);
            holes.len() - 1
        }))
    }
}

impl Compile for Compiler<'_> {
    fn constant(&self, node: &Node) -> Option<Node> {
        self.common.value(node)
    }

    fn value(&mut self, node: &Node) -> usize {
        self.value(node)
    }
}

/// Whether a node depends on variables in a way that its parts cannot be printed one by one.
pub(super) fn is_hole(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(scalar) => scalar.text.literal().is_none(),
        Value::Sequence(items) => items.iter().any(|item| item.each().is_some()),
        Value::Mapping(entries) => entries.iter().any(|entry| entry.key.is_open()),
    }
}

/// Whether a value is a text without a line break, whatever is filled in: names and labels have none.
fn is_one_line(node: &Node) -> bool {
    let Some(Text::Parts(parts)) = node.as_scalar().map(|scalar| &scalar.text) else {
        return false;
    };
    parts.iter().all(|part| match part {
        Part::Literal(text) => !text.contains('\n'),
        Part::Dollar | Part::Rotated(_) => true,
        Part::Expression(slot) => {
            slot.expression.operation == Operation::None
                && match slot.expression.path.as_slice() {
                    [name] => NAMES.contains(&name.as_str()),
                    [map, _] => [PRINTED_LABELS, "LABELS"].contains(&map.as_str()),
                    _ => false,
                }
        }
        Part::Yaml(_) => false,
    })
}

/// Whether a value is a label of the fleet, which was checked with its cluster.
fn is_printed_label(value: &Node) -> bool {
    let slot = value.as_scalar().and_then(|scalar| scalar.text.sole_slot());
    slot.is_some_and(|slot| slot.expression.path[0] == PRINTED_LABELS)
}

/// Whether both are the one mapping or list.
fn is_same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Mapping(one), Value::Mapping(other)) => Rc::ptr_eq(one, other),
        (Value::Sequence(one), Value::Sequence(other)) => Rc::ptr_eq(one, other),
        _ => false,
    }
}
