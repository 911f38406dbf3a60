#!/bin/sh
# run.sh C_TEST...: run the C tests given, then every spec; the last line of
# the output is "N passed, N failed" and the status is 0 only if nothing failed.
#
# WRAP is put before each program (valgrind); SPECS are arguments for busted, or 'none'.
set -eu

LUA=${LUA:-lua5.4}
counts=$(mktemp)
trap 'rm -f "$counts"' EXIT
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
    [ "$status" -eq 0 ] || echo "${test##*/}: status $status"
    add "$status" "${output##*"$newline"}"
done

if [ "${SPECS:-}" != none ]; then
    status=0
    # shellcheck disable=SC2086  # WRAP and SPECS are lists of words
    SPEC_COUNTS=$counts ${WRAP:-} "$LUA" spec/support/run.lua ${SPECS:-} || status=$?
    [ "$status" -eq 0 ] || echo "specs: status $status"
    add "$status" "$(cat "$counts")"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
