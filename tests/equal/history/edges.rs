//! Where a program changes its mind: the times, days, lengths and figures that its text names.

use jiff::civil::Date;
use loyal::value::clock::{Length, parse_date};

/// The edges of a program.
#[derive(Debug, Default)]
pub struct Edges {
    /// Times of day, `HH:MM`.
    pub times: Vec<String>,
    /// Days, and the days of each year.
    pub days: Vec<Date>,
    /// Lengths in days and months: expiry, windows, validity.
    pub lengths: Vec<Length>,
    /// Lengths in hours.
    pub hours: Vec<i64>,
    /// Figures that stand before the money.
    pub money: Vec<String>,
    /// Other whole figures.
    pub counts: Vec<u32>,
}

impl Edges {
    /// Those of a program's text.
    pub fn of(text: &str, money: &str) -> Self {
        let mut edges = Self::default();
        let clean = |c: char| if matches!(c, '[' | ']' | '(' | ')' | ',' | '"' | ':') { ' ' } else { c };
        for line in text.lines().map(|line| line.split(" #").next().unwrap_or("")) {
            for word in line.split([' ', ',', '(', ')', '[', ']']) {
                if word.len() == 5 && word.as_bytes()[2] == b':' && word.as_bytes()[0].is_ascii_digit() {
                    edges.times.push(word.to_owned());
                }
            }
            let line: String = line.chars().map(clean).collect();
            let words: Vec<&str> = line.split_whitespace().collect();
            for (at, word) in words.iter().enumerate() {
                edges.word(word, words.get(at + 1).copied().unwrap_or(""), money);
            }
        }
        edges
    }

    fn word(&mut self, word: &str, next: &str, money: &str) {
        if let Ok(day) = parse_date(word) {
            self.days.push(day);
        } else if word.len() == 5 && word.as_bytes()[2] == b'-' {
            self.days.extend(["2024", "2025"].iter().filter_map(|year| parse_date(&format!("{year}-{word}")).ok()));
        } else if next == money {
            self.money.push(word.to_owned());
        } else if let Ok(count) = word.parse::<u32>() {
            match next {
                "day" | "days" => self.lengths.push(Length::Days(count)),
                "week" | "weeks" => self.lengths.push(Length::Weeks(count)),
                "month" | "months" => self.lengths.push(Length::Months(count)),
                "year" | "years" => self.lengths.push(Length::Years(count)),
                "hour" | "hours" => self.hours.push(i64::from(count)),
                _ if count > 0 && count < 10_000 => self.counts.push(count),
                _ => {}
            }
        }
    }
}
