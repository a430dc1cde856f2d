//! Fleets in memory, as properties generate and change them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use kubectl_fleet::yaml::print::Format;

use super::{Fleet, Printed, Rejected, compile_dir};
use crate::repository;

/// The files of a fleet by path.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FleetFiles(pub(crate) BTreeMap<String, Vec<u8>>);

impl FleetFiles {
    /// Returns a fleet of text files.
    pub(crate) fn new<const N: usize>(files: [(&str, String); N]) -> Self {
        let bytes = |(path, text): (&str, String)| (path.to_owned(), text.into_bytes());
        Self(files.into_iter().map(bytes).collect())
    }

    /// Reads the fleet in a directory.
    pub(crate) fn read(dir: &Path) -> Self {
        let files = repository::files(dir).into_iter();
        let read = |path: String| {
            let contents = fs::read(dir.join(&path)).unwrap();
            (path, contents)
        };
        Self(files.map(read).collect())
    }

    /// Returns the fleets of `testdata/ok` by the name of their case.
    pub(crate) fn cases() -> BTreeMap<String, Self> {
        let case = |path: &Path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            (name.to_owned(), Self::read(&path.join("in")))
        };
        let cases = repository::entries("testdata/ok");
        cases.iter().map(|path| case(path)).collect()
    }

    /// Returns the text files.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let text = |(path, bytes)| Some((path, std::str::from_utf8(bytes).ok()?));
        self.0
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
            .filter_map(text)
    }

    /// Returns the fleet with the contents of every file changed.
    pub(crate) fn map(&self, change: impl Fn(&str) -> String) -> Self {
        let text = |(path, text): (&str, &str)| (path.to_owned(), change(text).into_bytes());
        let mut fleet = self.clone();
        fleet.0.extend(self.texts().map(text));
        fleet
    }

    /// Writes the fleet into a temporary directory.
    pub(crate) fn write(&self) -> Fleet {
        let add = |fleet: Fleet, (path, contents): (&String, &Vec<u8>)| fleet.with(path, contents);
        self.0.iter().fold(Fleet::empty(), add)
    }

    /// Compiles to both formats, which are rejected together. Other parsers read the same objects from both.
    pub(crate) fn compile(&self) -> Result<Printed, Rejected> {
        let fleet = self.write();
        let yaml = compile_dir(fleet.dir(), Format::Yaml);
        let json = compile_dir(fleet.dir(), Format::Json);
        match (yaml, json) {
            (Ok(yaml), Ok(json)) => Ok(Printed::checked(yaml, json)),
            (Err(yaml), Err(json)) => {
                assert_eq!(yaml.text, json.text, "both formats have the same messages");
                Err(yaml)
            }
            (yaml, json) => panic!("one format is rejected: {yaml:?} {json:?}"),
        }
    }

    /// Does the same for tests of many fleets, most of which are rejected: a rejected fleet is compiled once.
    pub(crate) fn try_compile(&self) -> Result<Printed, Rejected> {
        let fleet = self.write();
        let json = compile_dir(fleet.dir(), Format::Json)?;
        let yaml = compile_dir(fleet.dir(), Format::Yaml).expect("one format is rejected");
        Ok(Printed::checked(yaml, json))
    }
}
