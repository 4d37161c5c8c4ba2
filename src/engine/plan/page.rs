//! The plan as a page: what is read, what is kept, what fires on what, and what is left to the plain engine.

use super::{Keep, Plan, Slot, Summed, Wanted, on};
use crate::mechanics::PointsId;
use crate::mechanics::rule::Trigger;
use crate::text::Span;
use crate::value::clock::Window;
use std::fmt::{self, Display, Formatter};
use std::mem::size_of;

/// A plan with the line of each place of its program.
pub struct Page<'a> {
    plan: &'a Plan<'a>,
    line: &'a dyn Fn(Span) -> usize,
    shared: Vec<(Span, String)>,
}

impl Plan<'_> {
    /// The plan for reading; `line` gives the line of a place of the program.
    pub fn page<'a>(&'a self, line: &'a dyn Fn(Span) -> usize) -> Page<'a> {
        Page { plan: self, line, shared: Vec::new() }
    }

    fn unit(&self, unit: usize) -> &str {
        let points = &self.program.points[unit];
        points.plural.as_ref().unwrap_or(&points.name.text)
    }
}

impl Display for Page<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "How `{}` runs", self.plan.program.settings.name.text)?;
        self.columns(f)?;
        self.rules(f)?;
        self.kept(f)?;
        self.units(f)?;
        self.shared(f)?;
        self.beyond(f)
    }
}

