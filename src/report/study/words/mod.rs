//! All texts of a study's report, one table a language. A language that lacks a text does not compile; that all have
//! the same holes is tested.

pub mod ar;
pub mod en;
pub mod he;
pub mod ro;
pub mod trial;
pub mod tune;

use crate::simulate::study::{Measure, StudyKind};

/// A noun with its count `{n}`; where a language has no form of its own, `other` stands for it.
#[allow(missing_docs, reason = "the categories of CLDR")]
#[derive(Debug, Clone, Copy, Default)]
pub struct Counted {
    pub zero: &'static str,
    pub one: &'static str,
    pub two: &'static str,
    pub few: &'static str,
    pub many: &'static str,
    pub other: &'static str,
}

/// A part of the report.
#[derive(Debug, Clone, Copy)]
pub struct Heading {
    /// What it is called; on a sheet of the workbook too, so at most 31 letters.
    pub title: &'static str,
    /// What its picture or table shows.
    pub caption: &'static str,
}

/// The name of a measure, and its formula in words; `{sales}` there is another measure.
#[derive(Debug, Clone, Copy)]
pub struct Term {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub says: &'static str,
}

/// Headings of parts that say one thing of what was counted, and more of what was estimated.
#[allow(missing_docs, reason = "each is read where it stands")]
#[derive(Debug, Clone, Copy)]
pub struct Headings {
    pub side_by_side: Heading,
    pub sales: Heading,
    pub rules: Heading,
    pub measures: Heading,
}

/// Captions of [`Headings`] where the figures were counted.
#[allow(missing_docs, reason = "each is read where it stands")]
#[derive(Debug, Clone, Copy)]
pub struct Counting {
    pub side_by_side: &'static str,
    pub sales: &'static str,
    pub rules: &'static str,
    pub measures: &'static str,
}

/// A part of a program gave nobody anything: `{program}`, `{what}`. By what it asks for.
#[allow(missing_docs, reason = "each is read where it stands")]
#[derive(Debug, Clone, Copy)]
pub struct NeverCame {
    pub items: &'static str,
    pub activities: &'static str,
    pub visits: &'static str,
    pub joining: &'static str,
    pub friends: &'static str,
    pub other: &'static str,
}

/// The first sentence: does it pay?
#[derive(Debug, Clone, Copy)]
pub struct Pays {
    /// In nineteen of twenty worlds or more there is a gain. `{program}`, `{from}`, `{until}`, `{gain}`.
    pub yes: &'static str,
    /// A gain in the middle, but not surely.
    pub perhaps: &'static str,
    /// A loss in the middle, but not surely.
    pub hardly: &'static str,
    /// A loss.
    pub no: &'static str,
}

/// The texts.
#[allow(missing_docs, reason = "each is read where it stands")]
pub struct Words {
    // The page.
    pub title_population: &'static str,
    pub title_replay: &'static str,
    pub about_population: &'static str,
    pub about_replay: &'static str,
    pub answer: &'static str,
    pub contents: &'static str,
    pub table: &'static str,
    pub keys: &'static str,
    pub time_runs: &'static str,
    pub axis_cut: &'static str,
    pub made_by: &'static str,
    pub one_program: &'static str,

    // The answer of a population.
    pub one: Pays,
    pub several: Pays,
    pub unknown: &'static str,
    pub sure: &'static str,
    pub unsure: &'static str,
    pub known: &'static str,
    pub roi: &'static str,
    pub decides: &'static str,
    pub decides_little: &'static str,
    pub from_lift: &'static str,
    pub from_lift_below: &'static str,
    pub decides_nothing: &'static str,

    // The answer of a replay.
    pub cost_one: &'static str,
    pub cost_several: &'static str,
    pub of_sales: &'static str,
    pub cost_none: &'static str,
    pub counted: &'static str,
    pub lift_needed: &'static str,
    pub dearest_rule: &'static str,
    pub no_rule: &'static str,

