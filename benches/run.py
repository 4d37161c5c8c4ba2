"""Measures `loyal run` against what else does the job, and prints one table.

    python3 benches/run.py --quick                    1 M lines only
    python3 benches/run.py --sizes 1,10,100           all
    python3 benches/run.py --sizes 1 --only w1,cold   some parts

It builds what is missing, makes the workloads, runs every cell several times (all tools in turn, so that what else
the machine does falls on all of them), checks that all tools' facts are the same bytes, and writes the table between
the markers of docs/performance.md (unless --no-docs). A time is that of the whole process: start, reading the file,
the facts written. Peak memory is the child's largest resident set, as the kernel counts it.

Needs cargo; for the tools of Python `pip install duckdb polars`. Tools that are not there are left out, and said.
"""

import argparse
import filecmp
import json
import os
import pathlib
import platform

import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
DOCS = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
MiB = 1024 * 1024
# How often a cell runs, by millions of lines.
REPEATS = {1: 5, 10: 3, 100: 1}
# What took longer, in seconds, is not run again for a median.
LONG = 120.0


def note(text):
    print(text, file=sys.stderr, flush=True)


class Failed(Exception):
    """A command did not do its work."""


def run(command, peak=False):
    """Runs a command: seconds, and peak memory in bytes.

    A child's peak is never below that of the process that started it. With `peak`, GNU time starts it, where there
    is one, which is small; that costs a millisecond.
    """
    command = [str(part) for part in command]
    peak = peak and os.path.exists("/usr/bin/time")
    whole = ["/usr/bin/time", "-f", "%M", "-o", "peak.txt", *command] if peak else command
    create = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    files = [
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, "bench.err", create, 0o644),
    ]
    start = time.perf_counter()
    child = os.posix_spawnp(whole[0], whole, os.environ, file_actions=files)
    _, status, used = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        raise Failed(f"{' '.join(command)} failed:\n{pathlib.Path('bench.err').read_text()[-1500:]}")
    most = int(pathlib.Path("peak.txt").read_text().split()[-1]) if peak else used.ru_maxrss
    return seconds, most * 1024


class Tools:
    """The programs under test, and how each is called for a cell."""

    def __init__(self, args):
        self.loyal = ROOT / "target" / "release" / "loyal"
        self.workload = ROOT / "target" / "release" / "examples" / "workload"
        self.hand = HERE / "opponents" / "target" / "release" / "hand"
        self.zen = HERE / "opponents" / "target" / "release" / "zen"
        if not args.no_build:
            build(["cargo", "build", "--release", "--bin", "loyal", "--example", "workload"], ROOT)
            build(["cargo", "build", "--release", "--bin", "hand"], HERE / "opponents")
            if args.zen:
                build(["cargo", "build", "--release", "--bin", "zen", "--features", "zen"], HERE / "opponents")
        if args.loyal:
            self.loyal = pathlib.Path(args.loyal).resolve()
        help_text = subprocess.run([self.loyal, "run", "--help"], capture_output=True, text=True, check=True).stdout
        self.has = {flag: flag in help_text for flag in ("--threads", "--memory")}
        self.skip = set(args.skip.split(",")) if args.skip else set()
        for module, tool in (("duckdb", "duckdb"), ("polars", "polars")):
            if subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True).returncode:
                note(f"{tool} is not installed: left out")
                self.skip.add(tool)
        if not self.zen.exists():
            note("benches/opponents has no zen yet (--zen builds it): left out")
            self.skip.add("zen")

    def command(self, tool, cell, facts):
        """The command, or nothing where the tool is not asked for this cell."""
        work, data, threads = cell.work, cell.file, cell.threads
        members = ["--members", cell.members] if cell.members else []
        if tool == "loyal":
            more = ["--threads", threads] if self.has["--threads"] else []
            program = HERE / f"{work}.loyal"
            return [self.loyal, "run", "--quiet", program, "--events", data, *members, "--facts", facts, *more]
        if tool == "hand":
            only = ["--purchases-only"] if cell.kind == "buy" and work != "w3" else []
            return [self.hand, work, "--events", data, *members, "--facts", facts, "--threads", threads, *only]
        if cell.kind != "buy" and not (tool == "python" and work == "w3"):
            return None
        if tool in ("duckdb", "polars"):
            script = HERE / {"duckdb": "duck.py", "polars": "pola.py"}[tool]
            return None if work == "w3" else [sys.executable, script, work, data, facts, threads]
        small = cell.millions <= 1 and cell.form == "csv" and threads == 1
        if tool == "zen":
            return [self.zen, "--events", data, "--facts", facts] if small and work == "w1" else None
        if tool == "python":
            rest = [cell.members] if work == "w3" else []
            return [sys.executable, HERE / "plain.py", work, data, facts, *rest] if small else None
        raise ValueError(tool)


