//! The table of blocks: which there are, how they are named, which clauses each may have, in the
//! order the formatter puts them. A new mechanic is one file with its [`BlockSpec`] and a line here.

use super::{
    activity, budget, card, challenge, coupon, discount, draw, example, gift, household, list, membership, offer,
    partner, payout, pilot, points, promise, reward, rule, scenario, segment, settings, stack, tiers,
};

/// A kind of block.
#[derive(Debug)]
pub struct BlockSpec {
    /// Its keyword.
    pub keyword: &'static str,
    /// What stands between the keyword and the brace.
    pub head: Head,
    /// Its clauses, in the formatter's order.
    pub clauses: &'static [ClauseSpec],
    /// Whether the order of its clauses means something, so that the formatter leaves it.
    pub ordered: bool,
    /// What it is for, in a few words.
    pub says: &'static str,
}

/// What stands between the keyword and the brace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Head {
    /// A name.
    Name,
    /// A name and perhaps `plural name`.
    NameAndPlural,
    /// A text in quotes.
    Title,
    /// Nothing (`promise`, `household`).
    Nothing,
    /// A name and a tail, no braces (`list`, `calendar`).
    Tail,
}

/// A clause a block may have.
#[derive(Debug)]
pub struct ClauseSpec {
    /// Its first word.
    pub keyword: &'static str,
    /// Whether it may be said more than once.
    pub repeats: bool,
    /// How it is written, for messages: `worth 0.05 RON each`.
    pub like: &'static str,
    /// The clause it belongs to: it stays under the one it was written under (`benefit` under its `level`).
    pub under: Option<&'static str>,
}

/// The keyword, in a [`ClauseSpec`], of a clause that begins with a figure: `10000 RON per month`.
pub const FIGURE: &str = "amount";

/// A clause said at most once.
pub const fn once(keyword: &'static str, like: &'static str) -> ClauseSpec {
    ClauseSpec { keyword, repeats: false, like, under: None }
}

/// A clause that may be said again.
pub const fn many(keyword: &'static str, like: &'static str) -> ClauseSpec {
    ClauseSpec { keyword, repeats: true, like, under: None }
}

/// A clause that may be said again and belongs to the one it stands under.
pub const fn under(of: &'static str, keyword: &'static str, like: &'static str) -> ClauseSpec {
    ClauseSpec { keyword, repeats: true, like, under: Some(of) }
}

impl BlockSpec {
    /// Whether it is an `example`, whose lines tell of events.
    pub fn is_example(&self) -> bool {
        self.head == Head::Title
    }

    /// The place of a clause in the formatter's order; one that belongs to another shares its place.
    pub fn order(&self, keyword: &str) -> Option<usize> {
        let keyword = self.clause(keyword)?;
        let keyword = keyword.under.unwrap_or(keyword.keyword);
        self.clauses.iter().position(|clause| clause.keyword == keyword)
    }

    /// The clause of that keyword; a figure is the keyword of a clause that begins with one.
    pub fn clause(&self, keyword: &str) -> Option<&'static ClauseSpec> {
        let keyword = if keyword.starts_with(|c: char| c.is_ascii_digit()) { FIGURE } else { keyword };
        self.clauses.iter().find(|clause| clause.keyword == keyword)
    }
}

/// All kinds of block, in the order of section 3.
pub static BLOCKS: &[&BlockSpec] = &[
    &settings::BLOCK,
    &points::BLOCK,
    &rule::EARN,
    &rule::BONUS,
    &stack::BLOCK,
    &tiers::BLOCK,
    &card::BLOCK,
    &discount::BLOCK,
    &gift::BLOCK,
    &reward::BLOCK,
    &coupon::BLOCK,
    &segment::BLOCK,
    &offer::BLOCK,
    &draw::BLOCK,
    &membership::BLOCK,
    &household::BLOCK,
    &budget::BLOCK,
    &pilot::BLOCK,
    &partner::BLOCK,
    &activity::BLOCK,
    &promise::BLOCK,
    &example::BLOCK,
    &scenario::BLOCK,
    &challenge::BLOCK,
    &payout::BLOCK,
    &list::LIST,
    &list::CALENDAR,
];

/// The block of that keyword.
pub fn block(keyword: &str) -> Option<&'static BlockSpec> {
    BLOCKS.iter().copied().find(|block| block.keyword == keyword)
}
