//! The output as a stream of bytes.

use std::io::{self, Write};

use super::output::Output;
use crate::yaml::print::{Format, SEPARATOR};

/// Number of bytes of each write. Half of the smallest common pipe capacity is the fastest.
const BLOCK: usize = 16 << 10;

impl Output {
    /// Writes all objects, in order.
    ///
    /// # Errors
    ///
    /// Returns the error of the writer.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut block: Vec<u8> = Vec::with_capacity(2 * BLOCK);
        for (index, object) in self.objects().enumerate() {
            if self.format == Format::Yaml && index > 0 {
                block.extend_from_slice(SEPARATOR);
            }
            object
                .pieces()
                .for_each(|piece| block.extend_from_slice(piece));
            block.push(b'\n');
            if block.len() >= BLOCK {
                out.write_all(&block)?;
                block.clear();
            }
        }
        out.write_all(&block)
    }
}
