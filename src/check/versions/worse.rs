//! What members get less of by a new version: warnings, with the lines of both files.

use super::{Version, line_of};
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::points::Expiry;
use crate::mechanics::tiers::{Level, Need, Tiers};
use crate::mechanics::version::Keep;
use crate::mechanics::{PointsId, Program};
use crate::text::Span;
use crate::value::clock::Date;
use crate::value::exact::Exact;

#[allow(missing_docs)] // the fields are the words of the messages
enum Worse {
    /// Points that members have end sooner.
    EndsSooner { place: Span, old: Span, unit: String, earned: Date, now: Date, was: Option<Date>, from: Date },
    /// A point is worth less.
    WorthLess { place: Span, old: Span, unit: String, now: String, was: String, money: String },
    /// A reward costs more.
    Dearer { place: Span, old: Span, reward: String, now: String, was: String, unit: String },
    /// A level takes more.
    Higher { place: Span, old: Span, level: String, now: Exact, was: Exact },
}

impl Message for Worse {
    fn code(&self) -> &'static str {
        match self {
            Worse::EndsSooner { .. } => "points-end-sooner",
            Worse::WorthLess { .. } => "points-worth-less",
            Worse::Dearer { .. } => "reward-dearer",
            Worse::Higher { .. } => "level-takes-more",
        }
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn says(&self) -> String {
        match self {
            Worse::EndsSooner { unit, earned, now, was, .. } => {
                let was = was.map_or("never end".to_owned(), |was| format!("end on {was}"));
                format!("`{unit}` that members have end sooner: those earned on {earned} end on {now}, and would {was}")
            }
            Worse::WorthLess { unit, now, was, money, .. } => {
                format!("one `{unit}` is worth {now} {money}, and was worth {was} {money}")
            }
            Worse::Dearer { reward, now, was, unit, .. } => {
                format!("`{reward}` costs {now} {unit}, and cost {was} {unit}")
            }
            Worse::Higher { level, now, was, .. } => format!("`{level}` takes {now}, and took {was}"),
        }
    }

    fn place(&self) -> Span {
        match self {
            Worse::EndsSooner { place, .. }
            | Worse::WorthLess { place, .. }
            | Worse::Dearer { place, .. }
            | Worse::Higher { place, .. } => *place,
        }
    }

    fn label(&self) -> String {
        "from now on".to_owned()
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Worse::EndsSooner { old, .. }
            | Worse::WorthLess { old, .. }
            | Worse::Dearer { old, .. }
            | Worse::Higher { old, .. } => vec![(*old, "in the old program".to_owned())],
        }
    }

    fn why(&self) -> String {
        match self {
            Worse::EndsSooner { from, .. } => {
                return format!("On {from} members lose time, and some lose points, that they were promised.");
            }
            Worse::WorthLess { .. } => {
                "What members have saved is worth less, and what the shop owes them falls with it."
            }
            Worse::Dearer { .. } => "Members who save for it have further to go.",
            Worse::Higher { .. } => "Members who hold it may not hold it again.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Worse::EndsSooner { from, .. } => format!("to let them keep it: `keep old for lots earned before {from}`"),
            Worse::WorthLess { .. } | Worse::Dearer { .. } | Worse::Higher { .. } => {
                "if it is meant, tell members before it holds".to_owned()
            }
        }
    }
}

