//! What a program asks for that nobody here does is said as it is.

use super::*;
use crate::simulate::population::quick::Quick;
use crate::simulate::study::{Asks, Caution};

const RULES: &str = r#"
activity survey { at most 1 per month }

earn said {
  on       activity survey
  give     20 stars
}

earn joined {
  on       join
  give     gift mug
}

gift mug {
  item     "a mug"
  costs    5 RON
}

bonus cakes {
  on       purchase
  when     category in [cake]
  give     5 stars
}

bonus large {
  on       purchase
  when     amount is at least 900000 RON
  give     5 stars
}

discount teas {
  items    category in [tea]
  take     5% off
}
"#;

fn never_came(items: Vec<(String, f64)>) -> Vec<(Asks, String)> {
    let program = program(&format!("{CAFE}{RULES}"));
    let plan = Plan::of(&program);
    let quick = Quick { members: 100, visits: 2.0, basket: 42.0, margin: 30.0, lift: (2.0, 10.0), items };
    let found = figures(&[Seat::new(&plan, "cafe.loyal".to_owned())], &quick.scenario(), &how(0, 2));
    let never = found.cautions.into_iter().filter_map(|caution| match caution {
        Caution::NeverCame { what, asks, .. } => Some((asks, what.join(", "))),
        _ => None,
    });
    never.collect()
}

#[test]
fn each_part_that_never_came_is_named_with_what_it_asks_for() {
    let named = |asks, what: &str| (asks, what.to_owned());
    // Who buys for the first time joins with it, so the mug is given.
    assert_eq!(
        never_came(Vec::new()),
        [
            named(Asks::Items, "bonus cakes, discount teas"),
            named(Asks::Activities, "earn said"),
            named(Asks::Other, "bonus large"),
        ]
    );
    // Of half of all baskets something is said: half of them are cakes, and nobody buys tea.
    let cakes = never_came(vec![("cake".to_owned(), 50.0)]);
    assert_eq!(cakes[0], named(Asks::Items, "discount teas"));
}

#[test]
fn baskets_of_no_category_are_the_rest() {
    let program = program(&format!("{CAFE}{RULES}"));
    let plan = Plan::of(&program);
    let items = vec![("cake".to_owned(), 30.0)];
    let quick = Quick { members: 100, visits: 2.0, basket: 42.0, margin: 30.0, lift: (2.0, 10.0), items };
    let found = figures(&[Seat::new(&plan, "cafe.loyal".to_owned())], &quick.scenario(), &how(0, 2));
    let times = |name: &str| {
        let rule = found.arms[0].rules.iter().find(|rule| rule.name == name);
        rule.unwrap_or_else(|| panic!("no {name}")).times.mid
    };
    let share = times("bonus cakes") / times("earn base");
    assert!((0.26..0.34).contains(&share), "{share}");
}