impl Page<'_> {
    /// The same of a plan as if there were room for everybody; `whole` is the plan of the program itself, which says
    /// what all members draw from.
    #[must_use]
    pub fn with_room(mut self, whole: &Plan<'_>) -> Self {
        let shared = whole.beyond.iter().filter(|one| !self.plan.beyond.contains(one));
        self.shared = shared.cloned().collect();
        self
    }

    fn columns(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nread of each event\n  id, time, type, member, ref, amount and qty of each line")?;
        let needs = &self.plan.needs;
        for (of, columns) in [("event", &needs.event), ("line", &needs.line)] {
            for wanted in columns {
                writeln!(f, "  {} of the {of}: {}", wanted.name, kept_as(wanted))?;
            }
        }
        for (name, looked_at) in [("regular", needs.regular), ("tax", needs.tax)] {
            if looked_at {
                writeln!(f, "  {name} of the line: a number")?;
            }
        }
        Ok(())
    }

    fn rules(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nwhat fires, in this order")?;
        for place in &self.plan.order {
            let (rule, plan) = (&self.plan.program.rules[*place], &self.plan.rules[*place]);
            let mut when: Vec<&str> = Vec::new();
            for (bit, says) in [
                (on::PURCHASE, "a purchase"),
                (on::VISIT, "a visit"),
                (on::JOIN, "a joining"),
                (on::REDEEM, "a redemption"),
                (on::ACTIVITY, "an activity"),
            ] {
                if plan.on & bit != 0 {
                    when.push(says);
                }
            }
            let follows = |trigger: &Trigger| matches!(trigger, Trigger::LevelUp(_) | Trigger::Full(_));
            if plan.triggers.iter().any(follows) {
                when.push("what follows from it (a level, a full card)");
            }
            if plan.triggers.iter().any(|trigger| *trigger != Trigger::Join && self.plan.timers.contains(trigger)) {
                when.push("a day that comes");
            }
            let when = if when.is_empty() { "nothing that this engine plays".to_owned() } else { when.join(", ") };
            let kind = match (rule.bonus, rule.offer) {
                (_, Some(_)) => "offer",
                (true, None) => "bonus",
                (false, None) => "earn",
            };
            writeln!(f, "  line {}: {kind} {} on {when}", (self.line)(rule.span), rule.name.text)?;
        }
        Ok(())
    }

    fn kept(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nkept of a member while she is played")?;
        for slot in &self.plan.slots {
            writeln!(f, "  {}, {}: 24 bytes for each event that adds to it", self.summed(slot), over(slot))?;
        }
        for streak in &self.plan.streaks {
            let of = Window::Calendar(streak.of);
            writeln!(f, "  a streak, by {of}: 12 bytes for each in which it was kept alive")?;
        }
        let lot = size_of::<crate::engine::fast::purse::Lot>();
        for unit in 0..self.plan.units.len() {
            writeln!(f, "  lots of {}: {lot} bytes for each", self.plan.unit(unit))?;
        }
        for (card, block) in self.plan.program.cards.iter().enumerate() {
            let stamp = size_of::<crate::engine::fast::cards::Stamp>();
            let clauses = number(self.plan.cards[card].stamps.len(), "clause");
            writeln!(f, "  stamps on {} ({clauses}): {stamp} bytes for each that stands", block.name.text)?;
        }
        let figures = number(self.plan.reads.len(), "figure");
        writeln!(f, "  of a purchase that a return names: its lines and {figures} of its day")?;
        writeln!(f, "  nothing behind her last event: the next member takes the same room")
    }

    fn units(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.plan.units.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nnumbers")?;
        writeln!(f, "  amounts and quantities: whole ten-thousandths")?;
        for (place, unit) in self.plan.units.iter().enumerate() {
            let name = self.plan.unit(place);
            writeln!(f, "  {name}: exact, to {}, and rounded once, to {}", steps(unit.denominator), steps(unit.scale))?;
        }
        Ok(())
    }

    fn shared(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.shared.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nplayed as if there were room for everybody; where there is not, again by the plain engine")?;
        for (place, why) in &self.shared {
            writeln!(f, "  line {}: {why}", (self.line)(*place))?;
        }
        Ok(())
    }

    fn beyond(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.plan.beyond.is_empty() {
            writeln!(f, "\nleft to the plain engine")?;
            writeln!(
                f,
                "  members who touch one another: a transfer, a referral, a merge, a return of another's purchase"
            )?;
            return writeln!(f, "  members with numbers between two ten-thousandths, or kinds of events that are rare");
        }
        writeln!(f, "\nthe plain engine plays everybody, because of")?;
        for (place, why) in &self.plan.beyond {
            writeln!(f, "  line {}: {why}", (self.line)(*place))?;
        }
        Ok(())
    }

    /// The name of an event's column that is kept as a text.
    fn text_named(&self, place: usize) -> &str {
        let texts = self.plan.needs.event.iter().filter(|wanted| wanted.keep == Keep::Text);
        texts.map(|wanted| wanted.name.as_str()).nth(place).unwrap_or("a column")
    }

    fn summed(&self, slot: &Slot) -> String {
        let rules = &self.plan.program.rules;
        let unit = |unit: &PointsId| self.plan.unit(unit.0);
        match &slot.sum {
            Summed::Money(_) => "money spent".to_owned(),
            Summed::Items(_) => "items bought".to_owned(),
            Summed::Purchases(_) => "purchases".to_owned(),
            Summed::Visits(_) => "visits".to_owned(),
            Summed::HadDiscount(discount) => {
                format!("purchases that had {}", self.plan.program.discounts[discount.0].name.text)
            }
            Summed::MoneyOff(discount) => {
                format!("money off by {}", self.plan.program.discounts[discount.0].name.text)
            }
            Summed::MoneyOffIn(stack) => {
                format!("money off by the stack {}", self.plan.program.stacks[*stack].name.text)
            }
            Summed::Activities(_) => "activities".to_owned(),
            Summed::Field(_, column) => format!("the sum of {}", self.text_named(*column)),
            Summed::Everything => "everything that was taken in".to_owned(),
            Summed::Points(points) => format!("{} earned", unit(points)),
            Summed::Times(rule) => format!("times that {} gave", rules[rule.0].name.text),
            Summed::Posted(rule, points) => format!("{} of {}", unit(points), rules[rule.0].name.text),
            Summed::InStack(stack, points) => {
                format!("{} of the stack {}", unit(points), self.plan.program.stacks[*stack].name.text)
            }
            Summed::Exact(points, _) => format!("exact parts of {}", unit(points)),
        }
    }
}

fn over(slot: &Slot) -> String {
    match slot.window {
        Window::Ever => "ever".to_owned(),
        Window::Campaign => "in the rule's own days".to_owned(),
        Window::SinceJoining => "since joining".to_owned(),
        window @ (Window::Last(_) | Window::LastHours(_) | Window::Calendar(_) | Window::MembershipYear) => {
            format!("in {window}")
        }
    }
}

fn kept_as(wanted: &Wanted) -> String {
    match &wanted.keep {
        Keep::Text => "its text".to_owned(),
        Keep::Code(words) if words.is_empty() => "whether there is one".to_owned(),
        Keep::Code(words) if words.len() == 1 => "a code, for 1 word".to_owned(),
        Keep::Code(words) => format!("a code, for {} words", words.len()),
    }
}

fn steps(scale: i64) -> String {
    match scale {
        1 => "whole ones".to_owned(),
        scale => format!("1/{scale}"),
    }
}

fn number(count: usize, of: &str) -> String {
    match count {
        1 => format!("1 {of}"),
        _ => format!("{count} {of}s"),
    }
}
