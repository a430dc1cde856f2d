//! The table of all codes. A code never changes its meaning.

/// Why a run ends with an error; the process exits with this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// The fleet's files are wrong.
    Files = 3,
    /// A guard or a budget refused.
    Guard = 4,
    /// The environment failed: a disk, a folder that is not there.
    Environment = 5,
}

macro_rules! codes {
    ($($variant:ident $name:literal $exit:ident $about:literal;)*) => {
        /// What kind of mistake or warning a message tells of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the table says what each means")]
        pub enum Code { $($variant,)* }

        impl Code {
            /// All codes, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as people see it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// One sentence for the documentation.
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => $about,)* }
            }

            /// Whether it tells of YAML, whatever the file is for.
            pub fn is_yaml(self) -> bool {
                (Self::YamlSyntax..=Self::YamlBudget).contains(&self) && self != Self::AmbiguousScalar
            }

            /// The exit code; none for a warning.
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
    NoFleet "no-fleet" Files "The folder holds no fleet.yaml.";
    NoSuchFile "no-such-file" Files "A path of fleet.yaml names no file.";
    NotAFile "not-a-file" Files "A path names a folder, a pipe, a socket or a device.";
    UnreadableFile "unreadable-file" Files "A file may not be read, or is not UTF-8.";
    InvalidPath "invalid-path" Files "A path or a file's name cannot be used.";
    TwinFiles "twin-files" Files "Two file names differ only in case or in how letters are composed.";
    EmptyFile "empty-file" Warning "A file holds no document.";
    OutsideFolder "outside-folder" Guard "A path or a link leaves the fleet's folder.";
    FileTooLarge "file-too-large" Guard "A file is larger than its budget.";
    TooManyFiles "too-many-files" Guard "The files together are larger or more than their budget.";
    InvalidParameter "invalid-parameter" Files "Argo CD's parameters are not those of the plugin.";
    MissingParameter "missing-parameter" Files "The fleet has cells, and Argo CD's parameters name none.";
    FileExists "file-exists" Environment "A file that would be written is there already.";
    Io "io" Environment "The disk did not answer as it should.";
    // YAML.
    YamlSyntax "yaml-syntax" Files "A text is not YAML.";
    YamlDirective "yaml-directive" Files "A YAML directive such as %YAML; kubectl refuses it.";
    YamlTag "yaml-tag" Files "A YAML tag other than !!str.";
    UnknownAlias "unknown-alias" Files "An alias names no anchor before it in its document.";
    RecursiveAlias "recursive-alias" Files "An anchor contains its own alias.";
    InvalidMerge "invalid-merge" Files "`<<` is given something that cannot be spread, or twice.";
    InvalidEach "invalid-each" Files "`$each` is given something that is no list, or stands where nothing is repeated.";
    InvalidCase "invalid-case" Files "`$case` has no key for a value, or is written incorrectly.";
    InvalidJson "invalid-json" Files "`$json` is given something that is no map and no list, or stands beside other keys.";
    DuplicateKey "duplicate-key" Files "A mapping says a key twice.";
    InvalidKey "invalid-key" Files "A key is not a string.";
    AmbiguousKey "ambiguous-key" Files "A key that some readers take for a boolean, a null, a number or a date.";
    KeyTooLong "key-too-long" Files "A key is longer than Argo CD's reader accepts.";
    UncarriedCharacter "uncarried-character" Files "A character that Go's YAML readers cannot carry.";
    UnrepresentableNumber "unrepresentable-number" Files "A number that would change its value on the way.";
    AmbiguousScalar "ambiguous-scalar" Warning "YAML readers disagree about an unquoted word.";
    YamlBudget "yaml-budget" Guard "A YAML file is deeper, longer or expands to more than its budget.";
    // fleet.yaml and lists.
    WrongType "wrong-type" Files "Something else was expected here: a mapping, a list, a text.";
    UnknownKey "unknown-key" Files "A key that the file's kind does not have.";
    MissingKey "missing-key" Files "A key that is required.";
    InvalidValue "invalid-value" Files "A value that its key does not take.";
    NotAFleet "not-a-fleet" Files "fleet.yaml has another apiVersion or kind.";
    VariableNotAllowed "variable-not-allowed" Files "`${…}` where the fleet takes only final text.";
    ExpressionSyntax "expression-syntax" Files "A `${…}` that does not follow clusterctl's grammar.";
    ExpressionFailed "expression-failed" Files "A `${…}` whose function cannot take this value.";
    NotAList "not-a-list" Files "A list file has none of the shapes of a list.";
    DotenvSyntax "dotenv-syntax" Files "A line of a `.env` file is no plain assignment.";
    DotenvCommand "dotenv-command" Files "A `.env` file says what only a running shell can tell.";
    EmptyList "empty-list" Guard "A list yields no member: everything it made would be deleted.";
    TooFewClusters "too-few-clusters" Guard "The fleet has fewer clusters than safety.minClusters.";
    TooManyMembers "too-many-members" Guard "More members than their budget.";
    DuplicateMember "duplicate-member" Files "Two entries name the same member.";
    UnknownField "unknown-field" Files "A member says a field that `fields` does not have.";
    MissingField "missing-field" Files "A member lacks a required field.";
    InvalidField "invalid-field" Files "A member's field does not meet its schema.";
    FixedVariable "fixed-variable" Files "A member says a variable that fleet.yaml fixes.";
    ReservedVariable "reserved-variable" Files "A name that is a built-in variable's.";
    MemberExpression "member-expression" Files "A member's text holds `{{` or `${`: another engine might run it.";
    CaptureConflict "capture-conflict" Files "A member says something else than the path of its file.";
    DuplicateValue "duplicate-value" Files "Two members share the value of a `unique` field.";
    OverlappingNetworks "overlapping-networks" Files "Two members' `disjoint` networks overlap.";
    InvalidSchema "invalid-schema" Files "A field's JSON Schema is wrong.";
    UnanchoredPattern "unanchored-pattern" Warning "A pattern matches anywhere in the text; anchor it with ^ and $.";
    // Clusters.
    MissingVariable "missing-variable" Files "A variable that is used is not set.";
    VariableCycle "variable-cycle" Files "Variables of fleet.yaml need each other.";
    NotAText "not-a-text" Files "A list or a mapping stands inside a text.";
    InvalidName "invalid-name" Files "A name that Kubernetes refuses.";
    NameTooLong "name-too-long" Files "A name beyond its kind's limit.";
    ReservedName "reserved-name" Files "A name that members may not take.";
    InvalidLabel "invalid-label" Files "A label's key or value that Kubernetes refuses.";
    ReservedLabel "reserved-label" Files "A label that belongs to a controller.";
    DuplicateCluster "duplicate-cluster" Files "Two members make a cluster of the same name.";
    ExistingCluster "existing-cluster" Files "A list of clusters that exist already, and keys that would say what they are.";
    UnlabelledCluster "unlabelled-cluster" Files "An add-on for all clusters cannot reach one that exists already: it lacks the label.";
    UnknownGroup "unknown-group" Files "A cluster's label names a group that its list does not have.";
    SharedNamespace "shared-namespace" Files "Two clusters get the same namespace by their variables.";
    InvalidSelector "invalid-selector" Files "A selector that Kubernetes would refuse, or that can match nothing.";
    SelectorMatchesNothing "selector-matches-nothing" Warning "A selector matches no cluster.";
    TooManySelections "too-many-selections" Guard "More selectors and clusters than their budget.";
    UnknownLabel "unknown-label" Warning "A selector reads a label that no cluster has.";
    UnusedVariable "unused-variable" Warning "Nothing reads a variable.";
    // Add-ons.
    MissingSelector "missing-selector" Files "An add-on says no clusters, and nothing that depends on it does.";
    UnknownDependency "unknown-dependency" Files "`dependsOn` names no add-on and no profile.";
    DependencyCycle "dependency-cycle" Files "Add-ons depend on each other in a circle.";
    DependencyNotSelected "dependency-not-selected" Files "An add-on goes where what it depends on does not.";
    VariantConflict "variant-conflict" Files "Two variants of an add-on have the same name.";
    CannotVary "cannot-vary" Files "A part of an add-on that its delivery cannot make different for each cluster.";
    ReleaseConflict "release-conflict" Files "Two add-ons install the same Helm release on a cluster.";
    UnreachedLayer "unreached-layer" Warning "No cluster and no add-on reads a file in a folder of `layers`.";
    MissingSource "missing-source" Files "An add-on's delivery reads the fleet's repository, and `source` does not name it.";
    CannotDeliver "cannot-deliver" Files "An add-on's delivery cannot do what the add-on asks for.";
    InvalidDelivery "invalid-delivery" Files "The file of a delivery method contradicts itself, or creates nothing.";
    OrderNotKept "order-not-kept" Warning "An add-on's delivery does not wait for what the add-on depends on.";
    VariantNotTold "variant-not-told" Files "An add-on comes in variants, and a cluster's object is not printed with its own.";
    // Cells and the lock.
    MissingCell "missing-cell" Files "A cluster lacks the label that tells its cell.";
    EmptyCell "empty-cell" Guard "No cluster is in the cell that is asked for.";
    LargeCell "large-cell" Warning "A cell has more objects than one Application can carry.";
    InvalidLock "invalid-lock" Files "A line of fleet.lock that names no cluster, or one that is there already.";
    LockedCluster "locked-cluster" Guard "A cluster of fleet.lock would be deleted.";
    LockedCell "locked-cell" Guard "A cluster of fleet.lock would go to another cell.";
    NotLocked "not-locked" Warning "A cluster is not in fleet.lock.";
    Unlocked "unlocked" Guard "A cluster is not in fleet.lock, and it has to be.";
    UnknownCluster "unknown-cluster" Files "A command names a cluster that the fleet does not have.";
    CannotEdit "cannot-edit" Files "A list cannot be edited so that just the wanted change is made.";
    // Templates and objects.
    UnusedProtection "unused-protection" Warning "No template makes a kind that safety.protect names.";
    NoSpoke "no-spoke" Files "A template is for spokes, and none of its clusters is one.";
    NotRegistered "not-registered" Warning "An add-on looks up what no template makes: the cluster's Secret of Argo CD.";
    UnknownBuiltin "unknown-builtin" Files "No built-in template has this name.";
    NotAnObject "not-an-object" Files "A document of a template is no Kubernetes object.";
    NeverSet "never-set" Warning "A key with `?` refers to a variable that nothing can set.";
    UndecidedKey "undecided-key" Files "A key that an object must have is optional, or its value is a `$case`.";
    MissingNamespace "missing-namespace" Files "An object of a group or of the fleet says no namespace.";
    ObjectList "object-list" Files "An object with `items`: Argo CD would print the items, or nothing.";
    TargetMatchesNothing "target-matches-nothing" Files "A patch's target matches no object of its template.";
    PatchFailed "patch-failed" Files "A patch cannot be applied to an object.";
    PatchTooLarge "patch-too-large" Guard "A patch makes an object grow beyond its budget.";
    InvalidVersion "invalid-version" Files "A version of Kubernetes that Cluster API refuses.";
    VersionWithoutV "version-without-v" Warning "A version of Kubernetes without its v, which Cluster API adds.";
    InvalidNetwork "invalid-network" Files "A network of a Cluster that is not in CIDR notation.";
    RefusedValue "refused-value" Files "A value that Cluster API's webhooks refuse.";
    SharedAddresses "shared-addresses" Warning "The networks of a Cluster's Pods and Services overlap.";
    NothingToRotate "nothing-to-rotate" Warning "A template with `rotate` makes no object that it would rename.";
    RotationCycle "rotation-cycle" Files "Objects that `rotate` renames refer to each other.";
    RotatedReference "rotated-reference" Files "A reference does not follow the name that `rotate` gives to what it means.";
    UnknownReference "unknown-reference" Warning "An object refers to one that no template makes.";
    LabelConflict "label-conflict" Files "A template sets a label that the fleet sets too.";
    DuplicateObject "duplicate-object" Files "Two different objects have one identity.";
    ObjectTooLarge "object-too-large" Guard "An object is larger than its budget.";
    EmptyOutput "empty-output" Guard "The fleet would print nothing: everything it made would be deleted.";
    OutputTooLarge "output-too-large" Guard "The output is larger than its budget.";
    // Argo CD.
    NotAnApplication "not-an-application" Files "A file to check holds no Application and no ApplicationSet.";
    UnknownPlugin "unknown-plugin" Files "An Application of a fleet names no plugin, or one that this version is not.";
    UnwatchedFolder "unwatched-folder" Files "Argo CD would take no notice of changes of the fleet.";
    ParameterOverride "parameter-override" Files "A file in the fleet's folder overrides what Applications say.";
    UnguardedPrune "unguarded-prune" Files "Argo CD prunes by itself what no guard of the fleet holds back.";
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