def build(command, where):
    note(f"{' '.join(command)} (in {where.name})")
    subprocess.run(command, cwd=where, check=True)


class Cell:
    """A workload over one file with so many threads."""

    def __init__(self, work, kind, millions, form, threads, folder):
        self.work, self.kind, self.millions, self.form, self.threads = work, kind, millions, form, threads
        self.file = folder / f"{kind}-{label(millions)}.{form}"
        self.members = folder / f"members-{label(millions)}.csv" if kind == "full" else None

    def key(self):
        return f"{self.work} {self.kind} {self.millions} {self.form} {self.threads}"


def label(millions):
    return f"{millions:g}M"


def lines_of(millions):
    return round(millions * 1_000_000)


TOOLS = ("loyal", "hand", "duckdb", "polars", "zen", "python")


def make(tools, folder, kind, millions, form):
    """Makes a file of a workload where it is missing."""
    path = folder / f"{kind}-{label(millions)}.{form}"
    members = folder / f"members-{label(millions)}.csv"
    if not path.exists() or not members.exists():
        note(f"making {path.name}")
        only = ["--purchases-only"] if kind == "buy" else []
        partial = path.with_name("partial-" + path.name)
        command = [tools.workload, "--lines", lines_of(millions), "--seed", 7, "--out", partial, *only]
        run([*command, "--members-out", members])
        partial.rename(path)
    return path


def warm(path):
    """The file in the page cache, for all alike."""
    with open(path, "rb") as file:
        while file.read(16 * MiB):
            pass


def measure(tools, cell, results, repeats):
    """All tools of one cell, in turn; their facts compared by bytes.

    The first turn measures memory; its times count only where there is no other.
    """
    taken, peaks, facts = {}, {}, {}
    turns = repeats if repeats == 1 else repeats + 1
    for turn in range(turns):
        for tool in TOOLS:
            out = pathlib.Path(f"facts-{tool}.csv")
            command = None if tool in tools.skip else tools.command(tool, cell, out)
            if command is None or (turn > 0 and (tool not in taken or taken[tool][0] > LONG)):
                continue
            try:
                seconds, peak = run(command, peak=turn == 0)
            except Failed as failed:
                note(str(failed))
                results["failed"].append(f"{cell.key()} {tool}")
                taken.pop(tool, None)
                continue
            taken.setdefault(tool, []).append(seconds)
            if turn == 0:
                peaks[tool], facts[tool] = peak, out
    base = pathlib.Path("facts-base.csv")
    same = f"{cell.work} {cell.kind} {cell.millions}"
    if results.get("base") != same and facts:
        shutil.copyfile(facts.get("loyal", next(iter(facts.values()))), base)
        results["base"] = same
    wrong = [tool for tool, path in facts.items() if not filecmp.cmp(path, base, shallow=False)]
    for path in facts.values():
        path.unlink()
    for tool, times in taken.items():
        seconds = statistics.median(times[1:] or times)
        one = {"seconds": seconds, "peak": peaks[tool], "runs": len(times[1:] or times), "equal": tool not in wrong}
        results["cells"].setdefault(cell.key(), {})[tool] = one
        rate, differs = lines_of(cell.millions) / seconds / 1e6, " ITS FACTS DIFFER" if tool in wrong else ""
        note(f"  {cell.key():28} {tool:7} {seconds:8.3f} s {rate:7.2f} M/s {peaks[tool] / MiB:7.0f} MiB{differs}")


