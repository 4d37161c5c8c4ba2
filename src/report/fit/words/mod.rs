//! All texts of a fit's report, one table a language. What every report says (its answer, its tables) is in the words of
//! a study.

mod ar;
mod en;
mod he;
mod ro;

use crate::report::study::Language;
use crate::report::study::said::{Said, fill};
use crate::report::study::words::{Counted, Heading};
use crate::simulate::fit::Doubt;

/// The texts.
#[allow(missing_docs, reason = "each is read where it stands")]
pub struct Words {
    pub title: &'static str,
    pub about: &'static str,
    pub made_by: &'static str,
    pub band: &'static str,
    pub behind: &'static str,

    // The answer.
    pub ahead: &'static str,
    pub ahead_without: &'static str,
    pub tracks: &'static str,
    pub off: &'static str,
    pub poor: &'static str,
    pub thin: &'static str,
    pub unchecked: &'static str,
    pub worth: &'static str,
    pub no_worth: &'static str,

    // Parts.
    pub cumulative: Heading,
    pub weekly: Heading,
    pub conditional: Heading,
    pub repeats: Heading,
    pub worth_by: Heading,
    pub outlook: Heading,
    pub models: Heading,
    pub parameters: Heading,
    pub read: Heading,

    // Heads of columns, and names of lines in pictures.
    pub week: &'static str,
    pub happened: &'static str,
    pub expected: &'static str,
    pub so_far: &'static str,
    pub held_out: &'static str,
    pub again: &'static str,
    pub model: &'static str,
    pub parameter: &'static str,
    pub error: &'static str,
    pub log_likelihood: &'static str,
    pub used: &'static str,
    pub settled: &'static str,

    // Rows.
    pub alive: &'static str,
    pub purchases: &'static str,
    pub spend: &'static str,
    pub spend_each: &'static str,
    pub new_member: &'static str,
    pub first_spend: &'static str,
    pub correlation: &'static str,
    pub members: &'static str,
    pub repeaters: &'static str,
    pub repeat_purchases: &'static str,
    pub newcomers: &'static str,
    pub merged: &'static str,
    pub by_itself: &'static str,
    pub anonymous: &'static str,
    pub returned: &'static str,
    pub weeks: &'static str,
    pub days: &'static str,

    // Counted.
    pub n_weeks: Counted,
    pub n_repeats: Counted,

    /// A doubt as a sentence.
    pub doubt: fn(&Doubt) -> Said,
}

impl Words {
    /// Those of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &en::WORDS,
            Language::Romanian => &ro::WORDS,
            Language::Hebrew => &he::WORDS,
            Language::Arabic => &ar::WORDS,
        }
    }

    /// Each text with holes, by a name that tests can say.
    #[cfg(test)]
    fn templates(&self) -> [(&'static str, &'static str); 13] {
        [
            ("about", self.about),
            ("made_by", self.made_by),
            ("ahead", self.ahead),
            ("ahead_without", self.ahead_without),
            ("tracks", self.tracks),
            ("off", self.off),
            ("poor", self.poor),
            ("thin", self.thin),
            ("unchecked", self.unchecked),
            ("worth", self.worth),
            ("no_worth", self.no_worth),
            ("spend", self.spend),
            ("new_member", self.new_member),
        ]
    }

    #[cfg(test)]
    fn headings(&self) -> [Heading; 9] {
        [
            self.cumulative,
            self.weekly,
            self.conditional,
            self.repeats,
            self.worth_by,
            self.outlook,
            self.models,
            self.parameters,
            self.read,
        ]
    }
}

/// A sentence of a doubt, with its figures and names in the holes.
fn say(template: &str, holes: &[(&str, String)]) -> Said {
    let holes: Vec<(&str, Said)> = holes.iter().map(|(hole, text)| (*hole, Said::figure(text.clone()))).collect();
    fill(template, &holes)
}

/// Names of parameters, one after the other.
fn listed(names: &[&str]) -> String {
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::study::said::holes;
    use crate::simulate::fit::{Meaning, NoSpend};

    fn doubts() -> Vec<Doubt> {
        let means = vec![Meaning::NobodyLeaves, Meaning::LeaveAlike, Meaning::BuyAlike, Meaning::SpendAlike];
        let mut all = vec![
            Doubt::FewRepeaters(41),
            Doubt::ShortHistory { weeks: 12 },
            Doubt::RunsAway { model: "BG/NBD", names: vec!["a", "b"], means },
            Doubt::Wide { model: "MBG/NBD", names: vec!["a", "b"] },
            Doubt::OtherTop { model: "Pareto/NBD", agree: 2, of: 3, lower: 4.2 },
            Doubt::LeftOut("Pareto/NBD"),
            Doubt::ShortHoldout { by: 3 },
            Doubt::NoHoldout,
            Doubt::ThinHoldout(17),
            Doubt::PoorFit { off: 31.0 },
            Doubt::PoorFit { off: -31.0 },
            Doubt::SpendAndFrequency { correlation: 0.42 },
            Doubt::SpendAndFrequency { correlation: -0.42 },
            Doubt::HeavySpend,
            Doubt::FreePurchases(8),
            Doubt::OnceIsStill,
        ];
        all.extend([NoSpend::Few, NoSpend::Alike, NoSpend::NotSettled].map(Doubt::NoSpend));
        all
    }

    #[test]
    fn each_warning_is_said_in_each_language() {
        let said = |language: Language| {
            let lines = doubts().iter().map(|doubt| (Words::of(language).doubt)(doubt).plain()).collect::<Vec<_>>();
            assert!(lines.iter().all(|line| line.ends_with('.') && !line.contains(['{', '}'])), "{lines:#?}");
            format!("{}\n{}", language.code(), lines.join("\n"))
        };
        insta::assert_snapshot!(Language::ALL.map(said).join("\n\n"));
    }

    #[test]
    fn figures_of_a_warning_are_the_same_in_all_languages() {
        let digits = |text: String| {
            let mut found: Vec<String> =
                text.split(|letter: char| !letter.is_ascii_digit()).map(str::to_owned).collect();
            found.retain(|number| !number.is_empty());
            found.sort_unstable();
            found
        };
        for doubt in doubts() {
            let english = digits((Words::of(Language::English).doubt)(&doubt).plain());
            for language in Language::ALL {
                let said = (Words::of(language).doubt)(&doubt).plain();
                assert_eq!(digits(said.clone()), english, "{} {said}", language.code());
            }
        }
    }

    #[test]
    fn all_languages_have_the_same_holes() {
        let english = Words::of(Language::English).templates();
        for language in Language::ALL {
            for ((name, text), (_, model)) in Words::of(language).templates().into_iter().zip(english) {
                assert_eq!(holes(text), holes(model), "{} {name}", language.code());
            }
        }
    }

    #[test]
    fn titles_fit_on_the_tab_of_a_sheet() {
        for heading in Language::ALL.iter().flat_map(|language| Words::of(*language).headings()) {
            assert!(heading.title.chars().count() <= 31, "{}", heading.title);
            assert!(!heading.title.contains(['[', ']', ':', '*', '?', '/', '\\']), "{}", heading.title);
            assert!(heading.caption.ends_with('.'), "{}", heading.caption);
        }
    }
}
