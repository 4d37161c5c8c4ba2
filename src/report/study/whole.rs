//! A report as its media draw it, whatever it is about: the answer, what is to be kept in mind, and the parts.

use super::language::Figures;
use super::parts::{self, Part};
use super::said::{Said, fill, plain_name};
use super::words::Words;
use super::{View, answer, cautions, tables};
use crate::simulate::study::StudyKind;
use crate::value::clock::Date;

/// A report.
pub struct Whole<'a> {
    /// How its figures are written, and in which language it is.
    pub figures: Figures<'a>,
    /// What it asks.
    pub title: &'static str,
    /// What it is of: the files of the programs.
    pub names: Vec<String>,
    /// Whom, and when.
    pub about: Said,
    /// The answer, sentence by sentence.
    pub answer: Vec<Said>,
    /// What its reader has to know before she believes it.
    pub cautions: Vec<Said>,
    /// Its parts.
    pub groups: Vec<Group>,
    /// What a range holds.
    pub band: &'static str,
    /// What the part of a picture is that is shaded; nothing where none is.
    pub behind: &'static str,
    /// What made it, and from which seed.
    pub made: Said,
    /// Its last day: that of the workbook too, so that the same report gives the same bytes.
    pub until: Date,
}

/// Parts under one heading.
pub struct Group {
    /// The heading and its name on the page; none where the parts stand by themselves.
    pub heading: Option<(String, Said)>,
    /// The parts.
    pub parts: Vec<Part>,
}

impl Whole<'_> {
    /// The texts that all reports share.
    pub fn words(&self) -> &'static Words {
        self.figures.language.words()
    }
}

impl<'a> View<'a> {
    /// The study as a report.
    pub fn whole(&self) -> Whole<'a> {
        let words = self.words();
        let study = self.study;
        let mut groups = vec![Group { heading: None, parts: parts::of_all(self) }];
        for (at, arm) in study.arms.iter().enumerate() {
            let said = || fill(words.one_program, &[("program", Said::name(&arm.program))]);
            let heading = (study.arms.len() > 1).then(|| (format!("p{}", at + 1), said()));
            groups.push(Group { heading, parts: parts::of_arm(self, at, arm) });
        }
        let assumed = Part::new("assumptions".into(), words.assumptions, None, tables::assumptions(self));
        if !assumed.table.is_empty() {
            groups.push(Group { heading: None, parts: vec![assumed] });
        }
        Whole {
            figures: self.figures(),
            title: match study.kind {
                StudyKind::Population => words.title_population,
                StudyKind::Replay => words.title_replay,
            },
            names: study.arms.iter().map(|arm| plain_name(&arm.program)).collect(),
            about: self.about(),
            answer: answer::sentences(self),
            cautions: cautions::sentences(self),
            groups,
            band: words.band,
            behind: "",
            made: self.made(),
            until: study.until,
        }
    }

    /// What the study is about: whom, when, how many worlds.
    pub fn about(&self) -> Said {
        let words = self.words();
        let template = match self.study.kind {
            StudyKind::Population => words.about_population,
            StudyKind::Replay => words.about_replay,
        };
        let holes = [
            ("members", self.language.counted(&words.n_members, self.study.members)),
            ("from", Said::figure(self.language.day(self.study.from))),
            ("until", Said::figure(self.language.day(self.study.until))),
            ("worlds", self.language.counted(&words.n_worlds, u64::from(self.study.worlds))),
        ];
        fill(template, &holes)
    }

    /// What made it, and from which seed.
    pub fn made(&self) -> Said {
        made(self.words().made_by, self.study.seed)
    }
}

/// What made a report, and from which seed.
pub fn made(template: &str, seed: u64) -> Said {
    let holes = [("version", Said::figure(env!("CARGO_PKG_VERSION"))), ("seed", Said::figure(seed.to_string()))];
    fill(template, &holes)
}
