//! The arithmetic of a posting, as clauses of a sentence: each figure with the rule and the line it
//! comes from.

use crate::engine::outcome::{Cut, CutBy, How, Part, Posting, PostingKind, Taken};
use crate::mechanics::basis::Basis;
use crate::mechanics::payout::Payout;
use crate::mechanics::points::Scope;
use crate::mechanics::{PointsId, RuleId, StackId};
use crate::report::words::{Book, and, figure, grouped, isolate, padded, sentence};
use crate::text::Span;
use crate::value::exact::{Exact, Rounding};

/// `28.95 from base (57.90 RON ÷ 2 RON × 1 star, line 17)`.
pub fn part(book: Book<'_>, unit: PointsId, part: &Part) -> String {
    if let How::Revalued { before, now, cuts } = &part.how {
        return again(book, unit, before, &part.posted, now, cuts);
    }
    if let Some(payout) = part.rule.filter(|_| part.exact.is_negative()).and_then(|rule| payout(book, rule)) {
        return format!("taken by the payout {} ({})", isolate(&payout.name.text), book.line(payout.take_span));
    }
    let how = how(book, unit, part);
    match part.rule {
        Some(rule) => {
            let name = isolate(book.rule(rule));
            let line = book.line(book.program.rules[rule.0].give_span);
            let inside = if how.is_empty() { line } else { format!("{how}, {line}") };
            format!("{} from {name} ({inside})", figure(&part.exact))
        }
        None if how.is_empty() => figure(&part.exact),
        None => format!("{} ({how})", figure(&part.exact)),
    }
}

/// The payout whose `give` a rule is.
fn payout<'p>(book: Book<'p>, rule: RuleId) -> Option<&'p Payout> {
    book.program.payouts.iter().find(|payout| payout.rule == rule)
}

/// `103 before, 67 now: 45 from base (…) and 22.5 from gold (…), 67.5 rounded down to 67`.
fn again(book: Book<'_>, unit: PointsId, before: &Exact, posted: &Exact, now: &[Part], cuts: &[Cut]) -> String {
    let figures = format!("{} before, {} now", figure(before), figure(posted));
    if now.is_empty() || posted.is_zero() {
        return figures;
    }
    let parts: Vec<String> = now.iter().map(|one| part(book, unit, one)).collect();
    let mut clauses = vec![and(&parts)];
    clauses.extend(rounding(book, unit, posted, now, cuts));
    clauses.extend(told(cuts).map(|one| cut(book, unit, one)));
    format!("{figures}: {}", clauses.join(", "))
}

/// The arithmetic of a part; nothing where the figure says it all.
fn how(book: Book<'_>, unit: PointsId, part: &Part) -> String {
    match &part.how {
        How::Rate { measured, number, per, full } => {
            let basis = part.rule.and_then(|rule| basis(book, rule, unit));
            let measured = in_words(book, basis, measured);
            let per = match basis {
                Some(Basis::Total(_)) => format!("{} {}", figure(per), book.program.settings.money),
                Some(_) | None => in_words(book, basis, per),
            };
            let steps = if *full { "whole steps of " } else { "" };
            format!("{measured} ÷ {steps}{per} × {} {}", figure(number), book.unit_for(unit, number))
        }
        How::Back { measured, percent } => {
            let back = format!("{}% of {}", figure(percent), book.money(measured));
            match &book.program.points[unit.0].worth {
                Some(worth) if *worth != Exact::one() => {
                    format!("{back} ÷ {} a {}", book.money(worth), book.unit_for(unit, &Exact::one()))
                }
                Some(_) | None => back,
            }
        }
        How::PercentOf { rule, base, percent } => {
            let name = isolate(book.rule(*rule));
            format!("{}% of the {} from {name}", figure(percent), figure(base))
        }
        How::Fixed => String::new(),
        How::Scale(measured) => {
            let basis = part.rule.and_then(|rule| basis(book, rule, unit));
            format!("by the scale, for {}", in_words(book, basis, measured))
        }
        How::Step(measured) => {
            let basis = part.rule.and_then(|rule| basis(book, rule, unit));
            format!("by the step reached with {}", in_words(book, basis, measured))
        }
        How::Revalued { before, .. } => format!("{} before", figure(before)),
    }
}

