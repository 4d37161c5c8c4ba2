#!/usr/bin/env python3
"""Makes the grocer's files from the published Parquet files of "The Complete Journey".

    python3 sample.py PARQUET_FOLDER [--out FOLDER] [--one-in N]    a sample, by household (1 in 30)
    python3 sample.py PARQUET_FOLDER --all --out FOLDER             everything

Needs pandas and pyarrow. Writes till.csv, products.csv and households.csv, in the column names and
the form of dates that a till of the United States would use; columns.toml reads them.

- A household is in the sample when the SHA-256 of its number says so, with all it bought: the same
  input gives the same bytes on every machine.
- The source keeps money as floating point. Each amount is taken to the nearest cent, and the script
  stops when one lies further than a millionth of a cent from it.
- The source keeps moments as UTC; the till shows them as the clocks of the shops did (Ohio).
- Nothing else is changed: quantities of 0 and fuel in thousandths of a gallon stay as they are.
"""

import argparse
import hashlib
import pathlib

import pandas

# The amounts of a line, and their names in the till's file.
AMOUNTS = {"sales_value": "PAID", "retail_disc": "CARD_DISC", "coupon_match_disc": "COUPON_MATCH"}
ZONE = "America/New_York"


def chosen(household: int, one_in: int) -> bool:
    """Whether a household is in the sample."""
    digest = hashlib.sha256(f"household {household}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % one_in == 0


def cents(amounts: pandas.Series) -> pandas.Series:
    """Whole cents, or an error where an amount is none."""
    whole = (amounts * 100).round()
    worst = (amounts * 100 - whole).abs().max()
    if worst > 1e-6:
        raise SystemExit(f"{amounts.name}: an amount lies {worst} of a cent from a cent")
    return whole.astype("int64")


def as_money(whole_cents: pandas.Series) -> pandas.Series:
    """Cents as text: 1234 is 12.34. No floating point takes part."""
    return whole_cents.map(lambda cent: f"{cent // 100}.{cent % 100:02d}")


def till(transactions: pandas.DataFrame) -> tuple[pandas.DataFrame, int]:
    """The till's file, and the sum of what was paid in cents."""
    sold_at = transactions["transaction_timestamp"].dt.tz_localize("UTC").dt.tz_convert(ZONE)
    columns = {
        "BASKET": transactions["basket_id"],
        "HOUSEHOLD": transactions["household_id"],
        "STORE": transactions["store_id"],
        "SOLD_AT": sold_at.dt.strftime("%m/%d/%Y %H:%M:%S"),
        "PRODUCT": transactions["product_id"],
        "QTY": transactions["quantity"],
    }
    for theirs, ours in AMOUNTS.items():
        columns[ours] = as_money(cents(transactions[theirs]))
    return pandas.DataFrame(columns), int(cents(transactions["sales_value"]).sum())


def write(frame: pandas.DataFrame, path: pathlib.Path) -> None:
    """Writes a file, and says how large it is."""
    frame.to_csv(path, index=False, lineterminator="\n")
    print(f"{path}: {len(frame)} rows, {path.stat().st_size} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parquet", type=pathlib.Path, help="the folder of the Parquet files")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent, help="where to write")
    parser.add_argument("--one-in", type=int, default=30, help="one household in how many (30)")
    parser.add_argument("--all", action="store_true", help="every household")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)

    transactions = pandas.read_parquet(options.parquet / "transactions.parquet")
    if not options.all:
        households = {number for number in transactions["household_id"].unique() if chosen(number, options.one_in)}
        transactions = transactions[transactions["household_id"].isin(households)]
    order = ["transaction_timestamp", "basket_id", "product_id", "quantity", "sales_value"]
    transactions = transactions.sort_values(order, kind="stable")
    frame, paid = till(transactions)
    write(frame, options.out / "till.csv")
    print(f"paid: {paid // 100}.{paid % 100:02d}")

    products = pandas.read_parquet(options.parquet / "products.parquet").sort_values("product_id")
    products = products[products["product_id"].isin(transactions["product_id"].unique())]
    names = {"product_id": "PRODUCT", "department": "DEPARTMENT", "product_category": "AISLE", "brand": "BRAND"}
    write(products[list(names)].rename(columns=names), options.out / "products.csv")

    people = pandas.read_parquet(options.parquet / "demographics.parquet")
    everyone = pandas.DataFrame({"household_id": sorted(transactions["household_id"].unique())})
    names = {"household_id": "HOUSEHOLD", "age": "AGE", "household_size": "PEOPLE", "kids_count": "KIDS"}
    write(everyone.merge(people, how="left")[list(names)].rename(columns=names), options.out / "households.csv")


if __name__ == "__main__":
    main()
