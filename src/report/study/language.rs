//! The languages of a study's report: how each writes figures, money, days and plurals.
//!
//! Digits are those of the figures in the program and the workbook, in Arabic too.

use super::said::Said;
use super::words::{self, Counted, Words};
use crate::simulate::study::{Estimate, MeasureUnit};
use crate::value::clock::Date;
use icu_locale_core::{Locale, locale};
use icu_plurals::{PluralCategory, PluralRules};

/// A language the report is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Romanian.
    Romanian,
    /// Hebrew.
    Hebrew,
    /// Arabic.
    Arabic,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 4] = [Language::English, Language::Romanian, Language::Hebrew, Language::Arabic];

    /// Its code: `en`, `ro`, `he`, `ar`.
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Romanian => "ro",
            Language::Hebrew => "he",
            Language::Arabic => "ar",
        }
    }

    /// The language of a code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// Whether it is written from right to left.
    pub fn is_right_to_left(self) -> bool {
        match self {
            Language::English | Language::Romanian => false,
            Language::Hebrew | Language::Arabic => true,
        }
    }

    /// Its texts.
    pub fn words(self) -> &'static Words {
        match self {
            Language::English => &words::en::WORDS,
            Language::Romanian => &words::ro::WORDS,
            Language::Hebrew => &words::he::WORDS,
            Language::Arabic => &words::ar::WORDS,
        }
    }

    fn locale(self) -> Locale {
        match self {
            Language::English => locale!("en"),
            Language::Romanian => locale!("ro"),
            Language::Hebrew => locale!("he"),
            Language::Arabic => locale!("ar"),
        }
    }

    /// What stands between thousands, and before the decimals.
    fn marks(self) -> (char, char) {
        match self {
            Language::English | Language::Hebrew | Language::Arabic => (',', '.'),
            Language::Romanian => ('.', ','),
        }
    }

    /// A figure with so many decimals: `1,234.50`, in Romanian `1.234,50`; `–` where there is none.
    ///
    /// ```
    /// use loyal::report::study::Language;
    /// assert_eq!(Language::Romanian.number(-1234.5, 2), "-1.234,50");
    /// assert_eq!(Language::English.number(-0.001, 2), "0.00");
    /// ```
    pub fn number(self, figure: f64, decimals: u8) -> String {
        if !figure.is_finite() {
            return "–".to_owned();
        }
        let (thousands, point) = self.marks();
        let text = format!("{:.*}", usize::from(decimals), figure.abs());
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        let is_zero = text.bytes().all(|digit| matches!(digit, b'0' | b'.'));
        let mut out = String::from(if figure < 0.0 && !is_zero { "-" } else { "" });
        for (at, digit) in whole.char_indices() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                out.push(thousands);
            }
            out.push(digit);
        }
        if !part.is_empty() {
            out.push(point);
            out.push_str(part);
        }
        out
    }

    /// Percent: `12.5%`, in Romanian `12,5 %`; whole where it is large.
    pub fn percent(self, percent: f64) -> String {
        let number = self.number(percent, if percent.abs() >= 1000.0 { 0 } else { 1 });
        if percent.is_finite() { self.with_sign(&number) } else { number }
    }

    /// A number with the sign of percents behind it.
    pub fn with_sign(self, number: &str) -> String {
        match self {
            Language::Romanian => format!("{number}\u{a0}%"),
            Language::English | Language::Hebrew | Language::Arabic => format!("{number}%"),
        }
    }

    /// A month of a table: `Mar 2026`.
    pub fn month(self, day: Date) -> String {
        format!("{}\u{a0}{}", named(&self.words().months_short, day), day.year())
    }

    /// A day of a sentence: `3 March 2026`.
    pub fn day(self, day: Date) -> String {
        format!("{} {} {}", day.day(), named(&self.words().months_of_day, day), day.year())
    }

    /// A count with its noun, in the form that the language has for it: `1 month`, `20 de luni`.
    pub fn counted(self, of: &Counted, count: u64) -> Said {
        let form = match self.category(count) {
            PluralCategory::Zero => of.zero,
            PluralCategory::One => of.one,
            PluralCategory::Two => of.two,
            PluralCategory::Few => of.few,
            PluralCategory::Many => of.many,
            PluralCategory::Other => "",
        };
        let form = if form.is_empty() { of.other } else { form };
        #[expect(clippy::cast_precision_loss, reason = "a count that is shown")]
        let number = Said::figure(self.number(count as f64, 0));
        super::said::fill(form, &[("n", number)])
    }

    /// The plural category of a count. The rules are built in; without them everything is `other`.
    fn category(self, count: u64) -> PluralCategory {
        let rules = PluralRules::try_new(self.locale().into(), icu_plurals::PluralRulesOptions::default());
        rules.map_or(PluralCategory::Other, |rules| rules.category_for(count))
    }
}

fn named<'a>(months: &'a [&'a str; 12], day: Date) -> &'a str {
    let at = usize::try_from(day.month() - 1).unwrap_or(0);
    months.get(at).copied().unwrap_or_default()
}

/// How figures of one study are written: its money, in the reader's language.
#[derive(Debug, Clone, Copy)]
pub struct Figures<'a> {
    /// The reader's language.
    pub language: Language,
    /// The money's code.
    pub money: &'a str,
    /// Decimals of the money.
    pub decimals: u8,
}

