//! The purchases of CDNOW's customers: all of them, or the published sample.

use loyal::simulate::fit::{Cohort, Purchase, Span, Unit};
use loyal::value::clock::Date;
use loyal::value::exact::Exact;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Calibrated on 39 weeks, checked on 39, in weeks, as published.
pub const PUBLISHED: Span = Span { unit: Unit::Weeks, merge_days: true, until: None, holdout: Some(39), last: None };

/// The numbers of the sample's customers.
pub fn ids() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/simulate/cdnow_sample.txt");
    let text = fs::read_to_string(path).expect("the sample's customers");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).map(str::to_owned).collect()
}

/// Rows of the file as it was published, without its header.
pub fn rows() -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs/cdnow/CDNOW_master.txt");
    let text = fs::read_to_string(path).expect("CDNOW's purchases");
    let rows = text.lines().skip(1).map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    rows.filter(|row| row.len() == 4).collect()
}

/// The purchases of the sample.
pub fn sample() -> Vec<Purchase> {
    let ids = ids();
    let day = |text: &str| {
        let part = |from: usize, to: usize| text[from..to].parse::<i16>().expect("digits");
        let small = |number: i16| i8::try_from(number).expect("a month or a day");
        Date::new(part(0, 4), small(part(4, 6)), small(part(6, 8))).expect("a day")
    };
    let purchase = |row: Vec<String>| Purchase {
        day: day(&row[1]),
        amount: Exact::parse(&row[3]).expect("dollars"),
        member: row[0].clone(),
    };
    rows().into_iter().filter(|row| ids.contains(&row[0])).map(purchase).collect()
}

/// The sample, summed up as published.
pub fn cohort() -> Cohort {
    Cohort::gather(&sample(), &PUBLISHED).expect("a cohort")
}
