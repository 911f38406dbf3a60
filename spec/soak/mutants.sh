#!/bin/sh
# mutants.sh [PATTERN]: breaks promises on purpose, one at a time, in a copy of
# the tree, and sees that a short soak notices. A mutant that lives is a
# failure. With a pattern, only the mutants whose names have it.
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
wanted=${1:-}
caught=0
lived=0

cp -r Makefile src lua spec "$folder"
here=$PWD
cd "$folder" || exit 1

soak() {
    make soak SOAK_SECONDS=12 SOAK_SEED=5 >out 2>&1
}

mutant() { # name, file, sed script
    case $1 in *"$wanted"*) ;; *) return ;; esac
    sed -i "$3" "$2"
    if cmp -s "$here/$2" "$2"; then
        echo "NOT MADE: $1"
        lived=$((lived + 1))
    elif soak; then
        echo "LIVES: $1"
        lived=$((lived + 1))
    elif grep -q BROKEN: out; then
        echo "caught: $1: $(sed -n 's/^ *BROKEN: //p' out | paste -sd ';')"
        caught=$((caught + 1))
    else
        echo "NOT BUILT: $1"
        cat out
        lived=$((lived + 1))
    fi
    cp "$here/$2" "$2" # newer than its object
}

soak || {
    echo "the unbroken sources fail:"
    cat out
    exit 1
}

mutant "libcurl sends a write again by itself" src/transfer.c 's/    if (transfer->sends > 0)$/    if (transfer->sends > 9)/'
mutant "a write that was lost is tried again" src/job.c '/case MEET_ENDED_TIMED_OUT:/,/;/s/return meet_request_is_read(&job->request);/return true;/'
mutant "nothing is ambiguous" src/job.c '/^static bool is_ambiguous/,/^}/s/!outcome->sent/1/'
mutant "a cancelled task does not tell of its write" lua/googlemeet/scheduler.lua 's/core.writes_given_up() > given_up/false/'
mutant "a header section cut short is an answer" src/outcome.c 's/code == CURLE_OK && transfer->in_head/0/'
mutant "a read that was lost is not tried again" src/job.c '/case MEET_ENDED_TIMED_OUT:/,/;/s/return meet_request_is_read(&job->request);/return false;/'
mutant "some sockets are not closed" src/sockets.c 's/    return close(fd);/    return sockets->count == 2 ? 0 : close(fd);/'
mutant "handles are forgotten when they are put back" src/pool.c 's/    transfer->next = pool->idle;/    return;/'
mutant "the first item of a later page is lost" src/pager.c 's/    pager->taken = 0;/    pager->taken = pager->pages > 1;/'
mutant "attempts have no timeout" src/transfer.c 's/    if (whole != transfer->whole_limit)/    if (whole < 0)/'

echo "$caught caught, $lived lived"
[ "$lived" -eq 0 ]
