#!/bin/sh
# run.sh SEED FUZZER [SECONDS]: run one fuzzer; print how many inputs it has tried. An input that
# breaks it is left in the build folder.
#
# Without SECONDS this is the gate: a fixed number of inputs, made from the committed corpus alone,
# in a fixed order. The same build tries the same inputs on every day and every machine, so only a
# change makes it fail. A number of inputs ends the run and not a time, for a time would end it
# elsewhere on each run. The numbers take 5 to 10 seconds of a processor; a machine that is too slow
# stops after 20 seconds, and has then tried the first of the same inputs.
# libFuzzer and Lua also draw from addresses, so these are fixed where the system allows it.
#
# With SECONDS it runs that long, goes on from what earlier runs found, and keeps what it finds.
# A SEED of 0 is a fresh one.
set -eu

seed=$1 fuzzer=$2 seconds=${3:-}
name=${fuzzer##*/}
build=${fuzzer%/fuzz/*}
corpus=spec/fuzz/corpus/${name%_fuzz}
log=$build/$name.log
leaks=1
[ -e "spec/fuzz/$name.c" ] || leaks=0 # a property in Lua keeps one state until its end

case $name in
date_fuzz | name_fuzz) runs=500000 ;;
headers_fuzz | response_fuzz | url_fuzz) runs=200000 ;;
redact_fuzz) runs=1500 ;;
dispatch_fuzz) runs=4000 ;;
encode_fuzz | filter_fuzz | json_fuzz) runs=2500 ;;
answer_fuzz | csv_fuzz | time_fuzz) runs=1200 ;;
srt_fuzz | vtt_fuzz) runs=800 ;;
*) runs=250 ;;
esac

if [ -n "$seconds" ]; then
    runs=
    mkdir -p "$build/corpus/$name"
    set -- "$fuzzer" -max_total_time="$seconds" "$build/corpus/$name" "$corpus"
else
    # Files in order of name: a folder has them in any order.
    inputs=$(find "$corpus" -type f | LC_ALL=C sort | paste -s -d , -)
    set -- "$fuzzer" -runs=$runs -max_total_time=20 -seed_inputs="$inputs"
    ! setarch "$(uname -m)" -R true 2>/dev/null || set -- setarch "$(uname -m)" -R "$@"
fi

if ! "$@" -seed="$seed" -timeout=30 -rss_limit_mb=2048 -detect_leaks=$leaks \
    -print_final_stats=1 -artifact_prefix="$build/" >"$log" 2>&1; then
    tail -n 40 "$log"
    exit 1
fi
sed -n "s/stat::number_of_executed_units: */$name: runs${runs:+ of $runs}: /p" "$log"