fn in_words(book: Book<'_>, basis: Option<&Basis>, number: &Exact) -> String {
    basis.map_or_else(|| figure(number), |basis| book.measured(basis, number))
}

/// What a rule measures when it gives `unit`.
fn basis(book: Book<'_>, rule: RuleId, unit: PointsId) -> Option<&Basis> {
    let gives = &book.program.rules[rule.0].gives;
    gives.iter().filter(|give| give.what.unit() == Some(unit)).find_map(|give| give.what.basis())
}

/// What else is to be said of a posting, in one line: rounding, what was taken off, where a
/// clawback was taken from, what paid a debt, the engine's own note.
pub fn note(book: Book<'_>, posting: &Posting) -> String {
    notes(book, posting).join("; ")
}

/// The same, a clause each.
pub fn notes(book: Book<'_>, posting: &Posting) -> Vec<String> {
    let mut notes = Vec::new();
    if posting.kind == PostingKind::Earned && !is_revalued(posting) {
        notes.extend(rounding(book, posting.unit, &posting.amount, &posting.parts, &posting.cuts));
    }
    notes.extend(told(&posting.cuts).map(|one| cut(book, posting.unit, one)));
    notes.extend(posting.taken.as_ref().and_then(|of| taken(book, posting.unit, of)));
    if posting.paid_debt.is_positive() {
        notes.push(format!("{} of it paid what was owed", figure(&posting.paid_debt)));
    }
    if !is_revalued(posting) {
        notes.extend(own_note(book, posting));
    }
    notes
}

/// All clauses of a posting: its parts, then the rest. What a purchase gives once something came
/// back is told the other way round: first that it was valued again, then the figures.
pub fn clauses(book: Book<'_>, posting: &Posting) -> Vec<String> {
    let parts: Vec<String> = posting.parts.iter().map(|one| part(book, posting.unit, one)).collect();
    let mut clauses = Vec::new();
    if is_revalued(posting) {
        clauses.extend(own_note(book, posting));
        clauses.extend(parts);
    } else if !parts.is_empty() {
        clauses.push(and(&parts));
    }
    clauses.extend(notes(book, posting));
    clauses
}

/// Whether a posting puts right what an event gave.
pub fn is_revalued(posting: &Posting) -> bool {
    posting.parts.iter().any(|part| matches!(part.how, How::Revalued { .. }))
}

/// The engine's own note; the name of what was redeemed gets a word in front.
fn own_note(book: Book<'_>, posting: &Posting) -> Option<String> {
    let note = sentence(&posting.note);
    let redeemed = posting.kind == PostingKind::Spent
        && book.program.rewards.iter().any(|reward| {
            let rest = posting.note.strip_prefix(&reward.name.text);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" and "))
        });
    match (note.is_empty(), redeemed) {
        (true, _) => None,
        (false, true) => Some(format!("for {}", isolate(&note))),
        (false, false) => Some(note),
    }
}

