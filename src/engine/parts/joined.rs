//! Programs in which what one member gets hangs on what others had.

use crate::mechanics::Program;

/// Whether a program has something that all members draw from: a budget that closes, a stock, a limit in all.
pub fn joins_all(program: &Program) -> bool {
    let in_rules = program.rules.iter().flat_map(|rule| &rule.limits).any(|limit| !limit.per_member);
    let in_rewards = program.rewards.iter().flat_map(|reward| &reward.limits).any(|limit| !limit.per_member);
    let budgets = program.budgets.iter().any(|budget| !budget.warn_only);
    let gifts = program.gifts.iter().any(|gift| gift.stock.is_some());
    let rewards = program.rewards.iter().any(|reward| reward.stock.is_some());
    in_rules || in_rewards || budgets || gifts || rewards
}
