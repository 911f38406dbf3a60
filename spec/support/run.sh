#!/bin/sh
# run.sh C_TEST...: run the C tests given, then every spec; the last line of
# the output is "N passed, N failed" and the status is 0 only if nothing failed.
#
# WRAP is put before each program (valgrind); SPECS are arguments for busted, or 'none'.
set -eu

LUA=${LUA:-lua5.4}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
passed=0
failed=0
newline='
'

# A make that a spec starts is its own, not a part of the one above.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
# A spec must not reach a real account, nor go through somebody's proxy.
unset MATON_API_KEY MATON_API_URL MATON_CONNECTION
unset http_proxy https_proxy all_proxy no_proxy
unset HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY

# add STATUS "N passed, N failed": a failing status without a failure counted
# (a crash, a leak, no line at all) is one.
add() {
    more=${2%% passed*}
    less=${2##*, }
    less=${less%% failed*}
    case $more$less in '' | *[!0-9]*) more=0 less=0 ;; esac
    if [ "$less" -eq 0 ] && { [ "$1" -ne 0 ] || [ "$more" -eq 0 ]; }; then
        less=1
    fi
    passed=$((passed + more))
    failed=$((failed + less))
}

for test in "$@"; do
    status=0
    output=$(${WRAP:-} "$test" 2>&1) || status=$?
    printf '%s: %s\n' "${test##*/}" "$output"
    if [ "$status" -ne 0 ]; then
        echo "${test##*/}: status $status"
        printf '%s: %s\n' "${test##*/}" "$output" >>"$folder/failures"
    fi
    add "$status" "${output##*"$newline"}"
done

# specs NAME BUSTED_ARGUMENT...: run them; NAME is for their counts and status.
specs() {
    name=$1
    shift
    status=0
    # shellcheck disable=SC2086  # WRAP is a list of words
    SPEC_COUNTS=$folder/$name ${WRAP:-} "$LUA" spec/support/run.lua "$@" || status=$?
    [ "$status" -eq 0 ] || echo "specs: status $status"
    echo "$status" >"$folder/$name.status"
}

# add_specs NAME: add what they counted; busted lists failures and errors last.
add_specs() {
    add "$(cat "$folder/$1.status")" "$(cat "$folder/$1" 2>/dev/null)"
    sed -n -E '/^(Failure|Error) ->/,$p' "$folder/$1.output" >>"$folder/failures"
}

# All of them are three runs at once: most of each is waiting.
if [ -z "${SPECS:-}" ]; then
    specs project spec/project >"$folder/project.output" 2>&1 &
    specs unit spec/unit >"$folder/unit.output" 2>&1 &
    specs core spec/core spec/hostile 2>&1 | tee "$folder/core.output"
    wait
    cat "$folder/project.output" "$folder/unit.output"
    add_specs core
    add_specs project
    add_specs unit
elif [ "$SPECS" != none ]; then
    # shellcheck disable=SC2086  # SPECS is a list of words
    specs some $SPECS 2>&1 | tee "$folder/some.output"
    add_specs some
fi

# Of three runs a log's end shows the last one only: what failed is repeated there.
if [ -s "$folder/failures" ]; then
    echo 'Failed:'
    cat "$folder/failures"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