/// `57.90 rounded down to 57`.
fn rounding(book: Book<'_>, unit: PointsId, posted: &Exact, parts: &[Part], cuts: &[Cut]) -> Option<String> {
    if parts.is_empty() {
        return None;
    }
    let exact = parts.iter().fold(Exact::zero(), |sum, part| sum + &part.exact);
    // What a stack did not take never stood among the parts.
    let off = cuts.iter().filter(|cut| !matches!(cut.by, CutBy::Stack(_)));
    let rounded = off.fold(posted.clone(), |sum, cut| sum + &cut.off);
    if rounded == exact {
        return None;
    }
    let points = &book.program.points[unit.0];
    let way = match points.round {
        Rounding::Down => "down",
        Rounding::Up => "up",
        Rounding::Nearest => "to the nearest",
        Rounding::HalfEven => "half to even",
    };
    let scope = match points.scope {
        Scope::Receipt if points.round == Rounding::Nearest => ",",
        Scope::Receipt => "",
        Scope::Line => ", line by line,",
        Scope::Rule => ", rule by rule,",
        Scope::Month => ", with what the month carried,",
    };
    let decimals = parts.iter().filter_map(|part| part.exact.decimals()).max().unwrap_or(0);
    let before = if exact.decimals().is_some() { grouped(&padded(&exact, decimals)) } else { figure(&exact) };
    Some(format!("{before} rounded {way}{scope} to {}", grouped(&book.number(unit, &rounded))))
}

/// The cuts that took something.
fn told(cuts: &[Cut]) -> impl Iterator<Item = &Cut> {
    cuts.iter().filter(|cut| !cut.off.is_zero())
}

/// `17 of gold_double taken off by "cap 40 stars per member per day" (line 41)`.
fn cut(book: Book<'_>, unit: PointsId, cut: &Cut) -> String {
    // A full card's own points stand alone in their posting.
    let rule = cut.rule.map_or("the card".into(), |rule| isolate(book.rule(rule)));
    let off = figure(&cut.off);
    let program = book.program;
    let said = |span: Option<Span>, otherwise: String| match span.and_then(|span| Some((span, book.quote(span)?))) {
        Some((span, quote)) => format!("“{}” ({})", isolate(&quote), book.line(span)),
        None => otherwise,
    };
    let capped = |stack: StackId, span: Option<Span>| {
        said(span, format!("the cap of stack {}", isolate(&program.stacks[stack.0].name.text)))
    };
    let by = match cut.by {
        CutBy::Limit(at) => {
            let limit = cut.rule.and_then(|rule| program.rules[rule.0].limits.get(at));
            said(limit.map(|limit| limit.span), format!("a limit of {rule}"))
        }
        CutBy::Stack(stack) => {
            let stack = &program.stacks[stack.0];
            let line = book.line(stack.span);
            return format!("{off} from {rule} not given: stack {} takes another ({line})", isolate(&stack.name.text));
        }
        CutBy::StackCap(stack, at) => capped(stack, program.stacks[stack.0].caps.get(at).map(|(_, cap)| cap.span)),
        CutBy::StackShare(stack) => capped(stack, program.stacks[stack.0].cap_percent.as_ref().map(|(_, span)| *span)),
        CutBy::Budget(budget) => {
            let budget = &program.budgets[budget.0];
            format!("budget {} ({}), which is spent", isolate(&budget.name.text), book.line(budget.span))
        }
        CutBy::EarnAtMost(at) => {
            let cap = program.points[unit.0].caps.get(at);
            said(cap.map(|cap| cap.span), "what may be earned at most".to_string())
        }
    };
    format!("{off} from {rule} taken off by {by}")
}

/// `of it 31.00 from what that purchase gave, 1.60 from other points and 25.38 now owed`.
fn taken(book: Book<'_>, unit: PointsId, taken: &Taken) -> Option<String> {
    let number = |number: &Exact| grouped(&book.number(unit, number));
    let mut from = Vec::new();
    if taken.own.is_positive() {
        from.push(format!("{} from what that purchase gave", number(&taken.own)));
    }
    if taken.others.is_positive() {
        from.push(format!("{} from other points (the soonest to end first)", number(&taken.others)));
    }
    if taken.debt.is_positive() {
        from.push(format!("{} now owed", number(&taken.debt)));
    }
    if taken.written_off.is_positive() {
        from.push(format!("{} written off", number(&taken.written_off)));
    }
    match (from.as_slice(), taken.own.is_positive()) {
        ([], _) => None,
        ([_], true) => Some("all of it from what that purchase gave".to_string()),
        (_, _) => Some(format!("of it {}", and(&from))),
    }
}
