//! Decisions of a generator, read from bytes, so that proptest and libFuzzer both make them.

/// The remaining decisions. Without bytes, each decision is the first option.
pub(crate) struct Choices<'b>(&'b [u8]);

impl<'b> Choices<'b> {
    /// Returns the decisions that bytes make.
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    /// Returns a number below a limit.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        usize::from(*first) % limit.max(1)
    }

    /// Returns an option.
    pub(crate) fn pick<T: Copy>(&mut self, options: &[T]) -> T {
        options[self.below(options.len())]
    }

    /// Returns `true` once in some decisions, and `false` without bytes.
    pub(crate) fn is_one_of(&mut self, number: usize) -> bool {
        self.below(number) + 1 == number
    }

    /// Returns `true` for half of the decisions, and `false` without bytes.
    pub(crate) fn is(&mut self) -> bool {
        self.is_one_of(2)
    }
}
