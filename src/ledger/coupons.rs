//! The coupons that a purchase names.

/// The coupons that a cell names, `;` between, as often as it names them. In the order of their names, so that the order
/// of the rows plays no part.
pub fn coupons_named(cell: &str) -> Vec<String> {
    let names = cell.split(';').map(str::trim).filter(|name| !name.is_empty());
    let mut coupons: Vec<String> = names.map(str::to_owned).collect();
    coupons.sort();
    coupons
}

/// Adds those that another row of the purchase names. Tills write the coupon on each row of the receipt: that is one
/// coupon; named twice on one row it is two.
pub fn add_coupons(all: &mut Vec<String>, row: &[String]) {
    let often = |coupons: &[String], name: &String| coupons.iter().filter(|other| *other == name).count();
    for name in row {
        if often(all, name) < often(row, name) {
            let at = all.partition_point(|other| other < name);
            all.insert(at, name.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coupon_on_each_row_is_one_and_twice_on_a_row_is_two() {
        let mut all = coupons_named("five");
        add_coupons(&mut all, &coupons_named(" five ; cake;"));
        assert_eq!(all, ["cake", "five"]);
        add_coupons(&mut all, &coupons_named("five;five"));
        add_coupons(&mut all, &coupons_named("five;five"));
        assert_eq!(all, ["cake", "five", "five"]);
    }
}
