//! What a search found: which numbers to take, the lines they change, and what nothing else beats.

use super::grid::{Grid, Side};
use super::study::cautions;
use super::study::language::Figures;
use super::study::{Language, View};
use super::terminal::Paint;
use super::words::{count, counted};
use crate::simulate::study::{Estimate, MeasureUnit, ObjectiveRow, StudyKind};
use crate::simulate::tune::{Aim, LeftOut, Tried, Tuned};

/// Rows of the front that are shown; JSON has all.
const ROWS: usize = 24;
/// Reasons that are shown; JSON has all.
const REASONS: usize = 5;

/// What stands beside the program that is there.
const WRITTEN: &str = "as it is written";

/// What was found, for a terminal.
pub fn text(tuned: &Tuned, paint: Paint) -> String {
    let figures = Figures { language: Language::English, money: &tuned.study.money, decimals: tuned.study.decimals };
    let mut page = Page { tuned, figures, paint, text: String::new() };
    page.answer();
    page.changes();
    page.front();
    page.left_out();
    page.end();
    page.text
}

/// The same as JSON, laid out; figures that are not known are null.
///
/// # Errors
/// None that a search can bring about; it is the writer's signature.
pub fn json(tuned: &Tuned) -> Result<String, String> {
    serde_json::to_string_pretty(tuned).map(|text| text + "\n").map_err(|error| error.to_string())
}

