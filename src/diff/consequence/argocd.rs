//! Rows of Argo CD.

use super::conditions::{
    HAS_FINALIZER, IS_FINALIZER, LOSES_FINALIZER, NO_LONGER_TRUE, PRESERVES, TRUE,
};
use super::effect::Consequence::{
    InPlace, KeepsRunning, Reinstalls, Remains, Reselects, Unguards, Uninstalls, Upgrades,
};
use super::row::{Family, field, removed};

const GROUP: &str = "argoproj.io";
pub(super) const CONTROLLER: &str = "Argo CD 3.5.7, controller/appcontroller.go";
const STATE: &str = "Argo CD 3.5.7, controller/state.go";
const SYNC: &str = "Argo CD 3.5.7, gitops-engine, pkg/sync/sync_context.go";
const SETS: &str = "Argo CD 3.5.7, applicationset/controllers/applicationset_controller.go";
const SET_UTILS: &str = "Argo CD 3.5.7, applicationset/utils/utils.go";

const MOVED: &str = "Argo CD manages the objects on the new destination: those on the previous cluster keep running, and are no longer managed.";
const OTHER_NAMESPACE: &str = "Argo CD creates the objects in the new namespace and prunes those in the previous one, including volumes.";
const RENAMED: &str = "The objects of the chart get other names: Argo CD creates the new ones and prunes the previous ones.";
const SOURCE: &str =
    "Argo CD applies the new contents, and prunes objects that they lack if `prune` is `true`.";

#[rustfmt::skip]
pub(super) const FAMILIES: &[Family] = &[
    Family { kinds: &[(GROUP, "Application")], is_owned: false, rows: &[
        removed(&[Uninstalls], "Argo CD deletes the Application and every object that it applied.", CONTROLLER).only(HAS_FINALIZER),
        removed(&[Remains], "Argo CD deletes only the Application, which has no finalizer: the objects that it applied remain.", CONTROLLER),
        field("metadata finalizers", &[Unguards], "From now on, deleting the Application deletes every object that it applied.", CONTROLLER).only(IS_FINALIZER),
        field("metadata finalizers", &[InPlace], "From now on, the objects remain when the Application is deleted.", CONTROLLER).only(LOSES_FINALIZER),
        field("metadata finalizers", &[InPlace], "Deleting the Application deletes its objects as before, in another order.", CONTROLLER),
        field("spec destination namespace", &[Reinstalls], OTHER_NAMESPACE, SYNC),
        field("spec destination", &[KeepsRunning], MOVED, STATE),
        field("spec source helm releaseName", &[Reinstalls], RENAMED, SYNC),
        field("spec source", &[Upgrades], SOURCE, SYNC),
        field("spec sources * helm releaseName", &[Reinstalls], RENAMED, SYNC),
        field("spec sources", &[Upgrades], SOURCE, SYNC),
        field("spec project", &[InPlace], "The Application moves to the project, which must permit its sources and destinations.", CONTROLLER),
        field("spec syncPolicy automated allowEmpty", &[Unguards], "Argo CD can prune every object of the Application when its source is empty.", CONTROLLER).only(TRUE),
        field("spec syncPolicy automated prune", &[Unguards], "From now on, Argo CD deletes objects that the source no longer contains.", CONTROLLER).only(TRUE),
        field("spec syncPolicy automated", &[InPlace], "Argo CD syncs automatically, or no longer does.", CONTROLLER),
        field("spec syncPolicy", &[InPlace], "Argo CD syncs with other options.", SYNC),
        field("spec", &[InPlace], "Argo CD compares or shows the Application differently.", STATE),
    ] },
    Family { kinds: &[(GROUP, "ApplicationSet")], is_owned: false, rows: &[
        removed(&[Remains], "Argo CD deletes the Applications, and the objects that they applied remain.", SET_UTILS).only(PRESERVES),
        removed(&[Uninstalls], "Argo CD deletes the Applications and every object that they applied.", SETS),
        field("spec generators", &[Reselects], "Argo CD deletes the Applications that generators no longer create, with their objects, and creates those that they create now.", SETS),
        field("spec template metadata name", &[Reinstalls], "Argo CD creates Applications with other names, and deletes the previous ones with their objects.", SETS),
        field("spec template spec destination namespace", &[Reinstalls], OTHER_NAMESPACE, SYNC),
        field("spec template spec destination", &[KeepsRunning], MOVED, STATE),
        field("spec template spec source helm releaseName", &[Reinstalls], RENAMED, SYNC),
        field("spec template spec source", &[Upgrades], SOURCE, SYNC),
        field("spec template spec sources * helm releaseName", &[Reinstalls], RENAMED, SYNC),
        field("spec template spec sources", &[Upgrades], SOURCE, SYNC),
        field("spec template spec syncPolicy automated allowEmpty", &[Unguards], "Argo CD can prune every object of the Applications when their source is empty.", CONTROLLER).only(TRUE),
        field("spec template spec syncPolicy automated prune", &[Unguards], "From now on, Argo CD deletes objects that the source no longer contains.", CONTROLLER).only(TRUE),
        field("spec template", &[InPlace], "Argo CD changes each Application.", SETS),
        field("spec templatePatch", &[Upgrades], "Argo CD changes each Application that the patch applies to.", SETS),
        field("spec syncPolicy preserveResourcesOnDeletion", &[Unguards], "From now on, deleting an Application deletes every object that it applied.", SET_UTILS).only(NO_LONGER_TRUE),
        field("spec syncPolicy preserveResourcesOnDeletion", &[InPlace], "The setting decides whether objects remain when an Application is deleted.", SET_UTILS),
        field("spec", &[InPlace], "Argo CD creates and updates Applications in another way.", SETS),
    ] },
    Family { kinds: &[(GROUP, "AppProject")], is_owned: false, rows: &[
        removed(&[KeepsRunning], "The objects of its Applications keep running, and Argo CD no longer syncs these Applications.", CONTROLLER),
        field("spec", &[InPlace], "Applications of the project can fail to sync if it no longer permits their sources, destinations or kinds.", CONTROLLER),
    ] },
];
