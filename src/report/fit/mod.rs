//! How a fit is shown: on the terminal, as a page for a browser, as a workbook; in four languages. The page and the
//! workbook are those of a study; here are only the parts that a fit has.

mod answer;
mod parts;
mod screen;
mod words;

use super::study::language::Figures;
use super::study::whole::{Group, Whole, made};
use super::study::{Language, page, workbook};
use super::terminal::Paint;
use crate::simulate::fit::FitReport;
use words::Words;

/// A fit to be shown.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// What was found.
    pub report: &'a FitReport,
    /// The file of the program whose history it is, as the user named it.
    pub program: &'a str,
    /// Decimals of the money.
    pub decimals: u8,
    /// The reader's language.
    pub language: Language,
}

impl<'a> Shown<'a> {
    /// The fit for a terminal: the answer, then the figures with small pictures, then what to keep in mind.
    pub fn terminal(self, paint: Paint) -> String {
        screen::text(self, &self.whole(), paint)
    }

    /// The fit as one page for a browser that needs nothing else: no network, no font, no other file.
    pub fn html(self) -> String {
        page::html(&self.whole())
    }

    /// The fit as an Excel workbook: a sheet for each part.
    ///
    /// # Errors
    /// What the workbook's writer refuses; no fit is known that it does.
    pub fn workbook(self) -> Result<Vec<u8>, String> {
        let whole = self.whole();
        workbook::bytes(&whole, &workbook::sheets_of(&whole))
    }

    fn words(self) -> &'static Words {
        Words::of(self.language)
    }

    fn figures(self) -> Figures<'a> {
        Figures { language: self.language, money: &self.report.money, decimals: self.decimals }
    }

    fn whole(self) -> Whole<'a> {
        let (words, report) = (self.words(), self.report);
        Whole {
            figures: self.figures(),
            title: words.title,
            names: vec![super::study::said::plain_name(self.program)],
            about: answer::about(self),
            answer: answer::sentences(self),
            cautions: report.doubts.iter().map(words.doubt).collect(),
            groups: vec![Group { heading: None, parts: parts::all(self) }],
            band: words.band,
            behind: words.behind,
            made: made(words.made_by, report.outlook.seed),
            until: report.held_until.unwrap_or(report.until),
        }
    }
}
