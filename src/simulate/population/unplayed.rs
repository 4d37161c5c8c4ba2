//! What of a program nobody in a population does. Every part of a program is asked here, so that none is forgotten.

use crate::mechanics::Program;
use crate::mechanics::discount::Discount;
use crate::mechanics::gift::Gift;
use crate::mechanics::reward::Reward;
use crate::mechanics::rule::{Limit, Rule, Trigger};
use crate::mechanics::scenario::Scenario;

/// What of a program these people do not do, or do as if each were alone, as the program writes it.
pub(super) fn of(program: &Program, scenario: &Scenario) -> Vec<String> {
    let Program {
        rules,
        memberships,
        household,
        budgets,
        activities,
        draws,
        rankings,
        gifts,
        rewards,
        discounts,
        // Given, used and counted for each member by herself.
        points: _,
        stacks: _,
        tiers: _,
        cards: _,
        coupons: _,
        challenges: _,
        payouts: _,
        pilots: _,
        offers: _,
        partners: _,
        segments: _,
        // What is said of them changes nothing by itself.
        settings: _,
        lists: _,
        calendars: _,
        scenarios: _,
        promises: _,
        examples: _,
        // A population begins with the newest file.
        older: _,
        absent: _,
    } = program;
    let mut all = Vec::new();
    let does = |name: &str| scenario.people.deeds.iter().any(|deed| deed.activity.as_deref() == Some(name));
    let idle = activities.iter().filter(|activity| !does(&activity.name.text));
    all.extend(idle.map(|activity| format!("activity {}", activity.name.text)));
    let friends = [Trigger::Referral, Trigger::FirstPurchaseOfFriend];
    if rules.iter().any(|rule| rule.on.iter().any(|trigger| friends.contains(trigger))) {
        all.push("referral".to_owned());
    }
    let taken = |name: &str| scenario.people.subscriptions.iter().any(|one| one.membership == name);
    let unsold = memberships.iter().filter(|membership| !taken(&membership.name.text));
    all.extend(unsold.map(|membership| format!("membership {}", membership.name.text)));
    all.extend(draws.iter().map(|draw| format!("draw {}", draw.name.text)));
    all.extend(budgets.iter().map(|budget| format!("budget {}", budget.name.text)));
    all.extend(shared(rules, gifts, rewards, discounts));
    all.extend(household.iter().map(|_| "household".to_owned()));
    if !rankings.is_empty() {
        all.push("quintile".to_owned());
    }
    all
}

/// What there is of for all members together, and each of these people takes as if all of it were hers.
fn shared(rules: &[Rule], gifts: &[Gift], rewards: &[Reward], discounts: &[Discount]) -> Vec<String> {
    let stock = |kind: &str, name: &str| format!("stock of {kind} {name}");
    let limit = |kind: &str, name: &str| format!("limit for everybody of {kind} {name}");
    let mut all = Vec::new();
    all.extend(gifts.iter().filter(|gift| gift.stock.is_some()).map(|gift| stock("gift", &gift.name.text)));
    all.extend(rewards.iter().filter(|reward| reward.stock.is_some()).map(|reward| stock("reward", &reward.name.text)));
    let in_all = |limits: &[Limit]| limits.iter().any(|limit| !limit.per_member);
    let kind = |rule: &Rule| if rule.bonus { "bonus" } else { "earn" };
    let of_rules = rules.iter().filter(|rule| in_all(&rule.limits));
    all.extend(of_rules.map(|rule| limit(kind(rule), &rule.name.text)));
    let of_rewards = rewards.iter().filter(|reward| in_all(&reward.limits));
    all.extend(of_rewards.map(|reward| limit("reward", &reward.name.text)));
    let of_discounts = discounts.iter().filter(|discount| discount.limits.iter().any(|limit| !limit.per_member));
    all.extend(of_discounts.map(|discount| limit("discount", &discount.name.text)));
    all
}
