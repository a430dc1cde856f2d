//! `kubectl fleet get objects`

use std::path::Path;

use clap::Args;
use serde_json::{Value as Json, json};

use super::args::ListArgs;
use crate::cli::listing::Listing;
use crate::cli::session::Session;
use crate::cli::terminal::CommandResult;
use crate::diagnostic::Code;
use crate::explain::target::is_kind;
use crate::model::cell::FLEET;
use crate::plan::{Creator, Plan, SubjectId};
use crate::render::Rendered;

/// List the objects of a fleet, or those of some clusters.
///
/// NAME is a cluster, LABEL=VALUE for the objects of a group, or @fleet for the objects of the fleet. The formats json and
/// yaml contain whole objects.
#[derive(Args)]
#[command(
    visible_alias = "object",
    after_help = "Examples:
  # List the objects of a cluster
  kubectl fleet get objects capi-eks-user1 -C examples/eks

  # List the Clusters of all clusters with a label
  kubectl fleet get objects -l type=production --kind Cluster -C examples/addons

  # Print the objects of the fleet as JSON
  kubectl fleet get objects @fleet -o json -C examples/addons"
)]
pub(super) struct Objects {
    #[command(flatten)]
    args: ListArgs,
    /// Only objects of this kind, as Kind or Kind.group
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
}

impl Objects {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let args = self.args;
        args.check_names()?;
        let mut session = Session::open(chdir, Path::new(""))?;
        let Ok((_, output)) = session.compile_with_fleet() else {
            return Err(session.finish().report());
        };
        let plan = &output.plan;
        args.check_known((Code::UnknownName, "cluster or group"), &subjects(plan))?;
        let is_listed = |object: &Rendered<'_>| {
            let subject = object.subject();
            let is_selected = match subject.cluster_index() {
                Some(index) => args.selects(&plan.clusters[index]),
                None => !args.has_selector(),
            };
            let written = &object.template().objects[object.at().object()];
            let is_kind = self
                .kind
                .as_deref()
                .is_none_or(|kind| is_kind(written, kind));
            is_selected && is_kind && args.names(&subject_name(plan, subject))
        };
        let objects: Vec<Rendered<'_>> = output.all_objects().filter(is_listed).collect();
        let data = objects.iter().filter(|_| args.is_data());
        args.print(&Listing {
            head: vec![
                "NAME",
                "NAMESPACE",
                "FOR",
                "CREATED BY",
                "CELL",
                "BYTES",
                "APPLIED BY",
            ],
            wide: 3,
            rows: objects.iter().map(|object| row(plan, object)).collect(),
            json: json!({
                "formatVersion": "1.0",
                "objects": data.map(|object| json(plan, object)).collect::<Vec<_>>(),
            }),
        })
    }
}

/// Returns the names of everything that objects can be created for.
fn subjects(plan: &Plan) -> Vec<String> {
    let clusters = (0..plan.clusters.len()).map(SubjectId::cluster);
    let groups = (0..plan.groups.len()).map(SubjectId::group);
    let all = clusters.chain(groups).chain([SubjectId::Fleet]);
    all.map(|id| subject_name(plan, id)).collect()
}

fn subject_name(plan: &Plan, id: SubjectId) -> String {
    match id {
        SubjectId::Cluster(index) => plan.clusters[index as usize].name.to_string(),
        SubjectId::Group(index) => {
            let group = &plan.groups[index as usize];
            format!("{}={}", group.label, group.name)
        }
        SubjectId::Fleet | SubjectId::Shared => FLEET.to_owned(),
    }
}

fn creator(object: &Rendered<'_>) -> String {
    match object.creator() {
        Creator::Namespace => "kubectl-fleet".to_owned(),
        Creator::Template(_) => "template".to_owned(),
        Creator::AddOn(name) => format!("addon/{name}"),
        Creator::Profiles => "profile".to_owned(),
    }
}

/// Returns the name of the spoke that applies the object to itself, or `@hub`.
fn applied_by(object: &Rendered<'_>) -> String {
    object
        .spoke()
        .map_or("@hub".to_owned(), |spoke| spoke.name.to_string())
}

fn row(plan: &Plan, object: &Rendered<'_>) -> Vec<String> {
    let identity = object.identity();
    let cell = object.cell().map(|cell| cell.to_string());
    vec![
        format!("{}/{}", identity.object.qualified_kind(), identity.name),
        identity.namespace.as_deref().unwrap_or("-").to_owned(),
        subject_name(plan, object.subject()),
        creator(object),
        cell.unwrap_or_else(|| "-".to_owned()),
        object.size().to_string(),
        applied_by(object),
    ]
}

fn json(plan: &Plan, object: &Rendered<'_>) -> Json {
    let bytes: Vec<u8> = object.pieces().flatten().copied().collect();
    json!({
        "for": subject_name(plan, object.subject()),
        "createdBy": creator(object),
        "appliedBy": applied_by(object),
        "cell": object.cell().map(|cell| cell.to_string()),
        "object": serde_json::from_slice::<Json>(&bytes).unwrap_or_default(),
    })
}
