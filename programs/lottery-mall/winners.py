"""Who won? `python3 winners.py facts.csv spring 2026-03-31 SEED 3`, over the facts as of the moment before it is held."""
import csv, hashlib, sys

facts, draw, date, seed, number = sys.argv[1:]
rows = csv.DictReader(open(facts, encoding="utf-8-sig", newline=""))
mine = [row for row in rows if row["what"] == "entries:" + draw]
left = sorted(((row["member"], int(row["value"])) for row in mine), key=lambda one: one[0].encode())
for place in range(1, int(number) + 1):
    among, tries = sum(entries for _, entries in left), 0
    if not among: break
    digest = lambda: int(hashlib.sha256(f"{seed}\n{draw}\n{date}\n{place}\n{tries}".encode()).hexdigest(), 16)
    while digest() >= 2**256 // among * among: tries += 1
    entry = digest() % among
    winner = next(at for at in range(len(left)) if entry < sum(entries for _, entries in left[:at + 1]))
    print(place, left.pop(winner)[0], entry + 1, among)
