//! Many texts in one piece of memory.

/// Texts one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    ends: Vec<u32>,
    text: String,
}

impl Texts {
    /// How many.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text at a place.
    pub fn get(&self, at: usize) -> &str {
        let from = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.text[from..self.ends[at] as usize]
    }

    /// None any more; what there is room for is kept.
    pub fn clear(&mut self) {
        self.ends.clear();
        self.text.clear();
    }

    /// How many bytes of memory they take, with what is kept ready for more.
    pub fn size(&self) -> usize {
        self.text.capacity() + self.ends.capacity() * 4
    }

    /// All of them, one after the other, and where each ends.
    pub fn parts(&self) -> (&str, &[u32]) {
        (&self.text, &self.ends)
    }

    /// From what [`Texts::parts`] gave; none where the ends do not ascend to the end of the text, or cut a
    /// letter in two.
    pub fn of_parts(text: String, ends: Vec<u32>) -> Option<Self> {
        let last = ends.last().map_or(0, |end| *end as usize);
        let sound = ends.is_sorted() && ends.iter().all(|end| text.is_char_boundary(*end as usize));
        (sound && last == text.len()).then_some(Self { ends, text })
    }

    /// Adds all of another.
    pub fn append(&mut self, other: &Texts) {
        let from = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.text.push_str(&other.text);
        self.ends.extend(other.ends.iter().map(|end| from.saturating_add(*end)));
    }

    /// Adds one. A pile is split long before its texts reach 4 GiB.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }
}
