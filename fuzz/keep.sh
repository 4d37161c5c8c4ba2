#!/usr/bin/env bash
# Takes what was found over into fuzz/corpus: of all inputs, old and new, few that cover as much as all of them.
#
#   fuzz/keep.sh TARGET...
#
# They stay few for the suite's sake: where it takes too long, or the folder comes to more than a megabyte, take some away.
set -euo pipefail
cd "$(dirname "$0")/.."
for target in "$@"; do
    kept=$(mktemp -d)
    nice -n 19 "fuzz/target/x86_64-unknown-linux-gnu/release/$target" -merge=1 -timeout=10 -rss_limit_mb=2048 \
        "$kept" "fuzz/corpus/$target" "fuzz/found/$target" "fuzz/seeds/$target"
    # What once broke a promise has a name of its own, and stays.
    find "fuzz/corpus/$target" -type f -regextype posix-extended -regex '.*/[0-9a-f]{40}' -delete
    cp -n "$kept"/* "fuzz/corpus/$target/"
    rm -rf "$kept"
done
