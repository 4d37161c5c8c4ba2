//! From the typed tree to the plan: conditions.

use super::among::Among;
use super::condition::{Cond, Figure, LineCond, LineFigure, Where};
use super::{Keep, Needs, Plan, Read, RulePlan, Slot, day_number};
use crate::mechanics::Program;
use crate::mechanics::basis::{Pick, Streak};
use crate::mechanics::condition::{Condition, How, Measure, Test, Value, is_of_line, passes, picks_one_line, positive};
use crate::mechanics::points::Life;
use crate::mechanics::rule::Trigger;
use crate::text::Span;
use crate::value::clock::{Date, Weekday};

/// The first and last day of a rule, for the window `campaign`.
pub type Campaign = (Option<Date>, Option<Date>);

/// The plan under way.
pub struct Compiler<'p> {
    pub program: &'p Program,
    pub needs: Needs,
    pub beyond: Vec<(Span, String)>,
    pub slots: Vec<Slot>,
    /// What tells slots apart.
    pub keys: Vec<String>,
    pub reads: Vec<Read>,
    pub member_tests: Vec<(String, How)>,
    pub lives: Vec<Life>,
    pub timers: Vec<Trigger>,
    pub streaks: Vec<Streak>,
    /// `10^decimals` of each unit.
    pub scales: Vec<i64>,
}

impl<'p> Plan<'p> {
    /// The plan of a program.
    pub fn of(program: &'p Program) -> Self {
        Self::over(program, Needs::of(program))
    }

    /// The plan of a program over piles that have these columns: all that it needs, and perhaps more.
    pub fn over(program: &'p Program, needs: Needs) -> Self {
        let scales = program.points.iter().map(|points| 10_i64.pow(points.decimals)).collect();
        let mut compiler = Compiler {
            program,
            needs,
            beyond: Vec::new(),
            slots: Vec::new(),
            keys: Vec::new(),
            reads: Vec::new(),
            member_tests: Vec::new(),
            lives: lives_of(program),
            timers: Vec::new(),
            streaks: Vec::new(),
            scales,
        };
        let mut units = compiler.units();
        let rules: Vec<RulePlan> = (0..program.rules.len()).map(|rule| compiler.rule(rule, &units)).collect();
        let stacks = compiler.stacks();
        compiler.caps(&mut units);
        let tiers = compiler.tiers();
        let cards = compiler.cards();
        let (discounts, money_caps) = (compiler.discounts(), compiler.money_caps());
        let activities = compiler.activities();
        let (gifts, rewards) = (compiler.gifts(), compiler.rewards());
        compiler.not_yet();
        let rules = compiler.posted_into(rules);
        let visits = compiler.visits(&rules, &cards);
        let mut order: Vec<usize> = (0..rules.len()).collect();
        order.sort_by_key(|rule| (program.rules[*rule].bonus, *rule));
        let on_events = order.iter().copied().filter(|rule| rules[*rule].on != 0).collect();
        let days = |(first, last): &(Date, Date)| (day_number(*first), day_number(*last));
        Self {
            program,
            event_widths: compiler.needs.event_widths(),
            line_widths: compiler.needs.line_widths(),
            needs: compiler.needs,
            beyond: compiler.beyond,
            units,
            rules,
            order,
            on_events,
            stacks,
            slots: compiler.slots,
            reads: compiler.reads,
            visits,
            timers: compiler.timers,
            streaks: compiler.streaks,
            discounts,
            money_caps,
            activities,
            member_tests: compiler.member_tests,
            calendars: program.calendars.iter().map(|calendar| calendar.days.iter().map(days).collect()).collect(),
            cards,
            tiers,
            lives: compiler.lives,
            gifts,
            rewards,
        }
    }
}

