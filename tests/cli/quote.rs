//! `run --quote`: what a customer pays for a basket, worked out by hand.

use super::loyal::Folder;

const PROGRAM: &str = r#"loyal 1

program shop {
  money    EUR
  clock    zone "Europe/Berlin"
}

points star plural stars {
  worth    0.05 EUR each
  round    down per receipt
  spend    at 0.05 EUR each, up to 50% of receipt
}

earn base {
  on       purchase
  give     1 star per 1 EUR
}

earn big {
  on       purchase
  when     amount is at least 100 EUR
  give     coupon five
}

discount boots_week {
  items    category in [boots]
  take     10% off
}

coupon five {
  take     5 EUR off
  at       least 50 EUR
}
"#;

/// ana: 100 + 20, less 10% of the boots and the coupon's 5, is 105; 200 stars pay 10, and 95 earn 95.
/// bob has neither a coupon nor stars. The boots that nobody put a name to cost 60, less 6.
const EVENTS: &str = "\
id,line,time,type,member,amount,regular,category,unit,paid_points,coupon
p1,,2026-02-01 10:00,purchase,ana,300.00,,hats,,,
b1,1,2026-02-10 10:00,purchase,ana,100.00,,boots,star,200,five
b1,2,2026-02-10 10:00,purchase,ana,20.00,,hats,star,200,five
b2,,2026-02-11 10:00,purchase,bob,30.00,,hats,star,100,five
b3,,2026-02-12 10:00,purchase,,50.00,60.00,boots,,,
";

fn shop() -> Folder {
    let folder = Folder::new();
    folder.write("shop/program.loyal", PROGRAM);
    folder.write("shop/events.csv", EVENTS);
    folder
}

#[test]
fn each_customers_last_basket_is_quoted() {
    let came = shop().loyal(&["run", "shop", "--quote", "--quiet"]).code(0);
    for line in ["to pay                95.00 EUR", "95 stars", "30.00 EUR", "54.00 EUR", "(not_held)", "(not_enough)"]
    {
        assert!(came.out.contains(line), "{line}: {}", came.out);
    }
    assert!(!came.out.contains("Purchase p1"), "{}", came.out);
    insta::assert_snapshot!("quote_text", came.out);
}

#[test]
fn a_basket_is_quoted_as_data_with_what_came_before_it() {
    let folder = shop();
    let came = folder.loyal(&["run", "shop", "--quote=b1", "--format", "json", "--quiet"]).code(0);
    insta::assert_snapshot!("quote_json", came.out);
    let quotes: serde_json::Value = serde_json::from_str(&came.out).expect("JSON");
    assert_eq!((quotes.as_array().map(Vec::len), &quotes[0]["to_pay"]), (Some(1), &"95.00".into()));
    let first = folder.loyal(&["run", "shop", "--quote=p1", "--format", "json", "--quiet"]).code(0).out;
    let first: serde_json::Value = serde_json::from_str(&first).expect("JSON");
    assert_eq!((&first[0]["price"], &first[0]["earns"][0]["number"]), (&"300.00".into(), &"300".into()));
}

#[test]
fn a_quote_of_no_purchase_and_with_other_outputs_is_a_mistake_of_the_command() {
    let folder = shop();
    folder.loyal(&["run", "shop", "--quote=b9"]).code(3).says(&["no purchase b9"]);
    folder.loyal(&["run", "shop", "--quote", "--format", "csv"]).code(3).says(&["table or json"]);
    folder.loyal(&["run", "shop", "--quote", "--out", "out"]).code(3);
}

/// The boots were struck off (no money, no quantity); 10% of the hat's 20 is off the hat, and 18 earn 18.
#[test]
fn a_line_that_was_struck_off_gets_no_discount_of_another() {
    let folder = Folder::new();
    let program = PROGRAM.replace("  items    category in [boots]\n", "").replace(
        "  give     1 star per 1 EUR",
        "  count    total, with category in [hats]\n  give     1 star per 1 EUR",
    );
    folder.write("shop/program.loyal", &program);
    folder.write(
        "shop/events.csv",
        "id,line,time,type,member,amount,qty,category\n\
         b1,1,2026-02-10 10:00,purchase,ana,0.00,0,boots\n\
         b1,2,2026-02-10 10:00,purchase,ana,20.00,1,hats\n",
    );
    let came = folder.loyal(&["run", "shop", "--quote", "--quiet"]).code(0);
    for line in ["18.00 EUR", "18 stars"] {
        assert!(came.out.contains(line), "{line}: {}", came.out);
    }
}
