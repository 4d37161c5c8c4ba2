//! Versions of a program: `replaces "old.loyal" from DATE`, and who and what keeps to the old terms (section 6.15).
//!
//! All versions number their blocks alike: a block of one name has one id in each of them, so that balances, levels,
//! stamps and what limits have used up go over from one to the next by themselves. What only another version has
//! keeps its place in the lists and does nothing there ([`Program::has`]).

use super::Program;
use super::reading::Kind;
use crate::text::Span;
use crate::value::clock::Date;

/// `replaces "old.loyal" from DATE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaces {
    /// The old program's file, as written.
    pub path: String,
    /// The first day on which this program holds.
    pub from: Date,
    /// The clause.
    pub span: Span,
}

/// `keep old for … before DATE [until DATE]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// Earned, or joined, before this day.
    pub before: Date,
    /// The last day on which the old terms are kept; none: for good.
    pub until: Option<Date>,
    /// The clause.
    pub span: Span,
}

impl Keep {
    /// Whether the old terms are kept on `day` for what began on `since`.
    pub fn holds(&self, since: Date, day: Date) -> bool {
        since < self.before && self.until.is_none_or(|until| day <= until)
    }
}

/// What a program says of the one that came before it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Succession {
    /// Which program it replaces, and when.
    pub replaces: Option<Replaces>,
    /// `keep old for lots earned before …`.
    pub lots: Option<Keep>,
    /// `keep old for members joined before …`.
    pub members: Option<Keep>,
}

impl Program {
    /// Its versions, this one first and the oldest last.
    pub fn versions(&self) -> impl Iterator<Item = &Program> {
        std::iter::once(self).chain(&self.older)
    }

    /// The version of that number: 0 is this one, 1 the one before it.
    pub fn version(&self, number: usize) -> &Program {
        number.checked_sub(1).and_then(|at| self.older.get(at)).unwrap_or(self)
    }

    /// The number of the version under which a member who joined on that day is on `day`.
    ///
    /// ```
    /// # use loyal::{check::check, syntax::parse_text, text::Sources};
    /// # let text = "loyal 1\nprogram p {\n  money EUR\n  clock zone \"Europe/Paris\"\n}\n";
    /// # let mut sources = Sources::default();
    /// # let parsed = parse_text(&mut sources, "p.loyal", text);
    /// let program = check(&parsed.ast, &sources).program.unwrap();
    /// let day = jiff::civil::date(2026, 2, 3);
    /// // A program that replaces none holds on every day.
    /// assert_eq!(program.version_on(day, None), 0);
    /// ```
    pub fn version_on(&self, day: Date, joined: Option<Date>) -> usize {
        let holds = |version: &&Program| {
            let Some(replaces) = &version.settings.succession.replaces else { return true };
            let kept = |keep: Keep| joined.is_some_and(|joined| keep.holds(joined, day));
            day >= replaces.from && !version.settings.succession.members.is_some_and(kept)
        };
        self.versions().position(|version| holds(&version)).unwrap_or(self.older.len())
    }

    /// The number of the version by whose `expire` points end that were earned on `earned`, as it is on `day`.
    pub fn version_of_lot(&self, day: Date, joined: Option<Date>, earned: Date) -> usize {
        let mut number = self.version_on(day, joined);
        while number < self.older.len()
            && self.version(number).settings.succession.lots.is_some_and(|keep| keep.holds(earned, day))
        {
            number += 1;
        }
        number
    }

    /// The first day after `day` on which another version may hold for somebody or something.
    pub fn changes_after(&self, day: Date) -> Option<Date> {
        let days = self.versions().take(self.older.len()).flat_map(|version| {
            let succession = &version.settings.succession;
            let ended = |keep: Option<Keep>| keep.and_then(|keep| keep.until?.tomorrow().ok());
            let begins = succession.replaces.as_ref().map(|replaces| replaces.from);
            [begins, ended(succession.lots), ended(succession.members)]
        });
        days.flatten().filter(|change| *change > day).min()
    }

    /// Whether members share anything with those they live with, under any version.
    pub fn shares_homes(&self) -> bool {
        self.versions().any(|version| version.household.is_some())
    }

    /// The number of the block of that name, where this version has it; `names` are those of all blocks of the kind.
    pub fn named<'n>(&self, kind: Kind, names: impl Iterator<Item = &'n str>, name: &str) -> Option<usize> {
        names.enumerate().find(|(at, one)| *one == name && self.has(kind, *at)).map(|(at, _)| at)
    }

    /// Whether this version has that block; else its place is only kept for another version's.
    pub fn has(&self, kind: Kind, number: usize) -> bool {
        !self.absent.contains(&(kind, number))
    }
}
