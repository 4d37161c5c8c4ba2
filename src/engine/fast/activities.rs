//! Activities: which are accepted, and what becomes of them (section 3, `activity`).

use super::Beyond;
use super::machine::{Act, Machine};
use super::record::Record;
use super::value::Fired;
use super::windows::EVER;
use crate::engine::outcome::Reason;
use crate::engine::pile::Pile;
use crate::mechanics::ActivityId;
use crate::mechanics::activity::{Activity, Field, FieldKind};
use crate::mechanics::condition::is_yes;
use crate::mechanics::points::Renewal;
use crate::mechanics::rule::Trigger;
use crate::value::clock::Window;
use crate::value::exact::Exact;

/// An activity that was accepted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Did {
    activity: ActivityId,
    /// The event's place in the pile.
    place: usize,
    at: i64,
    day: i32,
}

/// Why an activity is not accepted, and the sentence that says it.
type Refusal = (Reason, String);

impl Machine<'_> {
    /// An `activity` event.
    pub(super) fn activity(
        &mut self,
        pile: &Pile,
        place: usize,
        nth: usize,
        record: &mut impl Record,
    ) -> Result<(), Beyond> {
        let (here, program) = (self.state.here, self.plan.program);
        let name = pile.reference.get(place);
        let Some(known) = program.activities.iter().position(|activity| activity.name.text == name) else {
            let sentence = || format!("the program has no activity called {name:?}");
            record.rejected(&here, Reason::NotEligible, sentence);
            return Ok(());
        };
        let id = ActivityId(known);
        if let Err((reason, sentence)) = self.accepts(pile, place, id)? {
            record.rejected(&here, reason, || sentence);
            return Ok(());
        }
        let fired = Fired { on: 0, trigger: Some(Trigger::Activity(Some(id))) };
        self.state.did.push(Did { activity: id, place, at: here.at, day: here.day });
        self.take_in(pile, (nth, Act::Activity(id)), fired, &[Renewal::Activity(Some(id))], record)?;
        let Self { units, state, .. } = self;
        state.purses.release_by(units, &state.here, id, record)
    }

    /// Whether an activity is accepted: what is not uses up no limit.
    fn accepts(&mut self, pile: &Pile, place: usize, id: ActivityId) -> Result<Result<(), Refusal>, Beyond> {
        self.state.read_lines(pile, place);
        self.refresh(false)?;
        let plan = self.plan;
        let (block, of) = (&plan.program.activities[id.0], &plan.activities[id.0]);
        let no = |reason: Reason, sentence: String| Ok(Err((reason, sentence)));
        let scene = self.state.scene(plan, pile);
        for (column, field) in &of.fields {
            let field = &block.fields[*field];
            if let Some(text) = scene.text(*column).filter(|text| !is_value(field, text)) {
                return no(Reason::NotEligible, format!("{text:?} is no value for {}", field.name.text));
            }
        }
        if let (Some((verified, column)), Some(word)) = (of.verified, &block.verified_by) {
            let says = |column: usize| scene.text(column).is_some_and(|text| text == word || is_yes(text));
            if !says(verified) && !says(column) {
                return no(Reason::NotEligible, format!("not verified by {word}"));
            }
        }
        if let Some(accept) = &of.accept
            && !scene.holds(accept)?
        {
            return no(Reason::NotEligible, "not what the program accepts".to_owned());
        }
        for (cap, (read, most)) in block.at_most.iter().zip(&of.at_most) {
            if self.state.reads[*read] >= *most {
                return no(Reason::Limit, format!("{} in {} are in already", cap.most, cap.window));
            }
        }
        for ((field, cap), column) in block.at_most_each.iter().zip(&of.at_most_each) {
            let value = pile.texts.get(place * plan.event_widths.1 + column);
            if value.is_empty() {
                continue;
            }
            let count = self.did_with(pile, id, (*column, value), cap.window)?;
            if Exact::from_int(count) >= cap.most {
                let sentence = format!("{} with {field} {value} in {} are in already", cap.most, cap.window);
                return no(Reason::Limit, sentence);
            }
        }
        Ok(self.waited(id, block))
    }

    /// How many of an activity she did in a window with this text in a column.
    fn did_with(
        &mut self,
        pile: &Pile,
        id: ActivityId,
        (column, value): (usize, &str),
        window: Window,
    ) -> Result<i64, Beyond> {
        let (here, joined) = (self.state.here, self.state.facts.joined);
        let (first, after) = match window {
            Window::LastHours(hours) => (EVER, here.at - i64::from(hours) * 3600),
            of_days => (self.windows.first(of_days, here.day, joined, None), i64::MIN),
        };
        let texts = self.plan.event_widths.1;
        let same = |did: &&Did| {
            did.activity == id
                && first <= did.day
                && after < did.at
                && pile.texts.get(did.place * texts + column) == value
        };
        i64::try_from(self.state.did.iter().filter(same).count()).map_err(|_| Beyond)
    }

    /// `gap at least`: whole minutes since the last one that was accepted.
    fn waited(&self, id: ActivityId, block: &Activity) -> Result<(), Refusal> {
        let last = self.state.did.iter().rev().find(|did| did.activity == id);
        let (Some(gap), Some(last)) = (block.gap_minutes, last) else { return Ok(()) };
        let minutes = (self.state.here.at - last.at).div_euclid(60);
        if u64::try_from(minutes).is_ok_and(|minutes| minutes >= gap) {
            return Ok(());
        }
        Err((Reason::Limit, format!("less than {gap} minutes since the last one")))
    }
}

/// Whether a text is a value of a field.
fn is_value(field: &Field, text: &str) -> bool {
    match &field.kind {
        FieldKind::Number(_) => Exact::parse(text).is_some(),
        FieldKind::Text => true,
        FieldKind::OneOf(words) => words.iter().any(|word| word == text),
    }
}