impl Compiler<'_> {
    /// Says what the fast engine does not do.
    pub fn give_up(&mut self, place: Span, why: impl Into<String>) {
        self.beyond.push((place, why.into()));
    }

    /// The place of a figure of the state.
    pub fn read(&mut self, read: Read) -> usize {
        match self.reads.iter().position(|known| *known == read) {
            Some(place) => place,
            None => {
                self.reads.push(read);
                self.reads.len() - 1
            }
        }
    }

    /// The figure of a streak.
    fn streak(&mut self, streak: &Streak) -> usize {
        let place = self.streaks.iter().position(|known| known == streak).unwrap_or_else(|| {
            self.streaks.push(streak.clone());
            self.streaks.len() - 1
        });
        self.read(Read::Streak(place))
    }

    /// A condition on an event (section 4).
    pub fn cond(&mut self, condition: &Condition, campaign: Campaign) -> Cond {
        match condition {
            Condition::All(parts) => {
                let (of_line, others): (Vec<_>, Vec<_>) = parts.iter().partition(|part| picks_one_line(part));
                let mut all: Vec<Cond> = others.iter().map(|part| self.cond(part, campaign)).collect();
                if !of_line.is_empty() {
                    let lines = of_line.iter().map(|part| self.line(part, campaign)).collect();
                    all.push(Cond::Some(LineCond::All(lines).folded()));
                }
                Cond::All(all)
            }
            Condition::Any(parts) => Cond::Any(parts.iter().map(|part| self.cond(part, campaign)).collect()),
            Condition::Not(part) => Cond::Not(Box::new(self.cond(part, campaign))),
            Condition::EveryLine(part) => Cond::Every(self.line(part, campaign).folded()),
            Condition::Test(test) if is_of_line(&test.measure) => match positive(&test.how) {
                Some(how) => {
                    let line = self.line_test(&test.measure, &how, test.span, campaign);
                    Cond::Not(Box::new(Cond::Some(line)))
                }
                None => Cond::Some(self.line_test(&test.measure, &test.how, test.span, campaign)),
            },
            Condition::Test(test) => self.event_test(test, campaign),
        }
    }

    /// Which lines a pick takes.
    pub fn pick(&mut self, pick: &Pick, campaign: Campaign) -> LineCond {
        let with = pick.with.as_ref().map(|with| self.line(with, campaign));
        let without = pick.without.as_ref().map(|without| LineCond::Not(Box::new(self.line(without, campaign))));
        LineCond::All(with.into_iter().chain(without).collect()).folded()
    }

    /// A condition on one line.
    pub fn line(&mut self, condition: &Condition, campaign: Campaign) -> LineCond {
        match condition {
            Condition::All(parts) => LineCond::All(parts.iter().map(|part| self.line(part, campaign)).collect()),
            Condition::Any(parts) => LineCond::Any(parts.iter().map(|part| self.line(part, campaign)).collect()),
            Condition::Not(part) => LineCond::Not(Box::new(self.line(part, campaign))),
            Condition::EveryLine(part) => LineCond::Every(Box::new(self.line(part, campaign).folded())),
            Condition::Test(test) => self.line_test(&test.measure, &test.how, test.span, campaign),
        }
        .folded()
    }

    fn line_test(&mut self, measure: &Measure, how: &How, span: Span, campaign: Campaign) -> LineCond {
        if matches!(how, How::InCalendar(_) | How::NotInCalendar(_)) {
            let test = Test { measure: measure.clone(), how: how.clone(), span };
            return LineCond::Event(Box::new(self.event_test(&test, campaign)));
        }
        let money = |how: &How| Among::of_number(how, super::super::pile::SCALE, self.program);
        match measure {
            Measure::Category => self.line_column("category", how, span),
            Measure::Sku => self.line_column("sku", how, span),
            Measure::Brand => self.line_column("brand", how, span),
            Measure::Column(name) => self.either(name, how, span),
            Measure::Amount => self.line_figure(LineFigure::Amount, money(how), span),
            Measure::Quantity => self.line_figure(LineFigure::Quantity, money(how), span),
            Measure::Price => LineCond::Price(how.clone()),
            Measure::ReducedPrice => match Among::of_few(how, yes_or_no(), self.program) {
                Some(among) => LineCond::Reduced(among),
                None => self.no_line(span),
            },
            Measure::TotalOf(_)
            | Measure::Items
            | Measure::ItemsOf(_)
            | Measure::Store
            | Measure::Channel
            | Measure::Time
            | Measure::Weekday
            | Measure::Date
            | Measure::DayOfMonth
            | Measure::Month
            | Measure::FirstPurchase
            | Measure::Level(_)
            | Measure::Stamps(_)
            | Measure::MemberColumn(_)
            | Measure::InSegment(_)
            | Measure::HasGift(_)
            | Measure::HasReward(_)
            | Measure::HasCoupon(_)
            | Measure::HasMembership(_)
            | Measure::BirthdayWithin(_)
            | Measure::MemberFor(_)
            | Measure::Balance(_)
            | Measure::Aggregate { .. }
            | Measure::DaysSinceLastPurchase
            | Measure::Consecutive(_)
            | Measure::Habit(_) => {
                let test = Test { measure: measure.clone(), how: how.clone(), span };
                LineCond::Event(Box::new(self.event_test(&test, campaign)))
            }
        }
    }

    fn line_figure(&mut self, figure: LineFigure, among: Option<Among>, span: Span) -> LineCond {
        match among {
            Some(among) => LineCond::Line(figure, among),
            None => self.no_line(span),
        }
    }

    fn no_line(&mut self, span: Span) -> LineCond {
        self.give_up(span, "this test is asked in a way that only the plain engine answers");
        LineCond::Fixed(false)
    }

    fn no_test(&mut self, span: Span) -> Cond {
        self.give_up(span, "this test is asked in a way that only the plain engine answers");
        Cond::Fixed(false)
    }

    /// A column of a line as it is kept, and what of it passes.
    fn line_column(&mut self, name: &str, how: &How, span: Span) -> LineCond {
        let column = column(&self.needs.line, name, how, self.program);
        column.map_or_else(|| self.no_line(span), LineCond::Column)
    }

    /// A column of the line, else of the event.
    fn either(&mut self, name: &str, how: &How, span: Span) -> LineCond {
        let line = column(&self.needs.line, name, how, self.program);
        let event = column(&self.needs.event, name, how, self.program);
        match (line, event) {
            (Some(line), Some(event)) => LineCond::Either { line, event },
            (Some(_) | None, Some(_) | None) => self.no_line(span),
        }
    }

    fn event_column(&mut self, name: &str, how: &How, span: Span) -> Cond {
        let column = column(&self.needs.event, name, how, self.program);
        column.map_or_else(|| self.no_test(span), Cond::Column)
    }

    fn event_test(&mut self, test: &Test, campaign: Campaign) -> Cond {
        let how = &test.how;
        let is_time = matches!(test.measure, Measure::Time);
        let timed = |cond: Cond| if is_time { Cond::All(vec![Cond::Time(Among::anything()), cond]) } else { cond };
        match how {
            How::InCalendar(calendar) => return timed(Cond::Calendar(calendar.0)),
            How::NotInCalendar(calendar) => return timed(Cond::Not(Box::new(Cond::Calendar(calendar.0)))),
            How::Is(_)
            | How::IsNot(_)
            | How::AtLeast(_)
            | How::AtMost(_)
            | How::MoreThan(_)
            | How::LessThan(_)
            | How::Between(..)
            | How::In(_)
            | How::NotIn(_)
            | How::InList(_)
            | How::NotInList(_)
            | How::Exists
            | How::Holds => {}
        }
        let cond = self.measured(&test.measure, how, test.span, campaign);
        cond.unwrap_or_else(|| self.no_test(test.span))
    }

    fn measured(&mut self, measure: &Measure, how: &How, span: Span, campaign: Campaign) -> Option<Cond> {
        let program = self.program;
        let scaled = |scale: i64| Among::of_number(how, scale, program);
        let yes_no = || Among::of_few(how, yes_or_no(), program);
        let money = super::super::pile::SCALE;
        Some(match measure {
            Measure::Amount => Cond::Event(Figure::Amount, scaled(money)?),
            Measure::Items => Cond::Event(Figure::Items, scaled(money)?),
            Measure::TotalOf(lines) => Cond::Event(Figure::TotalOf(self.line(lines, campaign)), scaled(money)?),
            Measure::ItemsOf(lines) => Cond::Event(Figure::ItemsOf(self.line(lines, campaign)), scaled(money)?),
            Measure::Store => self.event_column("store", how, span),
            Measure::Channel => self.event_column("channel", how, span),
            Measure::Time => Cond::Time(Among::of_time(how)?),
            Measure::Weekday => {
                let days = (0..7).filter_map(|day| Some((i64::from(day), Value::Weekday(weekday(day)?))));
                Cond::Event(Figure::Weekday, Among::of_few(how, days, program)?)
            }
            Measure::Date => Cond::Event(Figure::Day, Among::of_day(how, day_number)?),
            Measure::DayOfMonth => Cond::Event(Figure::DayOfMonth, scaled(1)?),
            Measure::Month => Cond::Event(Figure::Month, scaled(1)?),
            Measure::FirstPurchase => Cond::Read(self.read(Read::FirstPurchase), yes_no()?),
            Measure::Level(tiers) => {
                let levels = self.program.tiers.get(tiers.0)?.levels.len();
                let levels = (0..levels).filter_map(|level| Some((i64::try_from(level).ok()?, Value::Level(level))));
                Cond::Read(self.read(Read::Level(tiers.0)), Among::of_few(how, levels, program)?)
            }
            Measure::Stamps(card) => Cond::Read(self.read(Read::Stamps(card.0)), scaled(1)?),
            Measure::MemberColumn(name) => {
                self.member_tests.push((name.clone(), how.clone()));
                Cond::Member(self.member_tests.len() - 1)
            }
            Measure::InSegment(segment) => {
                let (yes, no) = (yes_no()?.holds(1), yes_no()?.holds(0));
                let within = self.cond(&program.segments.get(segment.0)?.when, campaign);
                match (yes, no) {
                    (true, false) => within,
                    (false, true) => Cond::Not(Box::new(within)),
                    (same, _) => Cond::Fixed(same),
                }
            }
            Measure::HasGift(gift) => {
                Cond::Read(self.read(Read::Held(crate::mechanics::example::Held::Gift(*gift))), yes_no()?)
            }
            Measure::HasReward(reward) => {
                Cond::Read(self.read(Read::Held(crate::mechanics::example::Held::Reward(*reward))), yes_no()?)
            }
            Measure::HasCoupon(coupon) => {
                Cond::Read(self.read(Read::Held(crate::mechanics::example::Held::Coupon(*coupon))), yes_no()?)
            }
            // Who subscribes to one is left to the plain engine.
            Measure::HasMembership(_) => Cond::Fixed(false),
            Measure::BirthdayWithin(days) => Cond::BirthdayWithin(*days, yes_no()?),
            Measure::MemberFor(length) => Cond::MemberFor(*length, yes_no()?),
            Measure::Balance(unit) => {
                let scale = self.scales.get(unit.0).copied()?;
                Cond::Read(self.read(Read::Balance(*unit)), scaled(scale)?)
            }
            Measure::Aggregate { basis, window } => {
                let slot = self.aggregate(basis, *window, campaign, span)?;
                let scale = self.slots[slot].scale;
                Cond::Read(self.read(Read::Slot(slot)), scaled(scale)?)
            }
            Measure::DaysSinceLastPurchase => Cond::Read(self.read(Read::SinceLast), scaled(1)?),
            Measure::Consecutive(streak) => Cond::Read(self.streak(streak), scaled(1)?),
            Measure::Habit(habit) => {
                self.give_up(span, format!("ready-made measures (`{}`)", habit.words()));
                Cond::Fixed(false)
            }
            // Of a line: asked of each by itself.
            Measure::Category
            | Measure::Sku
            | Measure::Brand
            | Measure::Price
            | Measure::Quantity
            | Measure::ReducedPrice
            | Measure::Column(_) => return None,
        })
    }
}

