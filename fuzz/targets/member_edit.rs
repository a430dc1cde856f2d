//! An edit of one entry of a list of a generated fleet: it loses no object of another member.

#![no_main]

#[path = "../../tests/suite/properties/member_edits/belongings.rs"]
mod belongings;
#[path = "../../tests/suite/properties/member_edits/choices.rs"]
mod choices;
#[path = "../../tests/suite/properties/member_edits/members.rs"]
mod members;
#[path = "../../tests/suite/properties/member_edits/platform.rs"]
mod platform;
#[path = "../../tests/suite/properties/member_edits/scenario.rs"]
mod scenario;
#[path = "../../tests/suite/properties/member_edits/templates.rs"]
mod templates;

use libfuzzer_sys::fuzz_target;
use scenario::Scenario;

fuzz_target!(|bytes: &[u8]| {
    let scenario = Scenario::generate(bytes);
    if let Err(lost) = scenario.check() {
        panic!("{lost}\n{scenario:#?}");
    }
});
