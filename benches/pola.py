"""W1 and W2 in Polars, on a file of purchases only: the same facts as `loyal run` writes.

python3 benches/pola.py w1|w2 EVENTS FACTS THREADS
"""

import os
import sys

work, events, facts, threads = sys.argv[1:5]
os.environ["POLARS_MAX_THREADS"] = threads

import polars as pl  # noqa: E402  (it reads the number of threads as it is loaded)

COLUMNS = {
    "id": pl.String, "time": pl.String, "type": pl.String, "member": pl.String, "amount": pl.Float64,
    "qty": pl.Int32, "sku": pl.String, "category": pl.String, "store": pl.String, "ref": pl.String, "line": pl.Int32,
}  # fmt: skip

if events.endswith(".parquet"):
    rows = pl.scan_parquet(events)
else:
    rows = pl.scan_csv(events, schema=COLUMNS)
category = pl.col("category")
weight = (
    pl.when(category.is_in(["tobacco", "gift_card"])).then(0)
    .when(category.is_in(["produce", "bakery"])).then(4)
    .when(category.is_in(["household", "pet"])).then(3)
    .otherwise(2)
)  # fmt: skip
# Whole hundredths: a float of two decimals times a hundred, rounded, is exact.
cents = (pl.col("amount").cast(pl.Float64) * 100).round().cast(pl.Int64)
receipts = (
    rows.select("id", "member", "time", cents=cents, units=cents * weight)
    .group_by("id")
    .agg(pl.col("member").first(), pl.col("time").first(), pl.col("units").sum(), spend=pl.col("cents").sum())
)
if work == "w1":
    points = pl.col("units") // 400
    members, last = pl.collect_all(
        [
            receipts.group_by("member").agg(points=points.sum()),
            receipts.select(pl.col("time").max()),
        ],
        engine="streaming",
    )
    levels = None
else:
    receipts = receipts.collect(engine="streaming")
    last = receipts.select(pl.col("time").max())
    time = pl.col("time")
    day = (time.str.slice(0, 10).str.to_date() if receipts["time"].dtype == pl.String else time.dt.date()).alias("day")
    spend = pl.col("spend")
    receipts = receipts.with_columns(day).sort("member", "time", "id")
    # The window of whole days, less what today brings from this receipt on.
    window = spend.rolling_sum_by("day", window_size="365d", closed="right").over("member")
    today = spend.sum().over("member", "day") - spend.cum_sum().over("member", "day") + spend
    before = window - today
    rate = pl.when(before >= 200_000).then(6).when(before >= 50_000).then(5).otherwise(4)
    last_day = receipts["day"].max()
    in_window = pl.col("day") > last_day - pl.duration(days=365)
    members = (
        receipts.lazy()
        .with_columns(points=pl.col("units") * rate // 1600)
        .group_by("member")
        .agg(points=pl.col("points").sum(), spent=spend.filter(in_window).sum())
        .collect()
    )
    level = (
        pl.when(pl.col("spent") >= 200_000).then(pl.lit("gold"))
        .when(pl.col("spent") >= 50_000).then(pl.lit("silver"))
        .otherwise(pl.lit("basic"))
    )  # fmt: skip
    levels = members.select("member", what=pl.lit("level:status"), value=level)
some = members.filter(pl.col("points") > 0)
value = pl.col("points").cast(pl.String)
parts = [some.select("member", what=pl.lit(what), value=value) for what in ("balance:point", "earned:point")]
if levels is not None:
    parts.append(levels)
total = int(members["points"].sum())
# A point is worth 0.02 RON.
owed = f"{total * 2 // 100}.{total * 2 % 100:02}"
whole = pl.DataFrame(
    {
        "member": [None, None, None],
        "what": ["total:point:earned", "total:point:liability", "total:point:outstanding"],
        "value": [str(total), owed, str(total)],
    }
)
moment = last.item()
as_of = moment if isinstance(moment, str) else moment.strftime("%Y-%m-%d %H:%M:%S")
found = pl.concat([whole.cast({"member": pl.String}), pl.concat(parts).sort("member", "what")])
found.select(as_of=pl.lit(as_of), member="member", what="what", value="value").write_csv(facts)
