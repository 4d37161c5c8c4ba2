use super::*;

fn line(place: u32, amount: i64, quantity: i64, tax: i64) -> LineNow {
    LineNow { place, amount: amount * SCALE, regular: 2 * amount * SCALE, tax: tax * SCALE, quantity: quantity * SCALE }
}

fn amount(amount: i64) -> Row {
    Row { amount: Some(amount * SCALE), ..Row::default() }
}

/// Each line's figures as exact numbers: amount, regular, tax, quantity.
fn shown(left: &Left) -> Vec<[String; 4]> {
    let one = |figure: i64| Exact::ratio(figure, SCALE * left.over).to_string();
    let figures = |line: &LineNow| [one(line.amount), one(line.regular), one(line.tax), one(line.quantity)];
    left.lines.iter().map(figures).collect()
}

fn taken(lines: Vec<LineNow>, rows: &[(&[usize], Row)]) -> Left {
    let mut left = Left::all(lines);
    for (places, row) in rows {
        let before = left.clone();
        match places.is_empty() {
            true => left.take_amount(row).unwrap(),
            false => left.take_named(places, row).unwrap(),
        }
        left.settle(&before);
    }
    left
}

#[test]
fn an_amount_alone_shrinks_all_lines_in_proportion() {
    let left = taken(vec![line(0, 3, 1, 0), line(1, 4, 2, 1)], &[(&[], amount(2))]);
    assert_eq!(shown(&left), [["15/7", "30/7", "0", "1"], ["20/7", "40/7", "5/7", "2"]]);
    assert_eq!(left.money().unwrap(), 5 * SCALE * left.over);
}

#[test]
fn the_second_return_of_a_purchase_needs_no_finer_parts_than_the_first() {
    let lines = vec![line(0, 3, 1, 0), line(1, 4, 2, 1)];
    let left = taken(lines, &[(&[], amount(1)), (&[], amount(1)), (&[], amount(1))]);
    assert_eq!(left.over, 7);
    assert_eq!(shown(&left), [["12/7", "24/7", "0", "1"], ["16/7", "32/7", "4/7", "2"]]);
}

#[test]
fn what_is_left_in_parts_comes_back_by_line_and_by_number() {
    let lines = vec![line(0, 3, 1, 0), line(1, 4, 3, 1)];
    let one = Row { quantity: Some(SCALE), ..Row::default() };
    let left = taken(lines.clone(), &[(&[], amount(2)), (&[1], one)]);
    assert_eq!(shown(&left), [["15/7", "30/7", "0", "1"], ["40/21", "80/21", "10/21", "2"]]);
    let left = taken(lines, &[(&[], amount(2)), (&[1], Row::default()), (&[], Row::default())]);
    assert!(left.is_gone() && left.over == 1);
}

#[test]
fn the_tax_that_a_return_says_is_shared_by_the_taxes() {
    let back = Row { tax: Some(SCALE), ..amount(1) };
    let left = taken(vec![line(0, 3, 1, 2), line(1, 4, 2, 1)], &[(&[], back)]);
    assert_eq!(shown(&left), [["18/7", "36/7", "4/3", "1"], ["24/7", "48/7", "2/3", "2"]]);
}

#[test]
fn more_than_is_left_is_refused_in_words() {
    let mut left = taken(vec![line(0, 3, 1, 0), line(1, 4, 2, 1)], &[(&[], amount(2))]);
    let too_much = Refused::Over("6 is more than the 5 that is left".to_owned());
    assert_eq!(left.take_amount(&amount(6)), Err(too_much));
    let too_much = Refused::Over("3 is more than the 15/7 that is left".to_owned());
    assert_eq!(left.take_named(&[0], &amount(3)), Err(too_much));
}

#[test]
fn what_has_no_room_is_said() {
    let huge = LineNow { place: 0, amount: i64::MAX / 4, regular: i64::MAX / 4, tax: 0, quantity: SCALE };
    let mut left = Left::all(vec![huge, line(1, 7, 1, 0)]);
    assert_eq!(left.take_amount(&amount(1)), Err(Refused::Beyond));
}
