//! The lines of a lock, with the comments above them.

use std::collections::BTreeMap;

use crate::input::lock::SET_MARK;

/// A lock whose lines are replaced and added.
pub(super) struct Lines {
    /// The lines by their first word, each below its comments.
    blocks: BTreeMap<String, Block>,
    /// The comments at the end.
    end: String,
    /// The number of added lines.
    pub(super) added: usize,
    /// The number of changed lines.
    pub(super) changed: usize,
}

struct Block {
    comments: String,
    line: String,
}

impl Lines {
    /// Reads the lines of a lock.
    pub(super) fn new(text: &str) -> Self {
        let mut lines = Self {
            blocks: BTreeMap::new(),
            end: String::new(),
            added: 0,
            changed: 0,
        };
        for line in text.lines() {
            if line.trim().is_empty() || line.trim_start().starts_with('#') {
                lines.end.push_str(line);
                lines.end.push('\n');
            } else {
                let comments = std::mem::take(&mut lines.end);
                let line = format!("{}\n", line.trim());
                lines.blocks.insert(key(&line), Block { comments, line });
            }
        }
        lines
    }

    /// Adds a line, or replaces the line with the same first word.
    pub(super) fn set(&mut self, line: String) {
        let comments = String::new();
        match self.blocks.get_mut(&key(&line)) {
            None => {
                self.added += 1;
                self.blocks.insert(key(&line), Block { comments, line });
            }
            Some(block) if block.line == line => {}
            Some(block) => {
                self.changed += 1;
                block.line = line;
            }
        }
    }

    /// Adds the line of a cluster with its set. A line that exists keeps everything else.
    pub(super) fn set_cluster(&mut self, line: &str, set: Option<&str>) {
        let known = self.blocks.get(&key(line));
        let line = known.map_or(line, |block| &block.line);
        let words = line.split_whitespace();
        let words = words.filter(|word| !word.starts_with(SET_MARK));
        let words: Vec<&str> = words.collect();
        let set = set.map_or(String::new(), |set| format!(" {SET_MARK}{set}"));
        self.set(format!("{}{set}\n", words.join(" ")));
    }

    /// Removes the sets that no cluster has any more.
    pub(super) fn retain_sets(&mut self, is_used: impl Fn(&str) -> bool) {
        self.blocks.retain(|key, _| {
            let is_kept = key.strip_prefix(SET_MARK).is_none_or(&is_used);
            self.changed += usize::from(!is_kept);
            is_kept
        });
    }

    /// Returns the text of the lock, sorted.
    pub(super) fn into_text(self) -> String {
        let blocks = self.blocks.into_values();
        let lines = blocks.flat_map(|block| [block.comments, block.line]);
        lines.chain([self.end]).collect()
    }
}

fn key(line: &str) -> String {
    line.split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn new_lines_are_sorted_and_comments_remain() {
        let mut lines = Lines::new("# the first\na/a eu\n\n# the last\nz/z eu +2\n# end\n+2 b/x\n");
        for cluster in ["m/m eu\n", "a/a eu\n", "z/z eu\n"] {
            lines.set_cluster(cluster, Some("1"));
        }
        lines.set("+1 a/x\n".to_owned());
        lines.retain_sets(|id| id == "1");
        assert_eq!((lines.added, lines.changed), (2, 3));
        assert_eq!(
            lines.into_text(),
            "+1 a/x\n# the first\na/a eu +1\nm/m eu +1\n\n# the last\nz/z eu +1\n"
        );
    }
}
