//! Where each entry of the journal stands in the whole run, so that journals of members played apart can be put
//! together again as one run would have written them (section 6.2).

use crate::value::clock::Moment;

/// How many bytes a moment takes.
const MOMENT: usize = 16;

/// Bytes whose order is the order of the run.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order(Vec<u8>);

/// What an entry belongs to within its moment, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// A timer that closes the day before.
    Closing,
    /// A timer that opens the day.
    Opening,
    /// An event that comes before the others: a return of an earlier purchase.
    Return,
    /// A redemption.
    Redeem,
    /// Any other event, and the returns of the purchase of the same moment.
    Event,
}

impl Order {
    /// The place of an entry whose number is known.
    pub fn nth(number: u64) -> Self {
        Self(number.to_be_bytes().to_vec())
    }

    /// The `step`-th entry of a timer of a member.
    pub fn timer(at: Moment, turn: Turn, member: &str, step: u32) -> Self {
        let mut order = Self::begun(at, turn);
        order.0.extend(member.bytes().flat_map(told));
        order.0.push(0);
        order.0.extend(step.to_be_bytes());
        order
    }

    /// The `step`-th entry of an event. `after`: the purchase of the same moment that a return follows.
    pub fn event(at: Moment, turn: Turn, id: &str, after: Option<&str>, step: u32) -> Self {
        let mut order = Self::begun(at, turn);
        natural(after.unwrap_or(id), &mut order.0);
        order.0.push(u8::from(after.is_some()));
        if after.is_some() {
            natural(id, &mut order.0);
        }
        order.0.extend(step.to_be_bytes());
        order
    }

    /// Behind all that a moment asked for has in, before all that comes later: the end of a day has no more of
    /// its moment than what closes that day; else the moment is in it whole (`through`).
    pub fn end(moment: Moment, through: bool) -> Self {
        if !through {
            return Self::begun(moment, Turn::Opening);
        }
        let mut order = Self::begun(moment, Turn::Event);
        order.0[MOMENT] += 1;
        order
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn begun(at: Moment, turn: Turn) -> Self {
        // Moved so that what lies before 1970 comes first.
        let nanoseconds = at.0.as_nanosecond().wrapping_sub(i128::MIN).cast_unsigned();
        let mut bytes = nanoseconds.to_be_bytes().to_vec();
        bytes.push(turn as u8);
        Self(bytes)
    }
}

/// A byte, so that 0 can stand for the end.
fn told(byte: u8) -> impl Iterator<Item = u8> {
    let marked = byte <= 1;
    marked.then_some(1).into_iter().chain([if marked { byte + 1 } else { byte }])
}

/// A text so that the order of the bytes is the natural order of the texts
/// ([`natural_cmp`](crate::value::natural_cmp)).
fn natural(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            out.extend(told(bytes[at]));
            at += 1;
            continue;
        }
        let end = bytes[at..].iter().position(|byte| !byte.is_ascii_digit()).map_or(bytes.len(), |more| at + more);
        let run = &bytes[at..end];
        let run = &run[run.iter().position(|byte| *byte != b'0').unwrap_or(run.len())..];
        // The longer run is the greater number; any digit stands where the others compare a digit.
        out.push(b'0');
        out.extend(u32::try_from(run.len()).unwrap_or(u32::MAX).to_be_bytes());
        out.extend(run);
        at = end;
    }
    out.push(0);
    // Texts that are alike but for leading zeros.
    out.extend(bytes.iter().copied().flat_map(told));
    out.push(0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::natural_cmp;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn events_of_a_moment_stand_in_natural_order(a in "[a-b019\u{0}\u{1}/:]{0,6}", b in "[a-b019\u{0}\u{1}/:]{0,6}") {
            let order = |id: &str| Order::event(Moment::MIN, Turn::Event, id, None, 0);
            prop_assert_eq!(order(&a).cmp(&order(&b)), natural_cmp(&a, &b));
        }

        #[test]
        fn timers_of_a_moment_stand_in_the_order_of_their_members(a in "[ab\u{0}\u{1}\u{2}]{0,4}", b in "[ab\u{0}\u{1}\u{2}]{0,4}") {
            let order = |id: &str| Order::timer(Moment::MIN, Turn::Opening, id, 0);
            prop_assert_eq!(order(&a).cmp(&order(&b)), a.cmp(&b));
        }
    }

    #[test]
    fn a_return_follows_its_purchase_of_the_same_moment() {
        let at = Moment::MIN;
        let purchase = Order::event(at, Turn::Event, "p2", None, 7);
        let back = Order::event(at, Turn::Event, "a1", Some("p2"), 0);
        let next = Order::event(at, Turn::Event, "p10", None, 0);
        assert!(purchase < back && back < next);
        assert!(Order::event(at, Turn::Return, "z", None, 0) < Order::event(at, Turn::Redeem, "a", None, 0));
        assert!(Order::timer(at, Turn::Closing, "z", 9) < Order::timer(at, Turn::Opening, "a", 0));
        assert!(Order::event(at, Turn::Event, "p2", None, 6) < purchase);
    }
}
