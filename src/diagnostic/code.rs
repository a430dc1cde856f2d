//! All codes of errors and warnings. A code never changes its meaning.

/// Reason for the failure of a run, and the exit code of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// A file of the fleet has an error.
    Files = 3,
    /// A guard or a limit rejected the fleet.
    Guard = 4,
    /// The environment failed, such as a disk or a missing directory.
    Environment = 5,
}

macro_rules! codes {
    ($($variant:ident $name:literal $exit:ident $summary:literal;)*) => {
        /// The kind of an error or a warning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the table has a summary of each")]
        pub enum Code { $($variant,)* }

        impl Code {
            /// All codes, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns the code as messages show it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Returns the first sentence of its documentation.
            pub fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary,)* }
            }

            /// Returns `true` if the YAML parser reports it, for a file of any kind.
            pub fn is_yaml(self) -> bool {
                (Self::YamlSyntax..=Self::YamlBudget).contains(&self) && self != Self::AmbiguousScalar
            }

            /// Returns `true` if a guard reports it because something would be deleted.
            pub fn is_deletion_guard(self) -> bool {
                matches!(
                    self,
                    Self::LockedCluster | Self::LockedCell | Self::LockedObject | Self::TooFewClusters
                )
            }

            /// Returns the exit code, or `None` for a warning.
            pub fn exit(self) -> Option<Exit> {
                match self { $(Self::$variant => exit!($exit),)* }
            }
        }
    };
}

macro_rules! exit {
    (Warning) => {
        None
    };
    ($exit:ident) => {
        Some(Exit::$exit)
    };
}

