//! The clauses of cards, gifts, rewards, segments, budgets and activities.

use super::Seen;
use loyal::mechanics::Program;
use loyal::mechanics::activity::FieldKind;
use loyal::mechanics::basis::Basis;
use loyal::mechanics::card::StampPer;
use loyal::mechanics::gift::Valid;

impl Seen {
    pub(super) fn things(&mut self, program: &Program) {
        for card in &program.cards {
            for stamp in &card.stamps {
                self.add(
                    "stamp",
                    match &stamp.per {
                        StampPer::Item => "item",
                        StampPer::Visit => "visit",
                        StampPer::Purchase => "purchase",
                        StampPer::Amount(_, Basis::Activity(_)) => "activity",
                        StampPer::Amount(..) => "amount",
                    },
                );
                self.pick(&stamp.pick);
            }
            for give in &card.gives {
                self.add("card", "give");
                self.give(give);
            }
            self.add_if(!card.limits.is_empty(), "card", "limit");
            card.limits.iter().for_each(|cap| self.window("cap window", &cap.window));
            self.add_if(card.start > 0, "card", "start");
            self.add_if(card.discard, "card", "discard");
            if let Some(life) = card.expire {
                self.add("card", if life.after_first { "expire after first" } else { "expire after last" });
            }
        }
        for gift in &program.gifts {
            self.add_if(gift.item.is_some(), "gift", "item");
            self.add_if(gift.at_most.is_some(), "gift", "item at most");
            self.add_if(!gift.choose.is_empty(), "gift", "choose");
            self.add_if(gift.stock.is_some(), "gift", "stock");
            self.add_if(gift.when.is_some(), "gift", "when");
            self.valid("gift", &gift.valid);
            gift.item.iter().chain(&gift.when).for_each(|condition| self.condition(condition));
        }
        for reward in &program.rewards {
            self.add_if(reward.prices.len() > 1, "reward", "two prices");
            self.add_if(reward.prices.iter().any(|price| price.money.is_some()), "reward", "price and money");
            self.add_if(reward.stock.is_some(), "reward", "stock");
            self.add_if(reward.when.is_some(), "reward", "when");
            self.add_if(reward.from.is_some() || reward.until.is_some(), "reward", "from until");
            self.valid("reward", &reward.valid);
            reward.limits.iter().for_each(|limit| self.limit("reward limit", limit));
            let prices = reward.prices.iter().filter_map(|price| price.when.as_ref());
            prices.chain(&reward.when).for_each(|condition| self.condition(condition));
        }
        for segment in &program.segments {
            self.add("segment", "when");
            self.condition(&segment.when);
        }
        for budget in &program.budgets {
            self.add("budget", if budget.at_cost { "costs" } else { "worth" });
            self.add("budget", if budget.warn_only { "warn" } else { "close" });
            self.window("budget window", &budget.window);
        }
        for activity in &program.activities {
            for field in &activity.fields {
                self.add(
                    "field",
                    match &field.kind {
                        FieldKind::Number(Some(_)) => "number with unit",
                        FieldKind::Number(None) => "number",
                        FieldKind::Text => "text",
                        FieldKind::OneOf(_) => "one of",
                    },
                );
            }
            self.add_if(activity.verified_by.is_some(), "activity", "verified by");
            self.add_if(activity.accept.is_some(), "activity", "accept when");
            self.add_if(!activity.at_most.is_empty(), "activity", "at most");
            self.add_if(!activity.at_most_each.is_empty(), "activity", "at most per field");
            self.add_if(activity.gap_minutes.is_some(), "activity", "gap");
            activity.accept.iter().for_each(|accept| self.condition(accept));
        }
        self.add_if(!program.lists.is_empty(), "list", "values");
        self.add_if(!program.calendars.is_empty(), "calendar", "days");
        self.add_if(!program.promises.is_empty(), "promise", "any");
    }

    pub(super) fn valid(&mut self, of: &str, valid: &Valid) {
        self.add(
            of,
            match valid {
                Valid::For(_) => "valid length",
                Valid::UntilEndOf(_) => "valid until end of",
                Valid::Until(_) => "valid until date",
                Valid::Forever => "valid forever",
            },
        );
    }
}
