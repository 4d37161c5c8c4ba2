//! The promise of a return on purchase: baskets that break it, and programs that keep it.

use crate::build::*;
use crate::{codes, letter};
use loyal::check::analyses;
use loyal::mechanics::basis::{Basis, Pick, Total};
use loyal::mechanics::card::StampPer;
use loyal::mechanics::condition::{How, Measure};
use loyal::mechanics::give::{Band, What};
use loyal::mechanics::promise::Promised;
use loyal::mechanics::stack::Take;
use loyal::mechanics::*;
use loyal::value::clock::Period;
use loyal::value::exact::Rounding;

fn told(change: impl Fn(&mut Program)) -> String {
    let mut program = coffee();
    change(&mut program);
    letter(&analyses::returns::check(&program))
}

type Change = fn(&mut Program);

fn at_least(p: &mut Program, rule: usize, amount: &str) {
    p.rules[rule].when = Some(test(Measure::Amount, How::AtLeast(num(amount))));
}

fn welcome(p: &mut Program) {
    p.rules.push(rule("welcome", false, vec![fixed("50")]));
}

fn with_gifts(p: &mut Program, percent: &str) {
    p.promises = vec![promise(Promised::Return { percent: n(percent), with_gifts: true })];
}

#[test]
fn broken_promises_show_the_basket() {
    let bad: &[(&str, Change)] = &[
        ("gold gives 5%", |p| p.promises = vec![promised_return("4")]),
        ("all bonuses add", |p| p.stacks[0].take = Take::All),
        ("compound", |p| {
            p.stacks[0].take = Take::Compound;
            p.promises = vec![promised_return("7")];
        }),
        ("fifty stars for anything", welcome),
        ("fifty stars from 30 RON", |p| {
            welcome(p);
            at_least(p, 4, "30");
        }),
        ("or when gold", |p| {
            p.rules[0].gives = vec![give(What::Rate {
                unit: STAR,
                number: n("1"),
                or: vec![(level(&[2]), n("3"))],
                per: n("2"),
                full: false,
                basis: Basis::Total(Total::default()),
            })];
        }),
        ("the last band", |p| {
            let band = |from: &str, number: &str| Band { from: n(from), number: n(number), per: n("2") };
            p.rules[0].gives = vec![give(What::Scale {
                unit: STAR,
                bands: vec![band("0", "1"), band("500", "6")],
                whole: false,
                basis: Basis::Total(Total::default()),
            })];
        }),
        ("one category", |p| {
            p.rules.push(rule("coffees", true, vec![percent_of("200", 0, with(category(&["coffee"])))]));
        }),
        ("rounding up", |p| p.points[0].round = Rounding::Up),
        ("gifts at cost", |p| {
            p.rules[0].gives.push(give(What::Gift(GiftId(0), 1)));
            with_gifts(p, "6");
        }),
        ("a card by the item", |p| with_gifts(p, "6")),
        ("a card by amount", |p| {
            let money = Basis::Total(Total::default());
            p.cards = vec![card("coffee", 10, StampPer::Amount(n("10"), money), vec![What::Gift(GiftId(0), 1)])];
            with_gifts(p, "8");
        }),
        ("before discounts", |p| {
            let before = Total { before_discounts: true, ..Total::default() };
            p.rules[0].gives = vec![give(What::Rate {
                unit: STAR,
                number: n("1"),
                or: Vec::new(),
                per: n("2"),
                full: false,
                basis: Basis::Total(before),
            })];
        }),
    ];
    let letters: Vec<String> = bad.iter().map(|(title, change)| format!("## {title}\n{}", told(change))).collect();
    insta::assert_snapshot!("returns", letters.join("\n\n"));
}

#[test]
fn kept_promises_are_left_alone() {
    let good: &[(&str, Change)] = &[
        ("sample", |_| {}),
        ("exactly", |p| p.promises = vec![promised_return("5")]),
        ("no stack, but they cannot meet", |p| {
            p.stacks[0].take = Take::All;
            p.rules[2].except = vec![level(&[2])];
        }),
        ("fifty stars from 100 RON", |p| {
            welcome(p);
            p.promises = vec![promised_return("7.5")];
            at_least(p, 4, "100");
            p.rules.drain(1..3);
        }),
        ("best two of small", |p| {
            p.stacks[0].take = Take::Best(2);
            p.promises = vec![promised_return("6.25")];
        }),
        ("capped share", |p| {
            p.stacks[0].take = Take::All;
            p.stacks[0].cap_percent = Some((n("3"), Default::default()));
        }),
        ("other categories", |p| {
            p.rules[1] = rule("coffees", true, vec![percent_of("100", 0, with(category(&["coffee"])))]);
            p.rules[2] = rule("teas", true, vec![percent_of("100", 0, with(category(&["tea"])))]);
            p.promises = vec![promised_return("5")];
        }),
        ("on other events", |p| p.rules[3].gives = vec![give(fixed_what("5000"))]),
        ("a card by amount, with room", |p| {
            let money = Basis::Total(Total::default());
            p.cards = vec![card("coffee", 10, StampPer::Amount(n("10"), money), vec![What::Gift(GiftId(0), 1)])];
            with_gifts(p, "9");
        }),
    ];
    for (title, change) in good {
        assert_eq!(told(change), "nothing", "{title}");
    }
}

fn fixed_what(number: &str) -> What {
    fixed(number)
}

#[test]
fn many_rules_are_still_looked_at_in_time() {
    let mut program = coffee();
    for at in 0..40 {
        let mut extra = rule(&format!("extra{at}"), true, vec![percent_of("1", 0, Pick::default())]);
        extra.group = Some(StackId(0));
        extra.when = Some(test(Measure::Store, How::Is(text(&format!("s{}", at % 20)))));
        program.rules.push(extra);
    }
    program.stacks[0].caps = vec![(STAR, cap("40", loyal::value::clock::Window::Calendar(Period::Day)))];
    let begin = std::time::Instant::now();
    let found = analyses::all(&program);
    assert!(begin.elapsed().as_secs() < 10, "{:?}", begin.elapsed());
    assert!(!codes(&found).contains(&"return-over-promise"), "{}", letter(&found));
}