impl Figures<'_> {
    /// Money without its code. From a thousand on an estimate has no decimals; the price of a point is small, and has
    /// two more than the money.
    pub fn sum(self, money: f64, known: bool) -> String {
        let decimals = match money.abs() {
            _ if self.is_small(money) => self.decimals.saturating_add(2),
            size if known || size < 1000.0 => self.decimals,
            _ => 0,
        };
        self.language.number(money, decimals)
    }

    /// Whether the money's own decimals would show too little of it.
    pub fn is_small(self, money: f64) -> bool {
        let least = if self.decimals == 0 { 1.0 } else { 10_f64.powi(1 - i32::from(self.decimals)) };
        money != 0.0 && money.abs() < least
    }

    /// Money: `1,234.50 RON`.
    pub fn money(self, money: f64, known: bool) -> String {
        if !money.is_finite() {
            return self.sum(money, known);
        }
        format!("{}\u{a0}{}", self.sum(money, known), self.money)
    }

    /// A figure of a unit.
    pub fn of(self, unit: MeasureUnit, figure: f64, known: bool) -> String {
        match unit {
            MeasureUnit::Money => self.money(figure, known),
            MeasureUnit::Percent => self.language.percent(figure),
            MeasureUnit::Count => self.language.number(figure, 0),
            MeasureUnit::Mean => self.language.number(figure, if figure.abs() >= 1000.0 { 0 } else { 1 }),
            MeasureUnit::Places(decimals) => self.language.number(figure, decimals),
        }
    }

    /// A figure with its unit as a scenario writes it: `5%`, `14 days`.
    pub fn end(self, unit: &str, figure: f64) -> String {
        let number = self.language.number(figure, if figure.fract() == 0.0 { 0 } else { 2 });
        match unit {
            "%" => self.language.with_sign(&number),
            "days" => format!("{number} {}", self.language.words().days),
            "" => number,
            "per day" => format!("{number} {}", self.language.words().per[0]),
            "per week" => format!("{number} {}", self.language.words().per[1]),
            "per month" => format!("{number} {}", self.language.words().per[2]),
            "per quarter" => format!("{number} {}", self.language.words().per[3]),
            "per year" => format!("{number} {}", self.language.words().per[4]),
            unit => format!("{number}\u{a0}{unit}"),
        }
    }

    /// An estimate with its interval in brackets, alone where it is known.
    pub fn interval(self, unit: MeasureUnit, estimate: Estimate) -> String {
        let mid = self.of(unit, estimate.mid, estimate.is_known());
        if estimate.is_known() || !(estimate.low.is_finite() && estimate.high.is_finite()) {
            return mid;
        }
        let end = |figure: f64| match unit {
            MeasureUnit::Money => self.sum(figure, false),
            MeasureUnit::Percent | MeasureUnit::Count | MeasureUnit::Mean | MeasureUnit::Places(_) => {
                self.of(unit, figure, false)
            }
        };
        format!("{mid} ({}\u{a0}…\u{a0}{})", end(estimate.low), end(estimate.high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_writes_figures_its_own_way() {
        let figures = |language| Figures { language, money: "RON", decimals: 2 };
        let written = |language: Language| {
            let of = figures(language);
            [of.money(1234.5, true), of.money(-98_765.4, false), language.percent(12.54), language.number(1e6, 0)]
        };
        assert_eq!(written(Language::English), ["1,234.50\u{a0}RON", "-98,765\u{a0}RON", "12.5%", "1,000,000"]);
        assert_eq!(written(Language::Romanian), ["1.234,50\u{a0}RON", "-98.765\u{a0}RON", "12,5\u{a0}%", "1.000.000"]);
        assert_eq!(written(Language::Hebrew), written(Language::English));
        assert_eq!(Language::English.number(f64::NAN, 2), "–");
        assert_eq!(figures(Language::English).of(MeasureUnit::Money, 0.0234, false), "0.0234\u{a0}RON");
    }

    #[test]
    fn counts_take_the_form_of_their_language() {
        let said = |language: Language, count| language.counted(&language.words().n_months, count).plain();
        assert_eq!([1, 2, 12].map(|n| said(Language::English, n)), ["1 month", "2 months", "12 months"]);
        assert_eq!([1, 12, 24].map(|n| said(Language::Romanian, n)), ["o lună", "12 luni", "24 de luni"]);
        assert_eq!([1, 2, 12].map(|n| said(Language::Hebrew, n)), ["חודש אחד", "חודשיים", "12 חודשים"]);
        assert_eq!([1, 2, 3, 12].map(|n| said(Language::Arabic, n)), ["شهر واحد", "شهرين", "3 أشهر", "12 شهرًا"]);
    }

    #[test]
    fn a_day_is_written_as_people_say_it() {
        let day = jiff::civil::date(2026, 2, 3);
        let said = Language::ALL.map(|language| language.day(day));
        assert_eq!(said, ["3 February 2026", "3 februarie 2026", "3 בפברואר 2026", "3 فبراير 2026"]);
    }
}
