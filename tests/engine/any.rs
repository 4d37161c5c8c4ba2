//! Promises that hold of any history: balances are the sum of their postings, and what comes later
//! never changes what was.

use crate::build::*;
use loyal::engine::outcome::Snapshot;
use loyal::ledger::History;
use loyal::mechanics::basis::{Basis, Pick};
use loyal::mechanics::card::{CardLife, StampPer};
use loyal::mechanics::gift::Valid;
use loyal::mechanics::give::{What, Whom};
use loyal::mechanics::points::{Expiry, Life, Pending, Renewal, Scope};
use loyal::mechanics::rule::Trigger;
use loyal::mechanics::tiers::{Lasts, Miss, Reach};
use loyal::mechanics::{BudgetId, CardId, GiftId, PointsId, Program, StackId, TiersId};
use loyal::text::Span;
use loyal::value::clock::{Length, Period, Window};
use proptest::prelude::*;

/// A program with a little of everything.
fn everything(variant: u8) -> Program {
    let mut program = program();
    let odd = variant % 2 == 1;
    let mut mile = points("mile");
    mile.expiry = Expiry::Sliding { length: Length::Days(20), without: vec![Renewal::Purchase, Renewal::Redeem] };
    mile.pending = Pending::Days(3);
    mile.decimals = 1;
    mile.scope = if odd { Scope::Line } else { Scope::Rule };
    program.points.push(mile);
    program.points[0].expiry = Expiry::After(Life { length: Length::Days(15), at_end_of: odd.then_some(Period::Week) });
    program.points[0].owe = n("20");
    program.points[0].scope = if odd { Scope::Month } else { Scope::Receipt };
    program.points[0].caps = vec![cap("60", Window::Calendar(Period::Week))];
    program.points[0].transfer = vec![cap("30", MONTH)];
    let miles =
        What::Rate { unit: PointsId(1), number: n("1"), or: Vec::new(), per: n("3"), full: false, basis: total() };
    program.rules = vec![
        base(),
        bonus("double", percent_of("50", 0)),
        rule("miles", Trigger::Purchase, miles),
        rule("up", Trigger::LevelUp(TiersId(0)), fixed("7")),
        rule("full", Trigger::Full(CardId(0)), fixed("4")),
        rule("monthly", Trigger::Every { period: Period::Month, at_start: odd }, fixed("2")),
        rule("quiet", Trigger::NoPurchaseIn(10), fixed("3")),
        rule("mug", Trigger::Visit, What::Gift(GiftId(1), 1)),
        rule("paid", Trigger::FirstPurchaseOfFriend, fixed("9")),
    ];
    program.rules[1].group = Some(StackId(0));
    program.rules[1].when = Some(level_is(0, 1));
    program.rules[0].budget = Some(BudgetId(0));
    program.rules[7].limits = vec![times("2", true, Window::Last(Length::Days(9)))];
    program.rules[8].gives.push(to(Whom::Friend, fixed("1")));
    program.stacks = vec![loyal::mechanics::stack::Stack {
        name: name("s"),
        take: loyal::mechanics::stack::Take::Best(1),
        caps: vec![(STAR, cap("15", DAY))],
        money_caps: Vec::new(),
        cap_percent: None,
        span: Span::default(),
    }];
    program.budgets = vec![loyal::mechanics::budget::Budget {
        name: name("b"),
        most: n("12"),
        window: MONTH,
        at_cost: true,
        warn_only: false,
        span: Span::default(),
    }];
    program.tiers = vec![tiers(total(), Window::Last(Length::Days(12)), &["0", "30", "80"])];
    program.tiers[0].lasts = if odd { Lasts::WhileMeasured } else { Lasts::For(Length::Days(9)) };
    program.tiers[0].miss =
        [Miss::DropOne, Miss::DropToEarned, Miss::StartOver, Miss::Keep][usize::from(variant / 2 % 4)];
    program.tiers[0].reach = [Reach::NextEvent, Reach::AtOnce, Reach::NextDay][usize::from(variant % 3)];
    program.tiers[0].recompute = variant % 5 > 2;
    let mut second = tiers(Basis::Points(STAR), MONTH, &["0", "25"]);
    second.name = name("club");
    second.lasts = Lasts::EndOf(Period::Month, 0);
    second.carry_over = Some(None);
    program.tiers.push(second);
    program.cards = vec![card(4, StampPer::Item, pick(category("coffee"))), card(2, StampPer::Visit, Pick::default())];
    program.cards[0].expire = Some(CardLife { length: Length::Days(8), after_first: odd });
    program.cards[0].start = u32::from(variant % 3 == 2);
    program.cards[1].gives = vec![give(What::Stamps(CardId(0), 1)), give(fixed("1"))];
    program.cards[1].discard = odd;
    program.gifts = vec![gift("free", Valid::For(Length::Days(5))), gift("mug", Valid::Forever)];
    program.gifts[1].stock = Some(5);
    program.rewards = vec![reward("cake", "10")];
    program.rewards[0].stock = Some(4);
    program.rewards[0].limits = vec![times("2", true, MONTH)];
    program
}