    // Parts.
    pub side_by_side: Heading,
    pub gain: Heading,
    pub sales: Heading,
    pub liability: Heading,
    pub rules: Heading,
    pub tornado: Heading,
    pub trial: trial::TrialWords,
    pub deciles_gain: Heading,
    pub deciles_given: Heading,
    pub first_reward: Heading,
    pub migration: Heading,
    pub aged: Heading,
    pub by_tier: Heading,
    pub by_segment: Heading,
    pub by_store: Heading,
    pub objectives: Heading,
    pub beside: Heading,
    pub beside_deciles: Heading,
    pub beside_most: Heading,
    pub measures: Heading,
    pub counting: Counting,
    pub months: Heading,
    pub assumptions: Heading,
    pub cautions: Heading,

    // Heads of columns, and names of lines in pictures.
    pub figure: &'static str,
    pub low: &'static str,
    pub middle: &'static str,
    pub high: &'static str,
    pub program: &'static str,
    pub measure: &'static str,
    pub what_it_is: &'static str,
    pub month: &'static str,
    pub month_number: &'static str,
    pub gain_so_far: &'static str,
    pub with_program: &'static str,
    pub without_program: &'static str,
    pub difference: &'static str,
    pub face: &'static str,
    pub expected: &'static str,
    pub sales_head: &'static str,
    pub rule: &'static str,
    pub times: &'static str,
    pub points: &'static str,
    pub unit: &'static str,
    pub cost: &'static str,
    pub worth: &'static str,
    pub assumption: &'static str,
    pub from: &'static str,
    pub to: &'static str,
    pub gain_at_low: &'static str,
    pub gain_at_high: &'static str,
    pub source: &'static str,
    pub own_figure: &'static str,
    pub decile: &'static str,
    pub members: &'static str,
    pub given: &'static str,
    pub spent: &'static str,
    pub expired: &'static str,
    pub active: &'static str,
    pub gain_with_them: &'static str,
    pub share: &'static str,
    pub level_before: &'static str,
    pub level_after: &'static str,
    pub never: &'static str,
    pub objective: &'static str,
    pub came_to: &'static str,
    pub met: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    pub not_known: &'static str,
    pub met_in: &'static str,
    pub get_more: &'static str,
    pub get_less: &'static str,
    pub get_same: &'static str,
    pub member: &'static str,
    pub difference_of_gain: &'static str,
    pub saved: &'static str,
    pub part: &'static str,
    pub band: &'static str,
    pub days: &'static str,

    // Cautions.
    pub no_behaviour_change: &'static str,
    pub rejected: &'static str,
    pub no_worth: &'static str,
    pub no_cost: &'static str,
    pub not_played: &'static str,
    pub never_came: NeverCame,
    pub one_figure: &'static str,
    pub decides_sign: &'static str,
    pub breakage_unknown: &'static str,
    /// Few worlds.
    pub few_worlds: &'static str,
    pub sampled: &'static str,

    // A search.
    pub tune: tune::TuneWords,

    // Counted.
    pub n_months: Counted,
    pub n_members: Counted,
    pub n_worlds: Counted,
    pub n_programs: Counted,
    pub n_events: Counted,

