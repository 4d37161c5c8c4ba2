#!/usr/bin/env bash
# Fuzzes one target after the other on one core, round and round, and notes what each turn came to.
#
#   fuzz/run.sh SECONDS ROUNDS [TARGET...]
#
# A turn takes SECONDS; it ends early at what breaks a promise, hangs or takes too much memory. The input then lies in
# fuzz/artifacts/TARGET, as does one that takes more than ten seconds. What is found on the way lies in fuzz/found/TARGET until `fuzz/keep.sh` takes it over.
# Notes go to fuzz/counts.txt: target, executions, seconds of CPU, edges that are covered, inputs that broke something.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=$1 rounds=$2
# Where each session has its share of the machine, to be nice inside of one is not enough.
[ ! -w /proc/self/autogroup ] || echo 19 >/proc/self/autogroup
shift 2
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
    targets=(parse clause format check history columns parquet state engines woven)
fi
bin=${FUZZ_BIN:-fuzz/target/x86_64-unknown-linux-gnu/release}
for _ in $(seq "$rounds"); do
    for target in "${targets[@]}"; do
        case $target in
        format | check) most=3000 ;;
        parse) most=6000 ;;
        clause) most=400 ;;
        woven) most=2000 ;;
        *) most=8192 ;;
        esac
        mkdir -p "fuzz/found/$target" "fuzz/artifacts/$target" "fuzz/seeds/$target"
        before=$(find "fuzz/artifacts/$target" -type f | wc -l)
        log=$(mktemp)
        cpu=$( { TIMEFORMAT='%U %S'; time nice -n 19 "$bin/$target" -dict=fuzz/loyal.dict -timeout=60 -report_slow_units=10 -rss_limit_mb=2048 \
            -max_len=$most -max_total_time="$seconds" -print_final_stats=1 -artifact_prefix="fuzz/artifacts/$target/" \
            "fuzz/found/$target" "fuzz/corpus/$target" "fuzz/seeds/$target" >"$log" 2>&1 || true; } 2>&1 |
            tail -1 | awk '{ printf "%.0f", $1 + $2 }')
        executions=$(awk '/number_of_executed_units/ { print $2 }' "$log")
        [ -n "$executions" ] || executions=$(grep -oE '^#[0-9]+' "$log" | tail -1 | tr -d '#' || true)
        edges=$(grep -oE 'cov: [0-9]+' "$log" | tail -1 | cut -d' ' -f2 || true)
        # The clock goes on while others have the machine: what takes less alone is no hang.
        for slow in "fuzz/artifacts/$target"/timeout-* "fuzz/artifacts/$target"/slow-unit-*; do
            [ -e "$slow" ] || continue
            alone=$( { TIMEFORMAT='%U'; time "$bin/$target" "$slow" >/dev/null 2>&1 || true; } 2>&1 | tail -1 | cut -d. -f1)
            [ "$alone" -ge 10 ] || rm "$slow"
        done
        # So is what the C library keeps of a thread, which now and then is taken for a leak: what leaks does so again.
        for leak in "fuzz/artifacts/$target"/leak-*; do
            [ -e "$leak" ] || continue
            ! "$bin/$target" "$leak" >/dev/null 2>&1 || rm "$leak"
        done
        after=$(find "fuzz/artifacts/$target" -type f | wc -l)
        printf '%-8s %12s %8s %8s %4s\n' "$target" "${executions:-0}" "$cpu" "${edges:-0}" $((after - before)) >>fuzz/counts.txt
        [ "$after" -eq "$before" ] || cp "$log" "fuzz/artifacts/$target.log"
        rm -f "$log"
    done
done