/// The lives of points' own that a program gives, in their order: so they are posted after a return.
fn lives_of(program: &Program) -> Vec<Life> {
    let of_rules = program.rules.iter().flat_map(|rule| &rule.gives);
    let all = of_rules.chain(program.cards.iter().flat_map(|card| &card.gives));
    let mut lives: Vec<Life> = all.filter_map(|give| give.life).collect();
    lives.sort_unstable();
    lives.dedup();
    lives
}

/// The weekday of a number, 0 for Monday.
fn weekday(day: i8) -> Option<Weekday> {
    Weekday::from_monday_zero_offset(day).ok()
}

fn yes_or_no() -> [(i64, Value); 2] {
    [(0, Value::YesNo(false)), (1, Value::YesNo(true))]
}

/// A text that no program names and that is neither number nor day.
const OTHER: &str = "\u{0}\u{0}";

/// A column as it is kept, and what of it passes.
fn column(columns: &[super::Wanted], name: &str, how: &How, program: &Program) -> Option<Where> {
    let is_code = |wanted: &super::Wanted| matches!(wanted.keep, Keep::Code(_));
    let wanted = columns.iter().find(|wanted| wanted.name == name)?;
    let place = columns.iter().filter(|one| is_code(one) == is_code(wanted)).position(|one| one.name == name)?;
    Some(match &wanted.keep {
        Keep::Text => Where::Text(place, how.clone()),
        Keep::Code(words) => {
            let said = std::iter::once(OTHER).chain(words.iter().map(String::as_str));
            let of_text = |text: &str| passes(how, Some(&Value::Text(text.to_owned())), program);
            let table: Option<Box<[bool]>> =
                std::iter::once(passes(how, None, program)).chain(said.map(of_text)).collect();
            Where::Code(place, table?)
        }
    })
}
