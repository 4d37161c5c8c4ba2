//! Members of woven pairs, each played event by event.

use crate::live::{Share, differs};
use crate::{number, pair};

#[test]
fn members_played_event_by_event_are_told_what_a_run_posts() {
    let (from, pairs) = (number("LOYAL_LIVE_FROM").unwrap_or(0), number("LOYAL_LIVE").unwrap_or(400));
    let (mut wrong, mut all) = (Vec::new(), Share::default());
    for seed in from..from + pairs {
        let Some(sound) = pair::program(seed) else { continue };
        let Ok(history) = pair::history(seed, &sound).read(&sound.program) else { continue };
        let (difference, share) = differs(&sound.program, &history);
        (all.members, all.fast) = (all.members + share.members, all.fast + share.fast);
        wrong.extend(difference.map(|says| format!("seed {seed}: {says}\n{}", sound.text)));
        if wrong.len() >= 3 {
            break;
        }
    }
    println!("{all:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(all.fast * 5 > all.members, "the machine is hardly tried: {all:?}");
}