def yardstick(tools, path, results, kind, millions, repeats):
    """Only reading the file and counting its line ends; and only splitting it into cells."""
    for what in ("count", "split"):
        taken = [run([tools.hand, what, "--events", path])[0] for _ in range(max(repeats, 3))]
        results["cells"][f"{what} {kind} {millions}"] = {"hand": {"seconds": statistics.median(taken)}}
        note(f"  {what} {kind} {label(millions)}: {statistics.median(taken):.4f} s")


def sizes(tools, args, results, folder):
    works = [work for work in ("w1", "w2", "w3") if work in args.only]
    threads = [int(number) for number in args.threads.split(",")]
    for millions in (float(size) if "." in size else int(size) for size in args.sizes.split(",")):
        repeats = args.repeats or next(count for most, count in REPEATS.items() if millions <= most)
        for kind in ("buy", "full"):
            for form in ("csv", "parquet"):
                path = make(tools, folder, kind, millions, form)
                warm(path)
                if form == "csv":
                    yardstick(tools, path, results, kind, millions, repeats)
                for work in works:
                    if work == "w3" and kind == "buy":
                        continue
                    for number in threads:
                        measure(tools, Cell(work, kind, millions, form, number, folder), results, repeats)
                    save(results, folder)
                if args.tidy and millions >= 10:
                    path.unlink()


def save(results, folder):
    (folder / "results.json").write_text(json.dumps(results, indent=1))


def several(name, command, results, repeats):
    """Another measurement, beside the cells."""
    try:
        peak = run(command, peak=True)[1]
        results["extra"][name] = {"seconds": statistics.median(run(command)[0] for _ in range(repeats)), "peak": peak}
    except Failed as failed:
        note(str(failed))
        results["failed"].append(name)


def postings(tools, args, results, folder):
    """What it costs to write every posting down, and to tell the reasons of one member."""
    path = make(tools, folder, "full", 1, "csv")
    members = folder / "members-1M.csv"
    someone = next(line.split(",")[0] for line in members.read_text().splitlines()[1:])
    base = [tools.loyal, "run", HERE / "w3.loyal", "--events", path, "--members", members, "--quiet"]
    repeats = args.repeats or 5
    warm(path)
    for name, more in (
        ("balances only (`--facts`)", ["--facts", "facts.csv"]),
        ("all tables, with every posting (`--out`)", ["--out", "tables"]),
        ("`--explain` of one member", ["--explain", someone]),
    ):
        several(f"W3, 1 M lines, CSV: {name}", [*base, *more], results, repeats)
        shutil.rmtree("tables", ignore_errors=True)
    save(results, folder)


def cold(tools, results, folder):
    """How long it takes to start."""
    small = folder / "small.csv"
    command = [tools.workload, "--lines", 800, "--seed", 7, "--members", 40, "--out", small]
    run([*command, "--members-out", folder / "small-members.csv"])
    program = HERE / "w3.loyal"
    several("cold start: `check` of W3", [tools.loyal, "check", program], results, 21)
    ids = []
    rows = small.read_text().splitlines()
    for row in rows[1:]:
        if not ids or ids[-1] != row.split(",")[0]:
            ids.append(row.split(",")[0])
    cut = [rows[0]] + [row for row in rows[1:] if row.split(",")[0] in set(ids[:100])]
    small.write_text("\n".join(cut) + "\n")
    command = [tools.loyal, "run", "--quiet", program, "--events", small, "--members", folder / "small-members.csv"]
    several("cold start: `run` of W3 on 100 events", command, results, 21)
    save(results, folder)


def journey(tools, args, results, folder):
    """The whole Complete Journey through the grocer's program."""
    where = pathlib.Path(args.journey)
    grocer = ROOT / "programs" / "grocer"
    command = [tools.loyal, "run", grocer, "--quiet", "--events", where / "till.csv"]
    command += ["--members", where / "households.csv", "--items", where / "products.csv"]
    command += ["--columns", grocer / "columns.toml", "--facts", "facts.csv"]
    for number in args.threads.split(",") if tools.has["--threads"] else ["1"]:
        more = ["--threads", number] if tools.has["--threads"] else []
        warm(where / "till.csv")
        name = f"the whole Complete Journey (1,469,307 lines), {number} thread{'s' if number != '1' else ''}"
        several(name, [*command, *more], results, args.repeats or 3)
    save(results, folder)


