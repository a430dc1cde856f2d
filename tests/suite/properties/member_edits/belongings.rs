//! The objects of a fleet with the members and groups that they belong to.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use kubectl_fleet::compile;
use kubectl_fleet::diagnostic::Diagnostics;
use kubectl_fleet::files::{Files, Memory};
use kubectl_fleet::plan::{Creator, SubjectId};
use kubectl_fleet::render::{Output, Rendered};
use kubectl_fleet::request::CompileOptions;
use kubectl_fleet::source::Sources;
use kubectl_fleet::yaml::print::Format;

/// A member: the file and the text of its key.
pub(crate) type Member = (String, String);

/// What an object belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owner {
    Member(Member),
    /// A group, or an add-on whose clusters share objects, with its members.
    Several(BTreeSet<Member>),
    Fleet,
}

/// An object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Belonging {
    /// Several clusters can create the same object.
    pub(crate) owners: BTreeSet<Owner>,
    cell: Option<String>,
    bytes: Vec<u8>,
}

/// The objects of a fleet by identity.
#[derive(Clone, Debug, Default)]
pub(crate) struct Belongings(pub(crate) BTreeMap<String, Belonging>);

impl Belongings {
    /// Compiles the objects of the hub, or those of a spoke. Returns `None` if the fleet is rejected.
    pub(crate) fn compile(
        files: &BTreeMap<String, String>,
        spoke: Option<&str>,
    ) -> Result<Self, Vec<&'static str>> {
        let memory = files
            .iter()
            .fold(Memory::default(), |memory, (path, text)| {
                memory.file(path, text.clone().into_bytes())
            });
        let mut files = Files::new(Rc::new(memory));
        let mut diags = Diagnostics::default();
        let options = CompileOptions {
            spoke: spoke.map(ToOwned::to_owned),
            ..Format::Json.into()
        };
        let Ok(output) = compile(&mut files, options, &mut diags) else {
            let found = diags.into_sorted();
            let errors = found.iter().filter(|one| one.is_error());
            return Err(errors.map(|one| one.code.name()).collect());
        };
        Ok(Self::of(&output, &files.sources))
    }

    fn of(output: &Output, sources: &Sources) -> Self {
        let plan = &output.plan;
        let member = |index: usize| -> Member {
            let span = plan.clusters[index].span;
            let text = sources.text(span.file);
            let key = text.get(span.start as usize..span.end as usize);
            let key = key.unwrap_or_default().to_owned();
            (sources.path(span.file).to_owned(), key)
        };
        let members = |clusters: &[usize]| clusters.iter().map(|index| member(*index)).collect();
        let mut found = Self::default();
        let skipped = output.skipped().iter().map(|at| output.object(*at));
        for object in output.objects().chain(skipped) {
            let clusters = object.clusters();
            let owner = match object.creator() {
                Creator::Profiles => Owner::Fleet,
                Creator::AddOn(_) if is_shared_data(&object) => Owner::Fleet,
                Creator::AddOn(name) if object.subject() == SubjectId::Shared => {
                    let mut addons = plan.addons.iter();
                    let addon = addons.find(|addon| addon.written.name.value == *name);
                    let variants = addon.into_iter().flat_map(|addon| &addon.variants);
                    let clusters = variants.flat_map(|variant| variant.clusters.clone());
                    Owner::Several(members(&clusters.collect::<Vec<_>>()))
                }
                _ => match clusters[..] {
                    [index]
                        if !matches!(object.subject(), SubjectId::Group(_) | SubjectId::Fleet) =>
                    {
                        Owner::Member(member(index))
                    }
                    _ => Owner::Several(members(&clusters)),
                },
            };
            let belonging = Belonging {
                owners: BTreeSet::new(),
                cell: object.cell().map(|cell| cell.to_string()),
                bytes: object.pieces().flatten().copied().collect(),
            };
            let known = found.0.entry(object.identity().to_string());
            known.or_insert(belonging).owners.insert(owner);
        }
        found
    }

    /// Returns an object of a member that an edit of other members removes or changes.
    ///
    /// Exempt are objects of the edited members; the contents of objects of groups and of the fleet, because they list
    /// clusters; and the objects with the values of a variant that no cluster has any more.
    pub(crate) fn lost(&self, after: &Self, is_edited: impl Fn(&Member) -> bool) -> Option<String> {
        self.0.iter().find_map(|(identity, old)| {
            let of_others = |owner: &Owner| match owner {
                Owner::Member(member) => !is_edited(member),
                Owner::Several(members) => !members.iter().all(&is_edited),
                Owner::Fleet => false,
            };
            let is_exact = |owner: &Owner| matches!(owner, Owner::Member(_)) && of_others(owner);
            if !old.owners.iter().any(of_others) {
                return None;
            }
            let Some(new) = after.0.get(identity) else {
                return Some(format!("removed: {identity}, {:?}", old.owners));
            };
            if old.cell != new.cell {
                return Some(format!("moved: {identity}, {:?} {:?}", old.cell, new.cell));
            }
            let is_changed = old.owners.iter().any(is_exact) && old.bytes != new.bytes;
            let [old, new] = [old, new].map(|one| String::from_utf8_lossy(&one.bytes));
            is_changed.then(|| format!("changed: {identity}\n{old}\n{new}"))
        })
    }
}

/// Returns `true` for an object that contains values or files of a variant.
fn is_shared_data(object: &Rendered<'_>) -> bool {
    let identity = object.identity().to_string();
    let is_data = identity.starts_with("ConfigMap") || identity.starts_with("Secret");
    is_data && object.subject() == SubjectId::Shared
}
