//! What of a program nobody in a population does. Every part of a program is asked here, so that none is forgotten.

use crate::mechanics::Program;
use crate::mechanics::rule::Trigger;
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
        // Given, used and counted for each member by herself.
        points: _,
        stacks: _,
        tiers: _,
        cards: _,
        gifts: _,
        rewards: _,
        discounts: _,
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
    all.extend(household.iter().map(|_| "household".to_owned()));
    if !rankings.is_empty() {
        all.push("quintile".to_owned());
    }
    all
}