    /// `Jan`.
    pub months_short: [&'static str; 12],
    /// As in `3 March`.
    pub months_of_day: [&'static str; 12],

    /// A measure's name and formula.
    pub term: fn(Measure) -> Term,
    /// An assumption in plain words, by its name as a scenario writes it, without `lift`.
    pub assumed: fn(&str) -> Option<&'static str>,
    /// `a day`, `a week`, `a month`, `a quarter`, `a year`: behind how often something is done in one.
    pub per: [&'static str; 5],
}

impl Words {
    /// Each text with holes, by a name that tests can say.
    pub fn templates(&self) -> Vec<(&'static str, &'static str)> {
        let Pays { yes, perhaps, hardly, no } = self.one;
        let several = self.several;
        let mut all = vec![
            ("about_population", self.about_population),
            ("about_replay", self.about_replay),
            ("one.yes", yes),
            ("one.perhaps", perhaps),
            ("one.hardly", hardly),
            ("one.no", no),
            ("several.yes", several.yes),
            ("several.perhaps", several.perhaps),
            ("several.hardly", several.hardly),
            ("several.no", several.no),
            ("unknown", self.unknown),
            ("sure", self.sure),
            ("unsure", self.unsure),
            ("known", self.known),
            ("roi", self.roi),
            ("decides", self.decides),
            ("decides_little", self.decides_little),
            ("from_lift", self.from_lift),
            ("from_lift_below", self.from_lift_below),
            ("decides_nothing", self.decides_nothing),
            ("cost_one", self.cost_one),
            ("cost_several", self.cost_several),
            ("cost_none", self.cost_none),
            ("counted", self.counted),
            ("lift_needed", self.lift_needed),
            ("dearest_rule", self.dearest_rule),
            ("no_rule", self.no_rule),
            ("met_in", self.met_in),
            ("made_by", self.made_by),
            ("one_program", self.one_program),
            ("no_behaviour_change", self.no_behaviour_change),
            ("rejected", self.rejected),
            ("no_worth", self.no_worth),
            ("no_cost", self.no_cost),
            ("not_played", self.not_played),
            ("never_came.items", self.never_came.items),
            ("never_came.activities", self.never_came.activities),
            ("never_came.visits", self.never_came.visits),
            ("never_came.joining", self.never_came.joining),
            ("never_came.friends", self.never_came.friends),
            ("never_came.other", self.never_came.other),
            ("one_figure", self.one_figure),
            ("decides_sign", self.decides_sign),
            ("breakage_unknown", self.breakage_unknown),
            ("few_worlds", self.few_worlds),
            ("sampled", self.sampled),
        ];
        all.extend(self.trial.templates());
        all.extend(self.tune.templates());
        all
    }

    /// The headings that hang on whether the figures were counted or estimated.
    pub fn headings_of(&self, kind: StudyKind) -> Headings {
        let of = |heading: Heading, counted: &'static str| match kind {
            StudyKind::Population => heading,
            StudyKind::Replay => Heading { caption: counted, ..heading },
        };
        Headings {
            side_by_side: of(self.side_by_side, self.counting.side_by_side),
            sales: of(self.sales, self.counting.sales),
            rules: of(self.rules, self.counting.rules),
            measures: of(self.measures, self.counting.measures),
        }
    }

    /// Every part's heading.
    pub fn headings(&self) -> [Heading; 23] {
        [
            self.side_by_side,
            self.gain,
            self.sales,
            self.liability,
            self.rules,
            self.tornado,
            self.trial.heading,
            self.deciles_gain,
            self.deciles_given,
            self.first_reward,
            self.migration,
            self.aged,
            self.by_tier,
            self.by_segment,
            self.by_store,
            self.objectives,
            self.beside,
            self.beside_deciles,
            self.beside_most,
            self.measures,
            self.months,
            self.assumptions,
            self.cautions,
        ]
    }
}

#[cfg(test)]
mod tests {
    use crate::report::study::Language;
    use crate::report::study::said::holes;

    #[test]
    fn all_languages_have_the_same_holes() {
        let english = Language::English.words().templates();
        for language in Language::ALL {
            for ((name, text), (_, model)) in language.words().templates().into_iter().zip(&english) {
                assert!(!text.is_empty(), "{} {name}", language.code());
                assert_eq!(holes(text), holes(model), "{} {name}", language.code());
            }
        }
    }

    #[test]
    fn titles_fit_on_the_tab_of_a_sheet() {
        for heading in Language::ALL.iter().flat_map(|language| language.words().headings()) {
            assert!(heading.title.chars().count() <= 31, "{}", heading.title);
            assert!(!heading.title.contains(['[', ']', ':', '*', '?', '/', '\\']), "{}", heading.title);
            assert!(heading.caption.ends_with('.'), "{}", heading.caption);
        }
    }
}