codes! {
    // Files.
    NoFleet "no-fleet" Files "The directory has no fleet.yaml.";
    NoSuchFile "no-such-file" Files "A path of fleet.yaml names a file that does not exist.";
    NotAFile "not-a-file" Files "A path names a directory, a pipe, a socket or a device.";
    UnreadableFile "unreadable-file" Files "A file cannot be read, or is not UTF-8.";
    MergeConflict "merge-conflict" Files "A file contains an unresolved merge conflict.";
    InvalidPath "invalid-path" Files "A path or a file name is not valid.";
    TwinFiles "twin-files" Files "Two file names differ only in case or in Unicode normalization.";
    EmptyFile "empty-file" Guard "A template contains no object.";
    OutsideFolder "outside-folder" Guard "A path or a link points outside the directory of the fleet.";
    FileTooLarge "file-too-large" Guard "A file exceeds its limit.";
    TooManyFiles "too-many-files" Guard "The files together exceed their limit.";
    InvalidParameter "invalid-parameter" Files "A parameter of the Argo CD Application is not valid.";
    MissingParameter "missing-parameter" Files "The fleet has cells, and the Argo CD Application sets no cell.";
    FileExists "file-exists" Environment "A file that would be written exists already.";
    InvalidLiveObjects "invalid-live-objects" Files "The input of `leftovers` is not Kubernetes objects.";
    Io "io" Environment "The operating system reported an error.";
    LfsPointer "lfs-pointer" Files "A file is a pointer of Git LFS, not its contents.";
    Submodule "submodule" Files "A path of a revision leads into a submodule.";
    NotInGit "not-in-git" Environment "The directory is not in the worktree of a Git repository.";
    InvalidRepository "invalid-repository" Environment "The Git repository, or an object in it, cannot be read.";
    UnknownRevision "unknown-revision" Environment "A revision does not exist, or is not a commit.";
    NotInRevision "not-in-revision" Environment "A revision does not contain the directory of the fleet.";
    NoMergeBase "no-merge-base" Environment "HEAD and the default branch have no common commit, or there is no default branch.";
    MissingObject "missing-object" Environment "A clone does not contain an object of a revision.";
    // YAML.
    YamlSyntax "yaml-syntax" Files "The contents are not valid YAML.";
    YamlDirective "yaml-directive" Files "A YAML directive such as %YAML, which kubectl rejects.";
    YamlTag "yaml-tag" Files "A YAML tag other than !!str.";
    UnknownAlias "unknown-alias" Files "An alias names no anchor before it in its document.";
    RecursiveAlias "recursive-alias" Files "An anchor contains its own alias.";
    InvalidMerge "invalid-merge" Files "`<<` has a value that cannot be merged, or is set twice.";
    InvalidEach "invalid-each" Files "`$each` has a value that is not a sequence, or a position that cannot be repeated.";
    InvalidCase "invalid-case" Files "`$case` has no key for a value, or is written incorrectly.";
    InvalidJson "invalid-json" Files "`$json` has a value that is neither a mapping nor a sequence, or has other keys next to it.";
    DuplicateKey "duplicate-key" Files "A mapping contains a key twice.";
    InvalidKey "invalid-key" Files "A key is not a string.";
    AmbiguousKey "ambiguous-key" Files "Some parsers read a key as a boolean, null, a number or a date.";
    KeyTooLong "key-too-long" Files "A key is longer than the limit of the Argo CD parser.";
    UncarriedCharacter "uncarried-character" Files "Go YAML parsers do not preserve a character.";
    UnrepresentableNumber "unrepresentable-number" Files "Parsers would change the value of a number.";
    AmbiguousScalar "ambiguous-scalar" Warning "YAML parsers disagree about an unquoted value.";
    YamlBudget "yaml-budget" Guard "A YAML file exceeds a limit: depth, documents, nodes or aliases.";
    // fleet.yaml and lists.
    WrongType "wrong-type" Files "A value has another type than expected, such as a mapping, a sequence or a string.";
    UnknownKey "unknown-key" Files "The key is not defined for this kind of file.";
    MissingKey "missing-key" Files "A required key is missing.";
    InvalidValue "invalid-value" Files "The value is not valid for its key.";
    NotAFleet "not-a-fleet" Files "fleet.yaml has another apiVersion or kind.";
    VariableNotAllowed "variable-not-allowed" Files "A value with `${…}` must not contain expressions.";
    ExpressionSyntax "expression-syntax" Files "A `${…}` does not match the grammar of clusterctl.";
    ExpressionFailed "expression-failed" Files "A function of `${…}` cannot process its value.";
    NotAList "not-a-list" Files "The file has no format of a list.";
    DotenvSyntax "dotenv-syntax" Files "A line of a `.env` file is not a plain assignment.";
    DotenvCommand "dotenv-command" Files "A `.env` file contains syntax that only a shell can evaluate.";
    EmptyList "empty-list" Guard "A list or a file is empty, so everything created from it would be deleted.";
    EmptySequence "empty-sequence" Warning "A sequence is empty for every cluster, so nothing is created from it.";
    TooFewClusters "too-few-clusters" Guard "The fleet has fewer clusters than safety.minClusters.";
    TooManyMembers "too-many-members" Guard "The number of members exceeds its limit.";
    DuplicateMember "duplicate-member" Files "Two entries have the same name.";
    UnknownField "unknown-field" Files "A member sets a field that `fields` does not declare.";
    MissingField "missing-field" Files "A member does not set a required field.";
    InvalidField "invalid-field" Files "A field of a member does not match its schema.";
    FixedVariable "fixed-variable" Files "A member, or an entry of its sequence, sets a variable that fleet.yaml sets.";
    ReservedVariable "reserved-variable" Files "The name is that of a built-in variable.";
    MemberExpression "member-expression" Files "A string that another engine might evaluate comes from a member, or a part of it does.";
    CaptureConflict "capture-conflict" Files "A member sets a field to another value than the path of its file.";
    DuplicateValue "duplicate-value" Files "Two members have the same value of a `unique` field.";
    OverlappingNetworks "overlapping-networks" Files "The `disjoint` networks of two members overlap.";
    InvalidSchema "invalid-schema" Files "The JSON Schema of a field is not valid.";
    UnanchoredPattern "unanchored-pattern" Warning "A pattern without ^ and $ matches anywhere in a string.";
    // Clusters.
    MissingVariable "missing-variable" Files "A variable is used but not set.";
    VariableCycle "variable-cycle" Files "Variables of fleet.yaml depend on each other in a cycle.";
    NotAText "not-a-text" Files "A sequence or a mapping is used inside a string.";
    InvalidName "invalid-name" Files "The name is not a valid Kubernetes name.";
    NameTooLong "name-too-long" Files "A name exceeds the limit of its kind.";
    ReservedName "reserved-name" Files "Members must not use this name.";
    InvalidLabel "invalid-label" Files "The key or the value of a label is not valid in Kubernetes.";
    ReservedLabel "reserved-label" Files "The label or annotation is reserved for a controller.";
    DuplicateCluster "duplicate-cluster" Files "Two members create a cluster of the same name.";
    ExistingCluster "existing-cluster" Files "A list of existing clusters must not set the name or labels of its clusters.";
    UnlabelledCluster "unlabelled-cluster" Files "An add-on for all clusters cannot select an existing cluster without the label.";
    UnscopedProfile "unscoped-profile" Warning "A profile of a named fleet can select clusters of other fleets.";
    UnknownGroup "unknown-group" Files "The label of a cluster names a group that is not in the list.";
    SharedNamespace "shared-namespace" Files "Two clusters get the same namespace from their variables.";
    InvalidSelector "invalid-selector" Files "A selector is not valid in Kubernetes, or cannot match any cluster.";
    SelectorMatchesNothing "selector-matches-nothing" Warning "A selector matches no cluster.";
    TooManySelections "too-many-selections" Guard "The number of selector evaluations exceeds its limit.";
    UnknownLabel "unknown-label" Warning "A selector uses a label that no cluster has.";
    UnusedVariable "unused-variable" Warning "A variable is never used.";
    // Add-ons.
    MissingSelector "missing-selector" Files "An add-on has no selector, and no add-on with a selector depends on it.";
    UnknownDependency "unknown-dependency" Files "`dependsOn` names no add-on and no profile.";
    DependencyCycle "dependency-cycle" Files "Add-ons depend on each other in a cycle.";
    DependencyNotSelected "dependency-not-selected" Files "An add-on is deployed to a cluster that its dependency does not select.";
    VariantConflict "variant-conflict" Files "Two variants of an add-on have the same name.";
    CannotVary "cannot-vary" Files "The delivery method does not support different values of this key for each cluster.";
    ReleaseConflict "release-conflict" Files "Two add-ons, or an add-on and a profile, install the same Helm release on a cluster.";
    ReleaseMoves "release-moves" Warning "Two add-ons install the same software on different clusters, so a label can uninstall it.";
    UnreachedLayer "unreached-layer" Warning "A file in a directory of `layers` is never used.";
    MissingSource "missing-source" Files "The delivery method reads the fleet's repository, and `source` does not name it.";
    CannotDeliver "cannot-deliver" Files "The delivery method does not support a key of the add-on.";
    InvalidDelivery "invalid-delivery" Files "The file of a delivery method contradicts itself, or creates no object.";
    OrderNotKept "order-not-kept" Warning "The delivery method does not wait for a dependency.";
    VariantNotTold "variant-not-told" Files "An add-on has variants, and no template creates the Cluster that would have the label.";
    // Cells and the lock.
    MissingCell "missing-cell" Files "A cluster does not have the label of its cell.";
    EmptyCell "empty-cell" Guard "The requested cell has no cluster.";
    LargeCell "large-cell" Warning "A cell has more objects than one Application should have.";
    InvalidLock "invalid-lock" Files "A line of fleet.lock names no cluster, or names one twice.";
    LockedCluster "locked-cluster" Guard "A cluster of fleet.lock would be deleted.";
    LockedCell "locked-cell" Guard "A cluster of fleet.lock would move to another cell.";
    LockedObject "locked-object" Guard "An object of fleet.lock, such as that of an add-on, would be deleted.";
    NotLocked "not-locked" Warning "A cluster, or an object of one, is not in fleet.lock.";
    Unlocked "unlocked" Guard "A cluster is not in fleet.lock, and the run requires it.";
    UnknownCluster "unknown-cluster" Files "A command names a cluster that the fleet does not have.";
    UnknownName "unknown-name" Files "A command names something else that the fleet does not have.";
    AmbiguousCluster "ambiguous-cluster" Files "A command names a cluster, but several match.";
    OtherChanges "other-changes" Guard "`add` or `remove` changes objects that its clusters do not own.";
    CannotEdit "cannot-edit" Files "A list cannot be edited without other changes.";
    // Templates and objects.
    UnusedProtection "unused-protection" Warning "No template creates a kind that safety.protect names.";
    UnprotectedCluster "unprotected-cluster" Warning "No guard prevents the deletion of a cluster without a Cluster of Cluster API.";
    NoSpoke "no-spoke" Files "A template is for spokes, and none of its clusters is a spoke.";
    MovableSpoke "movable-spoke" Warning "Members decide whether a cluster is a spoke, so a label can uninstall its add-ons.";
    NotRegistered "not-registered" Warning "An add-on looks up values in an Argo CD cluster Secret that no template creates.";
    UnknownBuiltin "unknown-builtin" Files "No built-in template has this name.";
    NotAnObject "not-an-object" Files "A document of a template is not a Kubernetes object.";
    NeverSet "never-set" Warning "A key with `?` refers to a variable that cannot be set.";
    UndecidedKey "undecided-key" Files "A key that an object must have is optional, or its value is a `$case`.";
    MissingNamespace "missing-namespace" Files "An object has no namespace, but its kind requires one.";
    ObjectList "object-list" Files "An object has `items`: Argo CD would apply the items, or nothing.";
    TargetMatchesNothing "target-matches-nothing" Files "The target of a patch matches no object of its template.";
    PatchFailed "patch-failed" Files "A patch cannot be applied to an object.";
    PatchTooLarge "patch-too-large" Guard "An object exceeds its limit after a patch.";
    InvalidVersion "invalid-version" Files "Cluster API rejects a Kubernetes version.";
    VersionWithoutV "version-without-v" Warning "A Kubernetes version has no v, which Cluster API adds.";
    InvalidNetwork "invalid-network" Files "A network of a Cluster is not in CIDR notation.";
    RefusedValue "refused-value" Files "The schema of a kind, or a webhook of Cluster API, rejects a value.";
    SharedAddresses "shared-addresses" Warning "The networks of a Cluster's Pods and Services overlap.";
    NothingToRotate "nothing-to-rotate" Warning "A template with `rotate` creates no object that `rotate` renames.";
    RotationCycle "rotation-cycle" Files "Objects that `rotate` renames refer to each other.";
    RotatedReference "rotated-reference" Files "A reference does not follow the name that `rotate` gives to its object.";
    UnknownReference "unknown-reference" Warning "An object refers to an object that no template creates.";
    LabelConflict "label-conflict" Files "A template sets a label that the fleet sets, too.";
    DuplicateObject "duplicate-object" Files "Two different objects have the same identity.";
    ContestedObject "contested-object" Files "Two clusters create an object that can belong to only one of them.";
    ManifestConflict "manifest-conflict" Files "Two add-ons apply the same object to a cluster.";
    ObjectTooLarge "object-too-large" Guard "An object exceeds its limit.";
    EmptyOutput "empty-output" Guard "The fleet has no output, so all of its objects would be deleted.";
    OutputTooLarge "output-too-large" Guard "The output exceeds its limit.";
    // Schemas.
    NotADefinition "not-a-definition" Files "A document of `schemas` is not a CustomResourceDefinition.";
    UnknownKind "unknown-kind" Files "A kind or its group does not exist.";
    UnknownVersion "unknown-version" Warning "A version of a kind is unknown, so its objects are not checked.";
    UndefinedField "undefined-field" Files "The schema of a kind has no such field.";
    IncompleteObject "incomplete-object" Files "An object lacks a field that its schema requires.";
    AutoscaledReplicas "autoscaled-replicas" Warning "The autoscaler and the fleet both set the size of a pool.";
    // Argo CD.
    NotAnApplication "not-an-application" Files "A file to check contains no Application and no ApplicationSet.";
    UnknownPlugin "unknown-plugin" Files "An Application of a fleet names no plugin, or another plugin than this version.";
    UnwatchedFolder "unwatched-folder" Files "Argo CD ignores changes in the directory of the fleet.";
    ParameterOverride "parameter-override" Files "A file in the directory of the fleet overrides parameters of Applications.";
    UnguardedPrune "unguarded-prune" Files "Argo CD automatically prunes objects that no guard protects.";
    ReplacingSync "replacing-sync" Files "Argo CD would replace or recreate the objects of a fleet.";
    ForegroundPruning "foreground-pruning" Warning "Argo CD would delete clusters in another order than Cluster API.";
    NotADirectory "not-a-directory" Files "The path of a source is not a directory.";
    UnrequiredLock "unrequired-lock" Warning "A fleet has a lock, but its Application does not require every cluster to be in it.";
    DuplicateApplication "duplicate-application" Files "Two Applications have the same name.";
    UnreadEnvironment "unread-environment" Warning "An Application sets environment variables that the plugin does not read.";
    UncheckedSource "unchecked-source" Warning "An Application, or a part of it, could not be checked.";
    DeletingFinalizer "deleting-finalizer" Files "The clusters would be deleted with their Application.";
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn names_are_kebab_case_and_unique() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert!(names.iter().all(|name| {
            name.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        }));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