/// What is worse in a program than in the one that it replaces.
pub(super) fn check(chain: &[Version<'_>], aligned: &Program) -> Vec<Finding> {
    let ([new, old, ..], Some(before)) = (chain, aligned.older.first()) else { return Vec::new() };
    let Some(replaces) = &new.program.settings.succession.replaces else { return Vec::new() };
    let mut look = Look { new, old, aligned, before, from: replaces.from, found: Vec::new() };
    for at in 0..before.points.len() {
        look.points(PointsId(at));
    }
    for at in 0..before.rewards.len() {
        look.reward(at);
    }
    for (tiers, old) in aligned.tiers.iter().zip(&before.tiers) {
        look.levels(tiers, old);
    }
    look.found.into_iter().map(Finding::from).collect()
}

struct Look<'c, 'a> {
    new: &'c Version<'a>,
    old: &'c Version<'a>,
    aligned: &'c Program,
    before: &'c Program,
    from: Date,
    found: Vec<Worse>,
}

impl Look<'_, '_> {
    /// The lines of a clause in both files; none where one of them has no such block.
    fn lines(&self, keyword: &str, name: &str, clause: &str) -> Option<(Span, Span)> {
        let (new, old) = (self.new.block(keyword, name)?, self.old.block(keyword, name)?);
        Some((line_of(new, clause), line_of(old, clause)))
    }

    fn points(&mut self, unit: PointsId) {
        let (new, old) = (&self.aligned.points[unit.0], &self.before.points[unit.0]);
        let name = &new.name.text;
        let Some((place, was)) = self.lines("points", name, "expire") else { return };
        // Points of the last day, unless they are kept too.
        let kept = |keep: Keep| keep.before >= self.from;
        let last = self.from.yesterday().ok().filter(|_| !self.aligned.settings.succession.lots.is_some_and(kept));
        if let Some(earned) = last {
            let ends = |expiry: &Expiry| expiry.last_day(&self.aligned.settings.clock, earned);
            if let Some(now) = ends(&new.expiry).filter(|now| ends(&old.expiry).is_none_or(|was| *now < was)) {
                let (unit, from) = (new.plural.as_ref().unwrap_or(name).clone(), self.from);
                self.found.push(Worse::EndsSooner { place, old: was, unit, earned, now, was: ends(&old.expiry), from });
            }
        }
        if let (Some(now), Some(before)) = (&new.worth, &old.worth)
            && now < before
            && let Some((place, old)) = self.lines("points", name, "worth")
        {
            let money = self.aligned.settings.money.clone();
            let (unit, now, was) = (name.clone(), now.to_string(), before.to_string());
            self.found.push(Worse::WorthLess { place, old, unit, now, was, money });
        }
    }

    /// The price of everybody, in one unit.
    fn reward(&mut self, at: usize) {
        let (new, old) = (&self.aligned.rewards[at], &self.before.rewards[at]);
        if self.lines("reward", &new.name.text, "price").is_none() || new.until.is_some_and(|until| until < self.from) {
            return;
        }
        for before in old.prices.iter().filter(|price| price.when.is_none()) {
            let same = new.prices.iter().find(|price| price.when.is_none() && price.unit == before.unit);
            if let Some(price) = same.filter(|price| price.number > before.number) {
                let points = &self.aligned.points[price.unit.0];
                self.found.push(Worse::Dearer {
                    place: price.span,
                    old: before.span,
                    reward: new.name.text.clone(),
                    now: price.number.to_string(),
                    was: before.number.to_string(),
                    unit: points.plural.as_ref().unwrap_or(&points.name.text).clone(),
                });
            }
        }
    }

    fn levels(&mut self, new: &Tiers, old: &Tiers) {
        for (level, before) in new.levels.iter().zip(&old.levels) {
            if let Some((now, was)) = takes_more((new, level), (old, before)) {
                let (place, old) = (level.name.span, before.name.span);
                self.found.push(Worse::Higher { place, old, level: level.name.text.clone(), now, was });
            }
        }
    }
}

/// What a level takes now and took before, where it is more of the same measure.
fn takes_more((new, level): (&Tiers, &Level), (old, before): (&Tiers, &Level)) -> Option<(Exact, Exact)> {
    let (Need::AtLeast(measure, now), Need::AtLeast(measured, was)) = (&level.need, &before.need) else { return None };
    let (is, of) = (new.measures.get(*measure)?, old.measures.get(*measured)?);
    let alike = is.window == of.window && std::mem::discriminant(&is.basis) == std::mem::discriminant(&of.basis);
    (alike && now > was).then(|| (now.clone(), was.clone()))
}
