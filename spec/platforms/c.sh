#!/bin/sh
# c.sh: the C tests and the simulator alone, for a processor that is emulated. The last line of the
# output is "N passed, M failed".
set -eu
"${MAKE:-make}" c-tests WERROR=-Werror
passed=0 failed=0
for test in build/c/*_test build/sim/simulate; do
    status=0
    output=$("$test" 2>&1) || status=$?
    line=$(printf '%s\n' "$output" | grep -E '^[0-9]+ passed, [0-9]+ failed$' | tail -n 1)
    [ "$status" = 0 ] && [ -n "$line" ] || printf '%s: status %s\n%s\n' "$test" "$status" "$output"
    passed=$((passed + ${line%% passed*}))
    less=${line##*, }
    failed=$((failed + ${less%% failed*}))
    [ "$status" = 0 ] || [ "${less%% failed*}" != 0 ] || failed=$((failed + 1))
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
