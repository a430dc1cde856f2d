//! Optional keys and choices: the output equals that of templates without them, with one template for each
//! member.

use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::sample::select;

use super::cases;
use crate::fleet::FleetFiles;

/// The fields of members.
const FIELDS: [&str; 3] = ["a", "b", "c"];

/// A value of a template.
#[derive(Clone, Debug)]
enum Tree {
    Literal,
    /// An expression of a field, and whether it is quoted.
    Field(usize, bool),
    /// A mapping; each key is optional or not.
    Mapping(Vec<(bool, Self)>),
    /// A `$case` of a field with the keys `web` and `db`.
    Choice(usize, Box<[Self; 2]>),
}

/// Why a value cannot be part of an object.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    /// A field is not set.
    Unset,
    /// The value is a `$case` without a key for the value of the field.
    NoOption,
    /// The template has an error for this member.
    Error,
}

/// The values of a member's fields.
type Member = [Option<&'static str>; 3];

impl Tree {
    /// Returns the value with optional keys and choices.
    fn written(&self) -> String {
        match self {
            Self::Choice(field, options) => {
                let [web, db] = options.each_ref().map(Self::written);
                format!("{{$case: {}, web: {web}, db: {db}}}", FIELDS[*field])
            }
            Self::Mapping(entries) => {
                let entry = |(number, (is_optional, value)): (usize, &(bool, Self))| {
                    let mark = if *is_optional { "?" } else { "" };
                    format!("k{number}{mark}: {}", value.written())
                };
                mapping(entries.iter().enumerate().map(entry))
            }
            Self::Literal => "5".to_owned(),
            Self::Field(field, true) => format!("\"${{{}}}\"", FIELDS[*field]),
            Self::Field(field, false) => format!("${{{}}}", FIELDS[*field]),
        }
    }

    /// Returns the value in a template for this member only.
    fn chosen(&self, member: &Member) -> Result<String, Fault> {
        match self {
            Self::Field(field, _) if member[*field].is_none() => Err(Fault::Unset),
            Self::Literal | Self::Field(..) => Ok(self.written()),
            Self::Choice(field, options) => {
                let option = match member[*field].ok_or(Fault::Unset)? {
                    "web" => &options[0],
                    "db" => &options[1],
                    _ => return Err(Fault::NoOption),
                };
                option.chosen(member).map_err(|fault| match fault {
                    Fault::NoOption => Fault::Error,
                    fault => fault,
                })
            }
            Self::Mapping(entries) => {
                let mut chosen = Vec::new();
                let mut faults = Vec::new();
                for (number, (is_optional, value)) in entries.iter().enumerate() {
                    match value.chosen(member) {
                        Ok(value) => chosen.push(format!("k{number}: {value}")),
                        Err(Fault::Unset | Fault::NoOption) if *is_optional => {}
                        Err(fault) => faults.push(fault),
                    }
                }
                match faults.as_slice() {
                    [] => Ok(mapping(chosen.into_iter())),
                    faults if faults.contains(&Fault::Unset) => Err(Fault::Unset),
                    _ => Err(Fault::Error),
                }
            }
        }
    }
}

fn mapping(entries: impl Iterator<Item = String>) -> String {
    format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
}

fn tree() -> impl Strategy<Value = Tree> {
    let field = || 0..FIELDS.len();
    let leaf = prop_oneof![
        1 => Just(Tree::Literal),
        4 => (field(), any::<bool>()).prop_map(|(field, is_quoted)| Tree::Field(field, is_quoted)),
    ];
    leaf.prop_recursive(4, 24, 3, move |inner| {
        let entries = proptest::collection::vec((any::<bool>(), inner.clone()), 1..4);
        let options = [inner.clone(), inner].prop_map(Box::new);
        prop_oneof![
            3 => entries.prop_map(Tree::Mapping),
            2 => (field(), options).prop_map(|(field, options)| Tree::Choice(field, options)),
        ]
    })
}

/// Returns a fleet with these templates, each with the number of its only member; without a number it is for
/// all members.
fn fleet(members: &[Member], templates: &[(Option<usize>, String)]) -> FleetFiles {
    let mut users = String::new();
    for (number, member) in members.iter().enumerate() {
        let fields = FIELDS.iter().zip(member);
        let fields = fields.filter_map(|(name, value)| Some(format!("{name}: '{}'", (*value)?)));
        writeln!(users, "m{number}: {}", mapping(fields)).unwrap();
    }
    let mut files = FleetFiles::new([("users.yaml", users)]);
    let mut list = String::new();
    for (at, (member, spec)) in templates.iter().enumerate() {
        writeln!(list, "- file: {at}.yaml").unwrap();
        if let Some(member) = member {
            writeln!(list, "  selector: {{matchLabels: {{member: m{member}}}}}").unwrap();
        }
        let template = format!(
            "apiVersion: example.org/v1\nkind: Info\nmetadata: {{name: info}}\nspec: {spec}\n"
        );
        files.0.insert(format!("{at}.yaml"), template.into_bytes());
    }
    let fields = mapping(
        FIELDS
            .iter()
            .map(|name| format!("{name}: {{default: null}}")),
    );
    let text = format!(
        "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nclusters:\n- list: users.yaml\n  \
         fields: {fields}\n  labels: {{member: \"${{CLUSTER_NAME}}\"}}\ntemplates:\n{list}"
    );
    files.0.insert("fleet.yaml".to_owned(), text.into_bytes());
    files
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn choices_render_the_handwritten_output(
        entries in proptest::collection::vec((prop::bool::weighted(0.8), tree()), 1..4),
        members in proptest::collection::vec(
            [(); 3].map(|()| select(vec![None, Some("web"), Some("db"), Some("other"), Some("")])), 1..5),
    ) {
        let tree = Tree::Mapping(entries);
        let found = fleet(&members, &[(None, tree.written())]).try_compile();
        let chosen: Result<Vec<String>, Fault> = members.iter().map(|member| tree.chosen(member)).collect();
        let Ok(chosen) = chosen else {
            prop_assert!(found.is_err(), "{tree:?} {members:?}");
            return Ok(());
        };
        let templates = chosen.into_iter().enumerate();
        let templates: Vec<_> = templates.map(|(member, spec)| (Some(member), spec)).collect();
        let (Ok(found), Ok(expected)) = (found, fleet(&members, &templates).compile()) else {
            panic!("a fleet is rejected: {tree:?} {members:?}");
        };
        prop_assert_eq!(found.by_identity(), expected.by_identity(), "{:?}", tree);
    }
}