def machine():
    model = "unknown processor"
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    except (OSError, StopIteration, ValueError):
        memory = 0
    return f"{os.cpu_count()} cores of {model}, {memory:.0f} GiB, {platform.system()} {platform.machine()}"


# As `examples/workload.rs` counts them.
LINES_OF_AN_EVENT = {"buy": 6.508, "full": 6.064}


def times(number):
    return f"{number:.2f}×" if number < 10 else f"{number:.0f}×"


TITLES = {"duckdb": "DuckDB", "polars": "Polars", "zen": "zen", "python": "Python"}
# Ratios that `docs/performance.md` promises; those over other tools are at least so many times our time.
AIMS = {"hand": 1.3, "duckdb": {"csv": 4.0, "w1": 1.8, "w2": 2.8}, "zen": 30.0, "python": 18.0, "cores": 1.7}


def aim(tool, work, form):
    """At least so many times loyal's time, where an aim says it."""
    if tool in ("duckdb", "polars"):
        return AIMS["duckdb"]["csv"] if form == "csv" else AIMS["duckdb"][work]
    return AIMS[tool] if work == "w1" else None


class Aims:
    """The ratios of all cells, aim by aim."""

    def __init__(self):
        self.cells = {}

    def add(self, name, ratio, well, cell):
        self.cells.setdefault(name, []).append((ratio, well, cell))

    def rows(self):
        for name, cells in self.cells.items():
            ratios = sorted(ratio for ratio, _, _ in cells)
            met = sum(well for _, well, _ in cells)
            worst = min if "at least" in name else max
            yield f"| {name} | {met} of {len(cells)} | {ratios[0]:.2f} to {ratios[-1]:.2f} | {worst(cells)[2]} |"


def table(results, command):
    """The one table, as Markdown; and what came of its aims."""
    head = ["", "lines", "file", "threads", "s", "M rows/s", "ns/event", "peak MiB", "× count", "by hand, s",
            "by hand × count", "by hand MiB", "**÷ by hand**", "DuckDB ÷", "Polars ÷", "zen ÷", "Python ÷",
            "÷ 1 thread", "equal"]  # fmt: skip
    rows, aims = [], Aims()
    cells = results["cells"]
    names = {"buy": "purchases", "full": "with returns"}
    for key, found in cells.items():
        if key.split()[0] not in ("w1", "w2", "w3") or "loyal" not in found:
            continue
        work, kind, millions, form, threads = key.split()
        loyal, count = found["loyal"], cells.get(f"count {kind} {millions}", {}).get("hand", {}).get("seconds")
        seconds, lines = loyal["seconds"], lines_of(float(millions))
        events = lines / LINES_OF_AN_EVENT[kind]
        row = [f"{work.upper()} {names[kind]}", f"{float(millions):g} M", form, threads, f"{seconds:.3f}"]
        row += [f"{lines / seconds / 1e6:.1f}", f"{seconds / events * 1e9:.0f}", f"{loyal['peak'] / MiB:.0f}"]
        row.append(f"{seconds / count:.1f}" if count else "")
        cell = f"{' '.join(row[:4])} thread{'s' if threads != '1' else ''}"
        hand = found.get("hand")
        if hand:
            ratio = seconds / hand["seconds"]
            row += [f"{hand['seconds']:.3f}", f"{hand['seconds'] / count:.1f}" if count else ""]
            row += [f"{hand['peak'] / MiB:.0f}", f"**{ratio:.2f}×**"]
            aims.add(f"at most {AIMS['hand']} times the time by hand", ratio, ratio <= AIMS["hand"], cell)
        else:
            row += [""] * 4
        for tool in ("duckdb", "polars", "zen", "python"):
            other = found.get(tool)
            row.append(times(other["seconds"] / seconds) if other else "")
            wanted = aim(tool, work, form) if other else None
            if wanted:
                ratio = other["seconds"] / seconds
                of = f" on {form}, {work.upper()}" if tool in ("duckdb", "polars") else ""
                aims.add(f"{TITLES[tool]}: at least {wanted} times ours{of}", ratio, ratio >= wanted, cell)
        one = cells.get(f"{work} {kind} {millions} {form} 1", {}).get("loyal")
        if threads != "1" and one:
            faster = one["seconds"] / seconds
            row.append(times(faster))
            aims.add(f"two threads: at least {AIMS['cores']} times one", faster, faster >= AIMS["cores"], cell)
        else:
            row.append("")
        differs = [tool for tool, one in found.items() if not one["equal"]]
        row.append("all" if not differs else "not " + ", ".join(differs))
        rows.append(row)
    text = [f"Measured on {results['machine']}, with `{command}`.", ""]
    text += ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    text += ["| " + " | ".join(row) + " |" for row in rows]
    if results["extra"]:
        text += ["", "| what else | s | peak MiB |", "|---|---|---|"]
        for name, one in results["extra"].items():
            text.append(f"| {name} | {one['seconds']:.4f} | {one['peak'] / MiB:.0f} |")
    text += ["", "| aim | met in | ratios | farthest from it |", "|---|---|---|---|", *aims.rows()]
    text += [f"- {one}: failed" for one in results["failed"]]
    return "\n".join(text)


