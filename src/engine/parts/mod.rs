//! A history split by member, each part played by whichever interpreter can.

use crate::engine::outcome::{Entry, MemberView, Reason};

/// What playing one member came to.
#[derive(Debug, Default)]
pub struct Played {
    /// Her state at each moment asked for, in time order; none where the program does not know her by then.
    pub views: Vec<Option<MemberView>>,
    /// What of hers was rejected: the event, the reason, and the first of the moments that has it in.
    pub rejected: Vec<(String, Reason, usize)>,
    /// What happened to her, when the journal is wanted.
    pub journal: Vec<Entry>,
}

/// Takes in what members come to: one for each part, filled by one worker.
pub trait Take: Send {
    /// One member, and what playing her came to.
    fn member(&mut self, id: &str, played: &Played);
}
