//! What a search found: which numbers to take, the lines they change, and what nothing else beats.

use super::grid::{Grid, Side};
use super::study::cautions;
use super::study::language::Figures;
use super::study::said::{Piece, Said, fill};
use super::study::words::{Counted, tune::TuneWords};
use super::study::{Language, View};
use super::terminal::Paint;
use super::words::count;
use crate::simulate::study::{Estimate, MeasureUnit, ObjectiveRow, StudyKind};
use crate::simulate::tune::{Aim, LeftOut, Tried, Tuned};

/// Rows of the front that are shown; JSON has all.
const ROWS: usize = 24;
/// Reasons that are shown; JSON has all.
const REASONS: usize = 5;

/// What was found, for a terminal.
pub fn text(tuned: &Tuned, language: Language, paint: Paint) -> String {
    let figures = Figures { language, money: &tuned.study.money, decimals: tuned.study.decimals };
    let mut page = Page { tuned, figures, words: &language.words().tune, paint, text: String::new() };
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
    words: &'static TuneWords,
    paint: Paint,
    text: String,
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// As a line of the terminal.
    fn said(&self, said: &Said) -> String {
        said.line(self.figures.language.is_right_to_left())
    }

    fn counted(&self, of: &Counted, count: u64) -> Said {
        self.figures.language.counted(of, count)
    }

    // ---- the answer ---------------------------------------------------------------------------

    fn answer(&mut self) {
        let first = self.said(&self.first());
        self.line(&self.paint.strong(&first));
        let mut more = Vec::new();
        if let Some(best) = self.tuned.recommended() {
            more.push(self.came_to(best));
            more.extend(self.over_written());
        }
        more.extend(self.next());
        for said in more {
            let line = self.said(&said);
            self.line(&line);
        }
    }

    fn first(&self) -> Said {
        let (tuned, words) = (self.tuned, self.words);
        let wanted = |one: &Tried| typed(self.objective(one).map(|row| row.text.clone()).unwrap_or_default());
        let Some(best) = tuned.recommended() else {
            return match tuned.aim {
                Aim::Objective => fill(words.none_meets, &[("wanted", wanted(&tuned.as_written))]),
                Aim::NetGain | Aim::EverRewarded => {
                    fill(words.of_a_history, &[("option", Said::figure("--objective"))])
                }
            };
        };
        let share = self.share(self.objective(best).and_then(|row| row.met).unwrap_or_default());
        let holes = [("take", self.values(best)), ("wanted", wanted(best)), ("share", share)];
        let template = match tuned.aim {
            Aim::NetGain if best.gain.is_some_and(|gain| gain.mid < 0.0) => words.loses,
            Aim::NetGain => words.gains,
            Aim::Objective if tuned.is_met(best) => words.cheapest,
            Aim::Objective => words.nearest,
            Aim::EverRewarded => words.rewards,
        };
        fill(template, &holes)
    }

    /// `earn base give 1.5 and reward cake price 250`.
    fn values(&self, one: &Tried) -> Said {
        if one.values == self.tuned.as_written.values {
            return Said::words(self.words.as_written);
        }
        let named = |(varied, value): (&crate::simulate::tune::Varied, &String)| {
            let clause = typed(format!("{} {value}", varied.clause));
            if varied.was == *value { fill(self.words.as_now, &[("clause", clause)]) } else { clause }
        };
        let mut named: Vec<Said> = self.tuned.varied.iter().zip(&one.values).map(named).collect();
        let Some(last) = named.pop() else { return Said::default() };
        let before = named.into_iter().reduce(|before, next| before.then(Said::words(", ")).then(next));
        match before {
            Some(before) => fill(self.words.and, &[("before", before), ("last", last)]),
            None => last,
        }
    }

    fn came_to(&self, one: &Tried) -> Said {
        let money = |estimate| Said::figure(self.figures.interval(MeasureUnit::Money, estimate));
        let mut holes = vec![("cost", money(one.cost))];
        let Some(gain) = one.gain else { return fill(self.words.costs, &holes) };
        holes.push(("gain", money(gain)));
        let unsure = gain.low < 0.0 && gain.high > 0.0;
        fill(if unsure { self.words.costs_unsure } else { self.words.costs_gains }, &holes)
    }

    fn over_written(&self) -> Option<Said> {
        let over = self.tuned.over_written.filter(|_| !self.tuned.changes.is_empty())?;
        let told = over.low > 0.0 || over.high < 0.0;
        let template = if told { self.words.over } else { self.words.over_untold };
        Some(fill(template, &[("more", self.more(over))]))
    }

    fn next(&self) -> Option<Said> {
        let (next, words) = (self.tuned.next?, self.words);
        let one = self.tuned.tried.get(next.at)?;
        let (best, values) = (self.tuned.recommended()?, self.values(one));
        let cheaper = best.cost.mid - one.cost.mid;
        let money = [("money", self.money(cheaper.abs()))];
        let costs = match cheaper {
            _ if self.money(cheaper.abs()) == self.money(0.0) => Said::words(words.costs_same),
            cheaper if cheaper > 0.0 => fill(words.costs_less, &money),
            _ => fill(words.costs_more, &money),
        };
        let mut holes = vec![("values", values), ("costs", costs)];
        let Some(gain) = next.gain else {
            let fails = self.tuned.objective.is_some() && !self.tuned.is_met(one);
            return Some(fill(if fails { words.next_not_met } else { words.next_met }, &holes));
        };
        // Of the next one: what it gains beside the one to take.
        let gain = Estimate { low: -gain.high, mid: -gain.mid, high: -gain.low };
        let met = self.objective(one).and_then(|row| row.met);
        let met = met.map(|met| fill(words.next_share, &[("share", self.share(met))]));
        let untold = if next.told_apart { Said::default() } else { Said::words(words.next_untold) };
        holes.extend([("more", self.more(gain)), ("untold", untold), ("met", met.unwrap_or_default())]);
        Some(fill(words.next, &holes))
    }

    /// `1,200 RON more (300 … 2,100)`.
    fn more(&self, by: Estimate) -> Said {
        let (by, side) = match by.mid < 0.0 {
            true => (Estimate { low: -by.high, mid: -by.mid, high: -by.low }, self.words.less),
            false => (by, self.words.more),
        };
        let ends = || format!("({} … {})", self.figures.sum(by.low, false), self.figures.sum(by.high, false));
        let range = if by.is_known() { Said::default() } else { Said::words(" ").then(Said::figure(ends())) };
        fill(side, &[("money", self.money(by.mid)), ("range", range)])
    }

    fn money(&self, money: f64) -> Said {
        Said::figure(self.figures.money(money, false))
    }

    fn objective<'o>(&self, one: &'o Tried) -> Option<&'o ObjectiveRow> {
        self.tuned.objective.and_then(|at| one.objectives.get(at))
    }

    /// Of a replay yes or no, of a population in how many worlds.
    fn share(&self, met: f64) -> Said {
        let (language, words) = (self.figures.language, self.figures.language.words());
        match (self.tuned.study.kind, met >= 1.0) {
            (StudyKind::Replay, true) => Said::words(words.yes),
            (StudyKind::Replay, false) => Said::words(words.no),
            (StudyKind::Population, _) => {
                let percent = language.with_sign(&language.number(met * 100.0, 0));
                fill(self.words.of_worlds, &[("percent", Said::figure(percent))])
            }
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
        let mut title = Said::words(match tuned.aim {
            Aim::NetGain => self.words.front_gain,
            Aim::Objective => self.words.front_objective,
            Aim::EverRewarded => self.words.front_rewarded,
        });
        if tuned.front.len() > ROWS {
            let counts = [("shown", ROWS), ("all", tuned.front.len())].map(|(hole, count)| (hole, whole(count)));
            title = title.then(fill(self.words.first_of, &counts));
        }
        let title = self.said(&title);
        self.line("");
        self.line(&self.paint.strong(&title));
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
                    row.push(self.words.written.to_owned());
                }
                grid.row(row);
            }
        }
        let is_written = |at: &usize| tuned.tried.get(*at).is_some_and(|one| one.values == tuned.as_written.values);
        if !tuned.front.iter().take(ROWS).any(is_written) {
            let mut row = self.row(" ", &tuned.as_written);
            row.push(self.words.written.to_owned());
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
        heads.push(format!("{}, {}", self.words.cost, tuned.study.money));
        heads.push(match tuned.study.kind {
            StudyKind::Population => format!("{}, {}", self.words.net_gain, tuned.study.money),
            StudyKind::Replay => self.words.ever_rewarded.to_owned(),
        });
        if !tuned.as_written.objectives.is_empty() {
            let one = tuned.objective.is_some();
            heads.push(if one { self.words.objective_met } else { self.words.objectives_met }.to_owned());
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
            return row.met.map_or_else(|| self.words.not_known.to_owned(), |met| self.said(&self.share(met)))
                + &came_to;
        }
        let met = one.objectives.iter().filter(|row| row.met.is_some_and(|met| met >= crate::simulate::tune::SURE));
        let counts = [("met", met.count()), ("all", one.objectives.len())].map(|(hole, count)| (hole, whole(count)));
        self.said(&fill(self.words.met_of, &counts))
    }

    // ---- what was left out, and how it was done -----------------------------------------------

    fn left_out(&mut self) {
        let reasons = &self.tuned.left_out;
        if reasons.is_empty() {
            return;
        }
        let all: u64 = reasons.iter().map(|reason| reason.combinations).sum();
        self.line("");
        let head = self.said(&self.counted(&self.words.n_left_out, all));
        self.line(&self.paint.strong(&head));
        for LeftOut { says, first, combinations, .. } in reasons.iter().take(REASONS) {
            let holes = [
                ("count", Said::figure(count(*combinations))),
                ("says", Said::figure(says.as_str())),
                ("first", Said::figure(first.join(", "))),
            ];
            let line = self.said(&fill(self.words.reason, &holes));
            self.line(&format!("  {line}"));
        }
        if let Some(more) = reasons.get(REASONS..).filter(|more| !more.is_empty()) {
            let line = self.said(&self.counted(&self.words.n_other_reasons, more.len() as u64));
            self.line(&format!("  {line}"));
        }
    }

    fn end(&mut self) {
        let study = &self.tuned.study;
        let view = View::new(study, self.figures.language);
        let cautions: Vec<String> = cautions::sentences(&view).iter().map(|said| self.said(said)).collect();
        if !cautions.is_empty() {
            self.line("");
        }
        for caution in cautions {
            self.line(&caution);
        }
        let words = view.words();
        let holes = [
            ("combinations", self.counted(&self.words.n_combinations, self.tuned.combinations)),
            ("people", self.counted(&words.n_members, study.members)),
            ("worlds", self.counted(&words.n_worlds, u64::from(study.worlds))),
            ("from", Said::figure(study.from.to_string())),
            ("until", Said::figure(study.until.to_string())),
            ("seed", Said::figure(study.seed.to_string())),
        ];
        let how = match study.kind {
            StudyKind::Population => fill(self.words.over_population, &holes),
            StudyKind::Replay => fill(self.words.over_history, &holes),
        };
        let how = self.said(&how);
        self.line("");
        self.line(&self.paint.quiet(&how));
    }
}

/// What the reader may type: a clause with its value.
fn typed(text: String) -> Said {
    Said(vec![Piece::Typed(text)])
}

fn whole(count: usize) -> Said {
    Said::figure(count.to_string())
}
