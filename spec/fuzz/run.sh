#!/bin/sh
# run.sh SECONDS FUZZER: a run of one fuzzer over its own corpus and what earlier runs have found
# worth keeping; prints how many inputs it has tried. What breaks it is left beside its folder.
# Those in Lua keep a state for all inputs, so what is left is looked for at their end.
set -eu

seconds=$1 fuzzer=$2
name=${fuzzer##*/}
build=${fuzzer%/fuzz/*}
found=$build/corpus/$name
log=$build/$name.log
leaks=1
[ -e "spec/fuzz/$name.c" ] || leaks=0

mkdir -p "$found"
if ! "$fuzzer" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 -detect_leaks=$leaks \
    -print_final_stats=1 -artifact_prefix="$build/" "$found" "spec/fuzz/corpus/${name%_fuzz}" \
    >"$log" 2>&1; then
    tail -n 40 "$log"
    exit 1
fi
sed -n "s/stat::number_of_executed_units: */$name: runs: /p" "$log"
