//! Reads the files of a fleet that define clusters, groups, profiles and delivery methods.

use std::rc::Rc;

use super::methods::Deliveries;
use crate::deliver::profiles::KINDS;
use crate::diagnostic::{Diagnostics, ErrorsReported};
use crate::files::Files;
use crate::input;
use crate::input::fleet::Fleet;
use crate::input::list::MemberList;
use crate::input::lock::Lock;
use crate::input::profile::Profile;
use crate::kinds::Schemas;

/// A fleet as written.
#[derive(Debug)]
pub struct Written {
    /// `fleet.yaml`, merged with the files that it includes.
    pub fleet: Fleet,
    /// The delivery methods that the fleet names.
    pub deliveries: Deliveries,
    /// `fleet.lock`.
    pub lock: Option<Lock>,
    /// The objects of `profiles`.
    pub profiles: Vec<Profile>,
    /// The schemas of kinds of objects: the built-in ones, and those of `schemas`.
    pub schemas: Rc<Schemas>,
}

/// The members of a fleet's lists.
#[derive(Debug)]
pub struct Members {
    /// The members of each entry of `clusters`.
    pub clusters: Vec<MemberList>,
    /// The members of each entry of `groups` that has a list.
    pub groups: Vec<Option<MemberList>>,
}

/// Reads a fleet and its members.
///
/// # Errors
///
/// Returns an error if `fleet.yaml` cannot be read. Other errors are only pushed to `diags`.
pub fn read(
    files: &mut Files,
    diags: &mut Diagnostics,
) -> Result<(Written, Members), ErrorsReported> {
    let fleet = input::read_fleet(files, diags)?;
    let schemas = input::read_schemas(files, &fleet, diags);
    let deliveries = Deliveries::read(files, &fleet, &schemas, diags);
    let lock = input::lock::read(files, diags);
    let clusters = input::read_clusters(files, &fleet, diags);
    let groups = input::read_groups(files, &fleet, diags);
    let profiles = input::read_profiles(files, &fleet, &KINDS, diags);
    let written = Written {
        fleet,
        deliveries,
        lock,
        profiles,
        schemas: Rc::new(schemas),
    };
    Ok((written, Members { clusters, groups }))
}