struct Page<'t> {
    tuned: &'t Tuned,
    figures: Figures<'t>,
    paint: Paint,
    text: String,
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    // ---- the answer ---------------------------------------------------------------------------

    fn answer(&mut self) {
        let first = self.first();
        self.line(&self.paint.strong(&first));
        if let Some(best) = self.tuned.recommended() {
            let came_to = self.came_to(best);
            self.line(&came_to);
            if let Some(over) = self.over_written() {
                self.line(&over);
            }
        }
        if let Some(next) = self.next() {
            self.line(&next);
        }
    }

    fn first(&self) -> String {
        let tuned = self.tuned;
        let wanted = |best: &Tried| self.objective(best).map(|row| row.text.clone()).unwrap_or_default();
        let Some(best) = tuned.recommended() else {
            return match tuned.aim {
                Aim::Objective => format!("None of these programs meets `{}`.", wanted(&tuned.as_written)),
                Aim::NetGain | Aim::EverRewarded => "A history tells what a program costs and whom it rewards, not \
                                                     what it brings: choose from what nothing beats, or name an \
                                                     --objective."
                    .to_owned(),
            };
        };
        let take = self.values(best);
        match tuned.aim {
            Aim::NetGain if best.gain.is_some_and(|gain| gain.mid < 0.0) => {
                format!("None of these programs pays for itself; the least is lost with {take}.")
            }
            Aim::NetGain => format!("The highest net gain comes with {take}."),
            Aim::Objective if tuned.is_met(best) => {
                format!("The cheapest that meets `{}` is {take}.", wanted(best))
            }
            Aim::Objective => format!(
                "None of these programs meets `{}` in nine worlds of ten; the nearest is {take}, in {}.",
                wanted(best),
                self.share(self.objective(best).and_then(|row| row.met).unwrap_or_default())
            ),
            Aim::EverRewarded => format!("Most members are rewarded with {take}."),
        }
    }

    /// `earn base give 1.5 and reward cake price 250`.
    fn values(&self, one: &Tried) -> String {
        if one.values == self.tuned.as_written.values {
            return "the program as it is written".to_owned();
        }
        let named = |(varied, value): (&crate::simulate::tune::Varied, &String)| match varied.clause.as_str() {
            clause if varied.was == *value => format!("`{clause} {value}` as now"),
            clause => format!("`{clause} {value}`"),
        };
        let named: Vec<String> = self.tuned.varied.iter().zip(&one.values).map(named).collect();
        match named.split_last() {
            None => String::new(),
            Some((last, [])) => last.clone(),
            Some((last, before)) => format!("{} and {last}", before.join(", ")),
        }
    }

    fn came_to(&self, one: &Tried) -> String {
        let money = |estimate| self.figures.interval(MeasureUnit::Money, estimate);
        let cost = format!("It costs {}", money(one.cost));
        match one.gain {
            Some(gain) if gain.low < 0.0 && gain.high > 0.0 => {
                format!("{cost} and gains {}: whether it pays at all is not sure.", money(gain))
            }
            Some(gain) => format!("{cost} and gains {}.", money(gain)),
            None => format!("{cost}."),
        }
    }

    fn over_written(&self) -> Option<String> {
        let over = self.tuned.over_written.filter(|_| !self.tuned.changes.is_empty())?;
        let told = if over.low > 0.0 || over.high < 0.0 { "" } else { "; these worlds do not tell the two apart" };
        Some(format!("That is {} as it is written{told}.", self.more(over, "than")))
    }

    fn next(&self) -> Option<String> {
        let next = self.tuned.next?;
        let one = self.tuned.tried.get(next.at)?;
        let (best, values) = (self.tuned.recommended()?, self.values(one));
        let cheaper = best.cost.mid - one.cost.mid;
        let costs = match cheaper {
            _ if self.money(cheaper.abs()) == self.money(0.0) => "costs the same".to_owned(),
            cheaper if cheaper > 0.0 => format!("costs {} less", self.money(cheaper)),
            dearer => format!("costs {} more", self.money(-dearer)),
        };
        let Some(gain) = next.gain else {
            let met =
                if self.tuned.objective.is_some() && !self.tuned.is_met(one) { " and does not meet it" } else { "" };
            return Some(format!("Next comes {values}: it {costs}{met}."));
        };
        // Of the next one: what it gains beside the one to take.
        let gain = Estimate { low: -gain.high, mid: -gain.mid, high: -gain.low };
        let met = self.objective(one).and_then(|row| row.met);
        let met = met.map_or_else(String::new, |met| format!(", and meets it in {}", self.share(met)));
        let told = match next.told_apart {
            true => "",
            false => "; these worlds do not tell the two apart, so take the one you like better",
        };
        Some(format!("Next comes {values}: it {costs} and gains {}{told}{met}.", self.more(gain, "")))
    }

    /// `1,200 RON more (300 … 2,100)`, with `than` or nothing behind it.
    fn more(&self, by: Estimate, than: &str) -> String {
        let (by, side) = match by.mid < 0.0 {
            true => (Estimate { low: -by.high, mid: -by.mid, high: -by.low }, "less"),
            false => (by, "more"),
        };
        let range = match by.is_known() {
            true => String::new(),
            false => format!(" ({} … {})", self.figures.sum(by.low, false), self.figures.sum(by.high, false)),
        };
        let than = if than.is_empty() { String::new() } else { format!(" {than}") };
        format!("{} {side}{range}{than}", self.money(by.mid))
    }

    fn money(&self, money: f64) -> String {
        self.figures.money(money, false)
    }

    fn objective<'o>(&self, one: &'o Tried) -> Option<&'o ObjectiveRow> {
        self.tuned.objective.and_then(|at| one.objectives.get(at))
    }

    /// Of a replay yes or no, of a population in how many worlds.
    fn share(&self, met: f64) -> String {
        match (self.tuned.study.kind, met >= 1.0) {
            (StudyKind::Replay, true) => "yes".to_owned(),
            (StudyKind::Replay, false) => "no".to_owned(),
            (StudyKind::Population, _) => format!("{:.0}% of worlds", met * 100.0),
        }
    }

    // ---- the lines ----------------------------------------------------------------------------

    fn changes(&mut self) {
        let changes = &self.tuned.changes;
        let width = changes.iter().map(|change| change.line.to_string().len()).max().unwrap_or(0);
        let mut file = None;
        for change in changes {
            if file != Some(&change.file) {
                self.line("");
                self.line(&self.paint.strong(&change.file));
                file = Some(&change.file);
            }
            let before = format!("- {:>width$}  {}", change.line, change.before);
            let after = format!("+ {:>width$}  {}", change.line, change.after);
            self.line(&self.paint.bad(&before));
            self.line(&self.paint.good(&after));
        }
    }

    // ---- the front ----------------------------------------------------------------------------

    fn front(&mut self) {
        let tuned = self.tuned;
        let title = match tuned.aim {
            Aim::NetGain => "No other costs less and gains more",
            Aim::Objective => "No other costs less and is surer to meet it",
            Aim::EverRewarded => "No other costs less and rewards more members",
        };
        let of = if tuned.front.len() > ROWS {
            format!("; the first {ROWS} of {}", tuned.front.len())
        } else {
            String::new()
        };
        self.line("");
        self.line(&self.paint.strong(&format!("{title}{of}")));
        let mut sides = vec![Side::Left];
        sides.extend(tuned.varied.iter().map(|_| Side::Right));
        sides.extend([Side::Right, Side::Right]);
        if !tuned.as_written.objectives.is_empty() {
            sides.push(Side::Right);
        }
        sides.push(Side::Left);
        let mut grid = Grid::new(&sides);
        grid.row(self.heads());
        for at in tuned.front.iter().take(ROWS) {
            if let Some(one) = tuned.tried.get(*at) {
                let mark = if tuned.recommended == Some(*at) { "→" } else { " " };
                let mut row = self.row(mark, one);
                if one.values == tuned.as_written.values {
                    row.push(WRITTEN.to_owned());
                }
                grid.row(row);
            }
        }
        let is_written = |at: &usize| tuned.tried.get(*at).is_some_and(|one| one.values == tuned.as_written.values);
        if !tuned.front.iter().take(ROWS).any(is_written) {
            let mut row = self.row(" ", &tuned.as_written);
            row.push(WRITTEN.to_owned());
            grid.row(row);
        }
        for (at, line) in grid.lines().iter().enumerate() {
            let line = if at == 0 { self.paint.quiet(line) } else { line.clone() };
            self.line(&line);
        }
    }

    fn heads(&self) -> Vec<String> {
        let tuned = self.tuned;
        let mut heads = vec![" ".to_owned()];
        heads.extend(tuned.varied.iter().map(|varied| varied.clause.clone()));
        heads.push(format!("cost, {}", tuned.study.money));
        heads.push(match tuned.study.kind {
            StudyKind::Population => format!("net gain, {}", tuned.study.money),
            StudyKind::Replay => "ever rewarded".to_owned(),
        });
        if !tuned.as_written.objectives.is_empty() {
            heads.push(if tuned.objective.is_some() { "objective met" } else { "objectives met" }.to_owned());
        }
        heads
    }

    fn row(&self, mark: &str, one: &Tried) -> Vec<String> {
        let mut row = vec![mark.to_owned()];
        row.extend(one.values.iter().cloned());
        row.push(self.figures.sum(one.cost.mid, one.cost.is_known()));
        row.push(match self.tuned.study.kind {
            StudyKind::Population => one.gain.map_or_else(String::new, |gain| self.range(gain)),
            StudyKind::Replay => {
                one.ever_rewarded.map_or_else(String::new, |share| self.figures.language.percent(share.mid))
            }
        });
        if !one.objectives.is_empty() {
            row.push(self.met(one));
        }
        row
    }

    /// Money with its range and without its code.
    fn range(&self, money: Estimate) -> String {
        let sum = |figure| self.figures.sum(figure, money.is_known());
        match money.is_known() {
            true => sum(money.mid),
            false => format!("{} ({} … {})", sum(money.mid), sum(money.low), sum(money.high)),
        }
    }

    /// Of the objective that is wanted, or of all of them, whether they are met.
    fn met(&self, one: &Tried) -> String {
        if let Some(row) = self.objective(one) {
            let came_to = row.came_to.as_ref().map_or_else(String::new, |figure| format!(" ({figure})"));
            return row.met.map_or_else(|| "not known".to_owned(), |met| self.share(met)) + &came_to;
        }
        let met = one.objectives.iter().filter(|row| row.met.is_some_and(|met| met >= crate::simulate::tune::SURE));
        format!("{} of {}", met.count(), one.objectives.len())
    }

    // ---- what was left out, and how it was done -----------------------------------------------

    fn left_out(&mut self) {
        let reasons = &self.tuned.left_out;
        if reasons.is_empty() {
            return;
        }
        let all: u64 = reasons.iter().map(|reason| reason.combinations).sum();
        self.line("");
        let is = if all == 1 { "is left out: it is" } else { "are left out: they are" };
        let combinations = counted(all, "combination", "combinations");
        let head = format!("{combinations} {is} no program that may run");
        self.line(&self.paint.strong(&head));
        for LeftOut { says, first, combinations, .. } in reasons.iter().take(REASONS) {
            self.line(&format!("  {}: {says} (with {})", count(*combinations), first.join(", ")));
        }
        if let Some(more) = reasons.get(REASONS..).filter(|more| !more.is_empty()) {
            self.line(&format!("  and {}", counted(more.len() as u64, "other reason", "other reasons")));
        }
    }

    fn end(&mut self) {
        let study = &self.tuned.study;
        let view = View::new(study, Language::English);
        let cautions: Vec<String> = cautions::sentences(&view).iter().map(|said| said.line(false)).collect();
        if !cautions.is_empty() {
            self.line("");
        }
        for caution in cautions {
            self.line(&caution);
        }
        let combinations = counted(self.tuned.combinations, "combination", "combinations");
        let people = counted(study.members, "member", "members");
        let how = match study.kind {
            StudyKind::Population => format!(
                "{combinations}, each over the same {people} and {}, {} to {}, seed {}.",
                counted(u64::from(study.worlds), "world", "worlds"),
                study.from,
                study.until,
                study.seed
            ),
            StudyKind::Replay => {
                format!("{combinations}, each over the same history of {people}, {} to {}.", study.from, study.until)
            }
        };
        self.line("");
        self.line(&self.paint.quiet(&how));
    }
}