def put_in_docs(text):
    page = DOCS.read_text()
    if BEGIN not in page or END not in page:
        raise SystemExit(f"{DOCS} has no markers for the table")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    DOCS.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def said(words):
    """The command as another machine would give it: folders by what they are, and nothing that changes no figure."""
    places = {"--journey": "JOURNEY", "--dir": "DIR", "--loyal": "LOYAL"}
    kept = [one for one in words if one not in ("--render", "--no-build", "--no-docs", "--tidy")]
    named = [places.get(before, word) for before, word in zip([None, *kept], kept)]
    return " ".join(["python3 benches/run.py", *named])


def main():
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--quick", action="store_true", help="1 M lines only")
    parse.add_argument("--sizes", default="1,10,100", help="millions of lines")
    parse.add_argument("--threads", default="1,2")
    parse.add_argument("--only", default="w1,w2,w3,postings,cold,journey", help="parts")
    parse.add_argument("--skip", default="", help="tools to leave out")
    parse.add_argument("--repeats", type=int, help="runs of each cell, instead of 5 at 1 M, 3 at 10 M, 1 at 100 M")
    parse.add_argument("--dir", default="/tmp/loyal-bench", help="where data and results lie")
    parse.add_argument("--journey", help="the folder that `programs/grocer/sample.py --all` wrote")
    parse.add_argument("--loyal", help="measure this binary")
    parse.add_argument("--zen", action="store_true", help="build zen, which takes minutes")
    parse.add_argument("--no-build", action="store_true")
    parse.add_argument("--no-docs", action="store_true", help="print the table only")
    parse.add_argument("--tidy", action="store_true", help="remove files of 10 M lines and more after use")
    parse.add_argument("--render", action="store_true", help="only print the table of the last results again")
    args = parse.parse_args()
    if args.quick:
        args.sizes = "1"
    args.only = args.only.split(",")
    folder = pathlib.Path(args.dir).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    command = said(sys.argv[1:])
    if args.render:
        results = json.loads((folder / "results.json").read_text())
        command = results["command"]
    else:
        tools = Tools(args)
        results = {"machine": machine(), "command": command, "cells": {}, "extra": {}, "failed": []}
        os.chdir(folder)
        sizes(tools, args, results, folder)
        if "postings" in args.only:
            postings(tools, args, results, folder)
        if "cold" in args.only:
            cold(tools, results, folder)
        if "journey" in args.only and args.journey:
            journey(tools, args, results, folder)
    text = table(results, command.strip())
    print(text)
    if not args.no_docs:
        put_in_docs(text)



main()
