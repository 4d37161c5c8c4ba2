"""W1 and W2 in DuckDB, on a file of purchases only: the same facts as `loyal run` writes.

python3 benches/duck.py w1|w2 EVENTS FACTS THREADS
"""

import sys

import duckdb

# Amounts are summed as whole hundredths; a receipt's points are floored once, as the program says.
RECEIPTS = """
receipts AS (
  SELECT id, any_value(member) AS member, any_value(time) AS time, sum(cents * weight) AS units, sum(cents) AS spend
  FROM (SELECT id, member, time, CAST(amount * 100 AS BIGINT) AS cents,
               CASE WHEN category IN ('tobacco', 'gift_card') THEN 0 WHEN category IN ('produce', 'bakery') THEN 4
                    WHEN category IN ('household', 'pet') THEN 3 ELSE 2 END AS weight
        FROM {source})
  GROUP BY id)
"""

W1 = """
members AS (SELECT member, sum(units // 400) AS points, 'x' AS level FROM receipts GROUP BY member)
"""

# What was spent today and in the 364 days before it, before this receipt.
W2 = """
dated AS (SELECT *, date_diff('day', DATE '1970-01-01', CAST(time AS DATE)) AS day FROM receipts),
windowed AS (
  SELECT member, units, spend, day, coalesce(sum(spend) OVER earlier, 0) + coalesce(sum(spend) OVER today, 0) AS before
  FROM dated
  WINDOW earlier AS (PARTITION BY member ORDER BY day RANGE BETWEEN 364 PRECEDING AND 1 PRECEDING),
         today AS (PARTITION BY member, day ORDER BY time, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
spends AS (
  SELECT member, sum(units * (CASE WHEN before >= 200000 THEN 6 WHEN before >= 50000 THEN 5 ELSE 4 END) // 1600)
           AS points,
         coalesce(sum(spend) FILTER (day > last_day - 365), 0) AS spent
  FROM windowed, (SELECT max(day) AS last_day FROM dated) GROUP BY member),
members AS (
  SELECT member, points, CASE WHEN spent >= 200000 THEN 'gold' WHEN spent >= 50000 THEN 'silver' ELSE 'basic' END
           AS level
  FROM spends)
"""

FACTS = """
found AS (
  SELECT NULL AS member, unnest(['total:point:earned', 'total:point:outstanding']) AS what,
         CAST(sum(points) AS VARCHAR) AS value FROM members
  UNION ALL
  SELECT NULL, 'total:point:liability', CAST(CAST(sum(points) * 0.02 AS DECIMAL(18, 2)) AS VARCHAR) FROM members
  UNION ALL
  SELECT member, unnest(['balance:point', 'earned:point']), CAST(points AS VARCHAR) FROM members WHERE points > 0
  UNION ALL
  SELECT member, 'level:status', level FROM members WHERE level <> 'x')
SELECT as_of, member, what, value
FROM found, (SELECT strftime(max(time), '%Y-%m-%d %H:%M:%S') AS as_of FROM receipts)
ORDER BY member NULLS FIRST, what
"""

work, events, facts, threads = sys.argv[1:5]
db = duckdb.connect()
db.execute(f"SET threads = {int(threads)}")
if events.endswith(".parquet"):
    source = f"read_parquet('{events}')"
else:
    # It is told what the columns are, so that nothing has to be guessed; only those in use are kept.
    source = (
        f"read_csv('{events}', header = true, auto_detect = false, delim = ',', quote = '\"', columns = "
        "{'id': 'VARCHAR', 'time': 'TIMESTAMP', 'type': 'VARCHAR', 'member': 'VARCHAR', "
        "'amount': 'DECIMAL(12,2)', 'qty': 'INTEGER', 'sku': 'VARCHAR', 'category': 'VARCHAR', "
        "'store': 'VARCHAR', 'ref': 'VARCHAR', 'line': 'INTEGER'})"
    )
query = "WITH " + ", ".join([RECEIPTS.format(source=source), {"w1": W1, "w2": W2}[work], FACTS])
db.execute(f"COPY ({query}) TO '{facts}' (HEADER)")
