//! Programs whose members are joined (a budget, a stock, a limit in all), with little room and with much.

use crate::engines::both;
use crate::pair;
use loyal::engine::parts;
use loyal::engine::reference;
use loyal::mechanics::Program;
use loyal::value::exact::Exact;

/// The program with so many times the room for all.
fn widened(program: &Program, times: u32) -> Program {
    let mut wide = program.clone();
    let factor = Exact::from_int(i64::from(times));
    let in_rules = wide.rules.iter_mut().flat_map(|rule| &mut rule.limits);
    let in_rewards = wide.rewards.iter_mut().flat_map(|reward| &mut reward.limits);
    for limit in in_rules.chain(in_rewards).filter(|limit| !limit.per_member) {
        limit.most = &limit.most * &factor;
    }
    wide.budgets.iter_mut().for_each(|budget| budget.most = &budget.most * &factor);
    let stocks = wide.gifts.iter_mut().map(|gift| &mut gift.stock);
    for stock in stocks.chain(wide.rewards.iter_mut().map(|reward| &mut reward.stock)).flatten() {
        *stock *= times;
    }
    wide
}

#[test]
fn members_who_draw_from_one_thing_come_to_the_same_with_room_and_without() {
    let pairs = std::env::var("LOYAL_JOINED").ok().and_then(|pairs| pairs.parse().ok()).unwrap_or(600);
    let from = std::env::var("LOYAL_JOINED_FROM").ok().and_then(|from| from.parse().ok()).unwrap_or(0);
    let (mut wrong, mut roomy, mut full) = (Vec::new(), 0, 0);
    for seed in from..from + pairs {
        // Those of uneven groups are not narrowed to what the machine plays alone.
        let Some(sound) = pair::program(seed) else { continue };
        if !parts::joins_all(&sound.program) {
            continue;
        }
        let chronicle = pair::history(seed, &sound);
        let Ok(history) = chronicle.read(&sound.program) else { continue };
        let as_of = chronicle.moments(&sound.program);
        for times in [1, 2, 5, 12, 40, 1000] {
            let program = widened(&sound.program, times);
            let expected = reference::run(&program, &history, &as_of);
            let (difference, share) = both(&program, &history, &as_of, &expected);
            *(if share.no_room { &mut full } else { &mut roomy }) += 1;
            if let Some(difference) = difference {
                wrong.push(format!("seed {seed}, {times} times the room: {difference}\n{}", sound.text));
            }
        }
        if wrong.len() >= 3 {
            break;
        }
    }
    println!("{roomy} with room, {full} without");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(roomy * 5 > full && full * 10 > roomy, "{roomy} with room, {full} without: one of them is hardly tried");
}
