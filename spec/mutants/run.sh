#!/bin/sh
# run.sh [TABLE [PATTERN]]: break the code on purpose, one place at a time, in a copy of the tree,
# and see that a gate notices. A mutant that lives is a failure. PATTERN is a part of its name.
# run.sh check: see that each row still finds its file, its gate and something to change. It builds
# nothing, so `make lint` has it, and a table cannot be forgotten when code is renamed.
#
# The tables: dispatch.txt breaks the dispatcher, for the simulator to notice; ledger.txt breaks the
# limit that processes share, for that of many processes; soak.txt breaks promises that only a soak
# tests; reenter.txt borrows what a finalizer may take away; sources.txt breaks the other sources.
# A row has a file, a gate, a name and a sed script, with two blanks or more between them.
# The gates: sim and shared (the simulators), soak (a short one), x_test and x_spec, oom:SCENARIO
# (failing allocations), reenter:CALL (a part of the name of a call in spec/reenter), and asan:GATE, which is
# any of the others under AddressSanitizer.
# `make mutants` exports LUA_PATH and ASAN_FLAGS.
set -u
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM
tree=$folder/tree
log=$folder/log
tab=$(printf '\t')
patience=180 # seconds; a mutant may well hang
proven=" "
killed=0
lived=0

# Set what belongs to a gate: kind, build (its folder), target (what make builds for it), and the
# specs of that name. A status of 1 when there is no such gate.
choose() {
    kind=${1#asan:} build=build target=all specs=
    case $1 in asan:* | oom:* | reenter:*) build=build/asan ;; esac
    case $kind in
    soak) ;;
    sim) target=$build/sim/simulate ;;
    shared) target=$build/sim/shared ;;
    oom:*) target=$build/drive && grep -q "scenarios.${kind#oom:}\>" spec/oom/scenarios.lua ;;
    reenter:*) target=$build/drive-reenter && grep -qF "${kind#reenter:}" spec/reenter/calls.lua ;;
    *_test) target=$build/c/$kind && [ -e "spec/c/$kind.c" ] ;;
    *)
        for path in spec/*/"$kind".lua spec/*/*/"$kind".lua spec/*/*/*/"$kind".lua; do
            [ ! -e "$path" ] || specs="$specs $path"
        done
        [ -n "$specs" ]
        ;;
    esac
}

# A status of 1 when the script leaves each line of the file as it is.
changes() {
    LC_ALL=C sed -n -e h -e "$script" -e 'G; /^\(.*\)\n\1$/!q9' "$file"
    [ $? -eq 9 ]
}

quiet() {
    timeout $patience "$@" >"$log" 2>&1
    status=$?
    return $status
}

run_make() {
    [ "$build" = build ] || set -- CFLAGS="$ASAN_FLAGS" "$@"
    quiet make BUILD="$build" "$@"
}

passes() {
    case $kind in
    sim) quiet "$target" 60000 1 2 3 ;;
    shared) quiet "$target" 60000 1 2 3 4 ;;
    soak) run_make soak SOAK_SECONDS=12 SOAK_SEED=5 ;;
    oom:*) run_make starved OOM_STEP=1 SCENARIOS="${kind#oom:}" ;;
    reenter:*) run_make reentered CALLS="'${kind#reenter:}'" ;;
    *_test) quiet "$target" ;;
    *)
        if [ "$build" = build ]; then
            SPECS="--no-keep-going$specs" quiet spec/support/run.sh
        else
            run_make sanitized C_TESTS= SIMULATORS= SPECS="--no-keep-going$specs"
        fi
        ;;
    esac
}

# What went wrong, in one line: a spec's name, a broken rule, a report of a sanitizer.
reason() {
    [ "$status" -ne 124 ] || { echo "no end within $patience s" && return; }
    words=$(sed -nE '/^(Failure|Error) [^ ]+ spec/ { N; s/^[^ ]+ [^ ]+ ([^ ]+) @[^\n]*\n/\1: /; p; q }
        /broken at |BROKEN: |SUMMARY: |runtime error: |^[^ ]*\.[ch]:[0-9]+: |act gave |^wrong: / {
            s/^ *//; p; q }' "$log")
    echo "${words:-status $status}" | sed "s|$tree/||g" | cut -c 1-120
}

# A gate that fails without a mutant would kill them all.
prove() {
    case $proven in *" $1 "*) return ;; esac
    if ! run_make "$target" || ! passes; then
        echo "without a mutant fails $1: $(reason)"
        tail -n 20 "$log"
        exit 1
    fi
    proven="$proven$1 "
}

lives() {
    echo "$1: $name ($file, $gate)"
    lived=$((lived + 1))
}

try() {
    prove "$gate"
    cp "$file" "$folder/whole"
    sed -i "$script" "$file"
    if ! run_make "$target"; then
        lives "NOT BUILT"
        cat "$log"
    elif passes; then
        lives "LIVES"
    else
        echo "killed: $name ($file, $gate): $(reason)"
        killed=$((killed + 1))
    fi
    cp "$folder/whole" "$file"
}

check=
[ "${1:-}" != check ] || { check=yes && shift; }
table=${1:-} pattern=${2:-}
for table in ${table:-dispatch ledger soak reenter sources}; do
    sed -E '/^(#|$)/d; s/ {2,}/\t/; s//\t/; s//\t/' "spec/mutants/$table.txt" || exit
done >"$folder/rows"
if [ ! $check ]; then
    mkdir "$tree"
    cp -r Makefile .busted examples lua src spec "$tree"
    cd "$tree" || exit
fi

while IFS=$tab read -r file gate name script <&3; do
    case $name in *"$pattern"*) ;; *) continue ;; esac
    if ! choose "$gate" || ! changes; then
        lives "NOT MADE"
    elif [ ! $check ]; then
        try
    fi
done 3<"$folder/rows"

[ $check ] || echo "$killed killed, $lived lived"
[ $lived -eq 0 ] && [ "$check$killed" != 0 ] # a pattern that no name has is a failure, too