/// A row of any kind; references point at rows that may or may not exist.
fn row() -> impl Strategy<Value = (u8, u8, u8, u8, u8, u8)> {
    (0u8..24, 0u8..55, 0u8..3, 0u8..3, 0u8..40, 0u8..4)
}

fn written(at: usize, (kind, day, hour, who, figure, more): (u8, u8, u8, u8, u8, u8)) -> String {
    let member = ["ana", "bob", "eva"][usize::from(who)];
    let other = ["bob", "eva", "ana"][usize::from(who)];
    let (month, day) = (1 + day / 28, 1 + day % 28);
    let head = format!("e{at} | 2026-{month:02}-{day:02} {:02}:00", 8 + hour * 4);
    let category = ["coffee", "cake"][usize::from(more % 2)];
    let earlier = usize::from(figure) % (at + 1);
    match kind {
        0..=9 => format!(
            "{head} | purchase | {member} | {figure}.50 | category={category} sku={category} qty={} store=s{}",
            1 + more,
            more % 2
        ),
        10 | 11 => format!("{head} | return | {member} | | ref=e{earlier}"),
        12 | 13 => format!("{head} | return | | {} | ref=e{earlier}", figure / 2),
        14 => format!("{head} | return | {member} | | ref=e{earlier} sku={category} qty=1"),
        15 => format!("{head} | redeem | {member} | | ref=cake"),
        16 => format!("{head} | redeem | {member} | | ref={}", ["free", "mug", "cake", "none"][usize::from(more)]),
        17 => format!("{head} | visit | {member} | | store=s{}", more % 2),
        18 => format!("{head} | transfer | {member} | | ref={other} qty={figure} unit=star"),
        19 => format!("{head} | adjust | {member} | | qty={} unit=star", i32::from(figure) - 20),
        20 => format!("{head} | grant | {member} | | ref={}", ["gold", "free", "cake", "silver"][usize::from(more)]),
        21 => format!("{head} | revoke | {member} | | ref={}", ["gold", "free", "cake", "silver"][usize::from(more)]),
        22 if more == 0 => format!("{head} | merge | {member} | | ref={other}"),
        22 => format!("{head} | referral | {member} | | ref={other}"),
        _ if more == 0 => format!("{head} | leave | {member}"),
        _ => format!("{head} | join | {member}"),
    }
}

fn shown(snapshot: &Snapshot) -> String {
    format!("{:?} {} {}", snapshot.members, snapshot.sales, snapshot.purchases)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn balances_add_up_and_later_events_never_change_the_past(
        variant in any::<u8>(),
        rows in proptest::collection::vec(row(), 1..60),
    ) {
        let program = everything(variant);
        let rows: Vec<String> = rows.into_iter().enumerate().map(|(at, row)| written(at, row)).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let clock = &program.settings.clock;
        let moments = ["2026-01-10", "2026-01-20 12:00", "2026-01-31", "2026-02-15", "2026-04-01"];
        let whole = history(clock, &rows);
        // Runs, verifies every snapshot.
        let ran = play(&program, &whole, &moments);
        for moment in &moments[..4] {
            let wanted = as_of(clock, moment);
            let upto = match wanted.when {
                loyal::engine::outcome::When::EndOf(day) => clock.end_of(day),
                loyal::engine::outcome::When::At(moment) => moment,
            };
            let kept = |at: loyal::value::clock::Moment| match wanted.when {
                loyal::engine::outcome::When::EndOf(_) => at < upto,
                loyal::engine::outcome::When::At(_) => at <= upto,
            };
            let events = whole.events.iter().filter(|event| kept(event.at)).cloned().collect();
            let first = History { events, members: whole.members.clone() };
            let again = play(&program, &first, &[moment]);
            prop_assert_eq!(shown(again.at(moment)), shown(ran.at(moment)));
        }
    }
}
