//! How a [`Study`] is shown: on the terminal, as one page for a browser, as a workbook, as JSON; in four languages.
//!
//! The answer comes first, in three sentences: does it pay, how sure is that, what decides it. Then each part with a
//! picture, what it shows, and its figures as a table. The parts and their tables are made once ([`parts`]); the media
//! only draw them. The same study gives the same bytes.

pub mod answer;
pub mod cautions;
pub mod chart;
pub mod language;
pub mod page;
pub mod parts;
pub mod said;
pub mod screen;
pub mod tables;
pub mod trial;
pub mod whole;
pub mod words;
pub mod workbook;

pub use language::Language;

use crate::report::terminal::Paint;
use crate::simulate::study::{Arm, Estimate, Measure, Study, StudyKind};
use language::Figures;
use said::Said;

/// The study for a terminal: the answer, the measures with their ranges, small pictures, cautions.
pub fn terminal(study: &Study, language: Language, paint: Paint) -> String {
    screen::text(&View::new(study, language), paint)
}

/// The study as one page for a browser that needs nothing else: no network, no font, no other file.
pub fn html(study: &Study, language: Language) -> String {
    page::html(&View::new(study, language).whole())
}

/// The study as an Excel workbook.
///
/// # Errors
/// What the workbook's writer refuses; no study is known that it does.
pub fn workbook(study: &Study, language: Language) -> Result<Vec<u8>, String> {
    let view = View::new(study, language);
    workbook::bytes(&view.whole(), &workbook::sheets(&view))
}

/// The study as JSON, laid out; figures that are not known are null.
///
/// # Errors
/// None that a study can bring about; it is the writer's signature.
pub fn json(study: &Study) -> Result<String, String> {
    serde_json::to_string_pretty(study).map(|text| text + "\n").map_err(|error| error.to_string())
}

/// A study, seen by a reader of a language.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// What is shown.
    pub study: &'a Study,
    /// The reader's language.
    pub language: Language,
}

impl<'a> View<'a> {
    pub(in crate::report) fn new(study: &'a Study, language: Language) -> Self {
        Self { study, language }
    }

    /// The texts.
    pub fn words(&self) -> &'static words::Words {
        self.language.words()
    }

    /// How figures are written.
    pub fn figures(&self) -> Figures<'a> {
        Figures { language: self.language, money: &self.study.money, decimals: self.study.decimals }
    }

    /// Whether its figures were counted, not estimated: then one column says what else takes three.
    pub fn is_counted(&self) -> bool {
        self.study.kind == StudyKind::Replay
    }

    /// Money in a sentence; an estimate of a thousand or more without decimals.
    fn money(&self, money: f64, known: bool) -> Said {
        Said::figure(self.figures().money(money, known))
    }

    /// An end of an assumption with its unit: `5%`, `14 days`.
    pub fn end(&self, assumption: usize, figure: f64) -> String {
        match self.study.assumptions.get(assumption) {
            Some(of) => self.figures().end(&of.unit, figure),
            None => self.figures().sum(figure, true),
        }
    }

    /// An assumption in plain words, and as the scenario writes it.
    pub fn assumption(&self, assumption: usize) -> Said {
        let Some(of) = self.study.assumptions.get(assumption) else { return Said::default() };
        let short = of.name.strip_prefix("lift ").unwrap_or(&of.name);
        // What is said of a thing by its name is said of all such things in the same words.
        let short = ["activity", "members with", "subscribe", "renew"]
            .into_iter()
            .find(|kind| short.starts_with(kind))
            .unwrap_or(short);
        match (self.words().assumed)(short) {
            Some(words) => Said::words(words).then(Said::words(" (")).then(Said::code(&of.name)).then(Said::words(")")),
            None => Said::code(&of.name),
        }
    }
}

/// A measure of a program; none when it does not hold of it.
pub fn measured(arm: &Arm, measure: Measure) -> Option<Estimate> {
    let found = arm.measures.iter().find(|(of, _)| *of == measure);
    found.map(|(_, estimate)| *estimate).filter(|estimate| estimate.mid.is_finite())
}
