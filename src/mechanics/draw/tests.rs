use super::{Draw, Held, read};
use crate::mechanics::GiftId;
use crate::mechanics::specimen::Frame;
use crate::value::clock::{Clock, Period};
use jiff::civil::date;

const HASH: &str = "4ada9457a7864596896fcacc8c68127502029a26d63b48e2f172bb1f181b4430";

const SPRING: Frame<'_, Option<Draw>> = Frame {
    text: "program mall {\nmoney RON\n}\npoints star plural stars {\n}\ngift bicycle {\n}\ngift mug {\n}\n\
           activity workout {\nfield length number minutes\n}\ndraw spring {\n@\n}",
    keyword: "draw",
    read,
};

fn good(lines: &str) -> Draw {
    SPRING.good(&format!("{lines}\nseed \"{HASH}\"")).expect("it reads")
}

#[test]
fn when_it_is_held() {
    for (lines, held) in [
        ("every month", Held::Every(Period::Month)),
        ("every calendar quarter", Held::Every(Period::Quarter)),
        ("on 2026-12-24", Held::On(date(2026, 12, 24))),
        ("instant chance 1 in 50", Held::Instant { of: 1, among: 50 }),
        ("instant 3 in 100", Held::Instant { of: 3, among: 100 }),
    ] {
        assert_eq!(good(&format!("{lines}\nwinners 3\nentry 1 per visit\nprize gift mug")).held, held, "{lines}");
    }
}

#[test]
fn what_brings_entries() {
    for entry in [
        "entry 1 per 20 RON",
        "entry 2 per visit",
        "entry 1 per purchase, amount is at least 50 RON",
        "entry 1 per item, category in [coffee]",
        "entry 1 per activity workout",
        "entry 1 per 30 minutes",
        "entries 2 per 20 RON, without category in [tobacco]",
        "free entry \"a postcard\"",
    ] {
        good(&format!("every month\nwinners 3\n{entry}\nprize gift mug"));
    }
    let draw = good(
        "every month\nwinners 3\nentry 1 per visit\nprize gift mug\nlimit 10 entries per member\nlimit 1 entry per member per day",
    );
    assert_eq!(draw.limits.len(), 2);
}

#[test]
fn prizes_go_to_the_first_winners_first() {
    let draw = good("every month\nwinners 5\nentry 1 per visit\nprize 2 gift bicycle\nprize gift mug");
    let prizes: Vec<_> = (1..=6).map(|place| draw.prize(place).map(|gift| gift.0)).collect();
    assert_eq!(prizes, [Some(0), Some(0), Some(1), Some(1), Some(1), None]);
    let draw = good("every month\nentry 1 per visit\nprize 1 gift bicycle\nprize 2 gift mug");
    assert_eq!((draw.most_winners(), draw.prize(3), draw.prize(4)), (3, Some(GiftId(1)), None));
}

#[test]
fn which_draw_a_day_belongs_to() {
    let clock = Clock::utc();
    let draw = good("every month\nwinners 1\nentry 1 per visit\nprize gift mug\nfrom 2026-03-10\nuntil 2026-04-30");
    let (before, march, april) = (date(2026, 3, 9), date(2026, 3, 10), date(2026, 4, 30));
    assert_eq!(draw.dated(&clock, before), None);
    assert_eq!(draw.dated(&clock, march), Some(date(2026, 3, 31)));
    assert_eq!(draw.dated(&clock, april), Some(april));
    assert!(!draw.is_closed(april, april) && draw.is_closed(april, date(2026, 5, 1)));
    let draw = good("on 2026-12-24\nwinners 1\nentry 1 per visit\nprize gift mug");
    let eve = date(2026, 12, 24);
    assert_eq!(draw.dated(&clock, date(2026, 12, 23)), Some(eve));
    assert_eq!(draw.dated(&clock, eve), None);
    assert!(!draw.is_closed(eve, date(2026, 12, 23)) && draw.is_closed(eve, eve));
}

#[test]
fn messages_and_their_good_twins() {
    let whole = |lines: &str| format!("{lines}\nseed \"{HASH}\"");
    let mall = "every month\nwinners 3\nentry 1 per visit\nprize gift mug";
    let with = |lines: &str| whole(&format!("{mall}\n{lines}"));
    let cases: Vec<(String, String)> = vec![
        (whole("winners 3\nentry 1 per visit\nprize gift mug"), whole(mall)),
        (with("on 2026-12-24"), whole(mall)),
        (whole("every month\nentry 1 per visit\nprize gift mug"), whole(mall)),
        (whole("every month\nwinners 3\nentry 1 per visit"), whole(mall)),
        (mall.to_owned(), whole(mall)),
        (
            whole("every month\nwinners 3\nentry 1 per visit\nprize 2 gift mug"),
            whole("every month\nwinners 3\nentry 1 per visit\nprize 3 gift mug"),
        ),
        (
            whole("every month\nwinners 3\nentry 1 per visit\nprize gift mug\nprize gift bicycle"),
            whole("every month\nwinners 3\nentry 1 per visit\nprize 1 gift mug\nprize gift bicycle"),
        ),
        (
            whole("every month\nwinners 1000000\nentry 1 per visit\nprize gift mug"),
            whole("every month\nwinners 100000\nentry 1 per visit\nprize gift mug"),
        ),
        (
            whole("instant chance 3 in 2\nentry 1 per visit\nprize gift mug"),
            whole("instant chance 2 in 3\nentry 1 per visit\nprize gift mug"),
        ),
        (
            whole("instant chance 0 in 2\nentry 1 per visit\nprize gift mug"),
            whole("instant chance 1 in 2\nentry 1 per visit\nprize gift mug"),
        ),
        (with("limit 10 entries"), with("limit 10 entries per member")),
        (with("entry 1 per 2 visits"), with("entry 1 per visit")),
        (with("entry 1 per 5 apples"), with("entry 1 per 5 RON")),
        (with("prize gift bike"), whole(mall)),
        (format!("{mall}\nseed \"secret\""), whole(mall)),
        (
            whole("on 2026-12-24\nwinners 3\nentry 1 per visit\nprize gift mug\nfrom 2026-12-24"),
            whole("on 2026-12-24\nwinners 3\nentry 1 per visit\nprize gift mug\nfrom 2026-12-23"),
        ),
        (with("free entry"), with("free entry \"a postcard\"")),
    ];
    let cases: Vec<(&str, &str)> = cases.iter().map(|(bad, twin)| (bad.as_str(), twin.as_str())).collect();
    insta::assert_snapshot!(SPRING.bad(&cases));
}
