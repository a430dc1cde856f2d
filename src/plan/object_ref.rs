//! References to objects of the output.

use super::template::Template;

/// A reference to an object of the output: its section, its number in the section's program, and the
/// instance. The three numbers share 64 bits, because there is one reference for each object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectRef(u64);

const OBJECT_BITS: u32 = 14;
const INSTANCE_BITS: u32 = 26;
/// Maximum number of sections of an output.
const MAX_SECTIONS: usize = 1 << (u64::BITS - OBJECT_BITS - INSTANCE_BITS);
/// Maximum number of objects of a section's program. A file has at most 10,000 documents.
const MAX_OBJECTS: usize = 1 << OBJECT_BITS;
/// Maximum number of instances of a section.
const MAX_INSTANCES: usize = 1 << INSTANCE_BITS;

impl ObjectRef {
    /// Returns a reference to an object of an instance of a section.
    ///
    /// # Panics
    ///
    /// Panics if a number does not fit: [`fits`] is checked before.
    pub fn new(section: usize, instance: usize, object: usize) -> Self {
        let is_small = section < MAX_SECTIONS && object < MAX_OBJECTS && instance < MAX_INSTANCES;
        assert!(
            is_small,
            "an output with numbers that do not fit is rejected"
        );
        let (section, object, instance) = (section as u64, object as u64, instance as u64);
        Self((section << OBJECT_BITS | object) << INSTANCE_BITS | instance)
    }

    /// Returns the number of the section.
    pub fn section(self) -> usize {
        (self.0 >> (OBJECT_BITS + INSTANCE_BITS)) as usize
    }

    /// Returns the number of the object in the section's program.
    pub fn object(self) -> usize {
        (self.0 >> INSTANCE_BITS) as usize % MAX_OBJECTS
    }

    /// Returns the number of the section's instance.
    pub fn position(self) -> usize {
        (self.0 % (1 << INSTANCE_BITS)) as usize
    }
}

/// Returns `true` if the objects of some templates can be referenced.
pub fn fits(templates: &[&Template]) -> bool {
    let is_small = |template: &&Template| {
        template.objects.len() <= MAX_OBJECTS && template.instances.len() <= MAX_INSTANCES
    };
    // One more section has the Namespaces.
    templates.len() < MAX_SECTIONS && templates.iter().all(is_small)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_remain_distinct() {
        let largest = (MAX_SECTIONS - 1, MAX_INSTANCES - 1, MAX_OBJECTS - 1);
        for (section, instance, object) in [(0, 0, 0), (65_536, 3, 9), (1, 65_536, 0), largest] {
            let at = ObjectRef::new(section, instance, object);
            let read = (at.section(), at.position(), at.object());
            assert_eq!(read, (section, instance, object));
        }
    }
}
