use super::{Activity, FieldKind, fields, read};
use crate::mechanics::ActivityId;
use crate::mechanics::specimen::{Frame, Specimen};
use crate::value::clock::{Length, Period, Window};

const WORKOUT: Frame<'_, Option<Activity>> = Frame {
    text: "program gym {\nmoney RON\n}\nactivity workout {\n@\n}",
    keyword: "activity",
    read: |reading, block| read(reading, block, ActivityId(0)),
};

fn good(lines: &str) -> Activity {
    WORKOUT.good(lines).expect("it reads")
}

#[test]
fn fields_of_every_kind() {
    let words = |words: &[&str]| FieldKind::OneOf(words.iter().map(|&word| word.to_owned()).collect());
    for (line, name, kind) in [
        ("field minutes number", "minutes", FieldKind::Number(None)),
        ("field length number minutes", "length", FieldKind::Number(Some("minutes".to_owned()))),
        ("field coach text", "coach", FieldKind::Text),
        ("field kind one of [run, swim, \"hot yoga\"]", "kind", words(&["run", "swim", "hot yoga"])),
        ("field stars one of [1, 2, 3]", "stars", words(&["1", "2", "3"])),
        ("field משך number דקות", "משך", FieldKind::Number(Some("דקות".to_owned()))),
    ] {
        let activity = good(line);
        let [field] = activity.fields.as_slice() else { panic!("one field: {line}") };
        assert_eq!((field.name.text.as_str(), &field.kind), (name, &kind), "{line}");
        let specimen = Specimen::new(&format!("activity workout {{\n{line}\n}}"));
        assert_eq!(fields(&specimen.sources, specimen.block("activity")), [(name.to_owned(), kind)], "{line}");
    }
}

#[test]
fn what_is_accepted() {
    let activity = good("verified by coach\nfield length number minutes\naccept when length is at least 30 minutes");
    assert_eq!((activity.verified_by.as_deref(), activity.accept.is_some()), (Some("coach"), true));
    assert!(good("").accept.is_none());
    let activity =
        good("at most 1 per month\nat most 3 times per member per week\nat most 9 in last 30 days\nat most 99");
    let limits: Vec<_> = activity.at_most.iter().map(|cap| (cap.most.to_string(), cap.window)).collect();
    assert_eq!(
        limits,
        [
            ("1".to_owned(), Window::Calendar(Period::Month)),
            ("3".to_owned(), Window::Calendar(Period::Week)),
            ("9".to_owned(), Window::Last(Length::Days(30))),
            ("99".to_owned(), Window::Ever),
        ]
    );
    for (line, minutes) in [
        ("gap at least 4 hours", 240),
        ("gap at least 90 minutes", 90),
        ("gap 1 hour", 60),
        ("gap at least 2 days", 2880),
    ] {
        assert_eq!(good(line).gap_minutes, Some(minutes), "{line}");
    }
}

#[test]
fn messages_and_their_good_twins() {
    const LENGTH: &str = "field length number minutes";
    let with = |line: &str| format!("{LENGTH}\n{line}");
    let cases = [
        ("field length numbr minutes".to_owned(), LENGTH.to_owned()),
        ("field kind one of run, swim".to_owned(), "field kind one of [run, swim]".to_owned()),
        (with("field length text"), LENGTH.to_owned()),
        (with("accept when length is at least 30"), with("accept when length is at least 30 minutes")),
        (with("accept when lenght is at least 30 minutes"), with("accept when length is at least 30 minutes")),
        (with("at most 100 in all"), with("at most 100 per member")),
        (with("at most 0 per day"), with("at most 1 per day")),
        (with("gap at least 0 hours"), with("gap at least 1 hour")),
        (with("gap at least 1 month"), with("gap at least 30 days")),
        (with("verified by"), with("verified by coach")),
    ];
    let cases: Vec<(&str, &str)> = cases.iter().map(|(bad, good)| (bad.as_str(), good.as_str())).collect();
    insta::assert_snapshot!(WORKOUT.bad(&cases));
}

#[test]
fn how_often_with_one_value_of_a_field() {
    let activity = good("field article text\nat most once per article\nat most 2 per member per article per month");
    let limits: Vec<_> =
        activity.at_most_each.iter().map(|(field, cap)| (field.as_str(), cap.most.to_string(), cap.window)).collect();
    assert_eq!(
        limits,
        [("article", "1".to_owned(), Window::Ever), ("article", "2".to_owned(), Window::Calendar(Period::Month))]
    );
    assert_eq!(good("at most once per day").at_most.len(), 1);
}
