#!/bin/sh
# mutants.sh [PATTERN]: breaks promises on purpose, one at a time, in a copy of
# the tree, and sees that a short soak notices. A mutant that lives is a
# failure. With a pattern, only the mutants whose names have it.
set -u
. spec/support/broken.sh
sources=$folder/tree
mkdir "$sources"
cp -r Makefile src lua spec "$sources"
cd "$sources" || exit 1

soak() {
    make soak SOAK_SECONDS=12 SOAK_SEED=5 >"$folder/log" 2>&1
}

rebuild() {
    make all >"$folder/log" 2>&1
}

notices() {
    ! soak || return 1
    words=$(sed -n 's/^ *BROKEN: //p' "$folder/log" | paste -sd ';')
    echo "${words:-it ended without a report}"
}

mend() { :; } # the source is newer than its object

soak || {
    echo "the unbroken sources fail:"
    cat "$folder/log"
    exit 1
}

mutant "libcurl sends a write again by itself" src/transfer.c 's/    if (transfer->sends > 0)$/    if (transfer->sends > 9)/'
mutant "a write that was lost is tried again" src/job.c '/case MEET_ENDED_TIMED_OUT:/,/;/s/return meet_request_is_read(&job->request);/return true;/'
mutant "nothing is ambiguous" src/job.c '/^static bool is_ambiguous/,/^}/s/!outcome->sent/1/'
mutant "a cancelled task does not tell of its write" lua/googlemeet/scheduler.lua 's/core.writes_given_up() > abandoned_before/false/'
mutant "gather is silent about what it cancels" lua/googlemeet/tasks.lua 's/errors\[index\] = task.failure$/errors[index] = nil/'
mutant "a header section cut short is an answer" src/outcome.c 's/code == CURLE_OK && transfer->in_head/0/'
mutant "a read that was lost is not tried again" src/job.c '/case MEET_ENDED_TIMED_OUT:/,/;/s/return meet_request_is_read(&job->request);/return false;/'
mutant "some sockets are not closed" src/sockets.c 's/    return close(fd);/    return sockets->count == 2 ? 0 : close(fd);/'
mutant "handles are forgotten when they are put back" src/pool.c 's/    transfer->next = pool->idle;/    return;/'
mutant "the first item of a later page is lost" src/pager.c 's/    pager->taken = 0;/    pager->taken = pager->pages > 1;/'
mutant "attempts have no timeout" src/transfer.c 's/    if (whole != transfer->whole_limit)/    if (whole < 0)/'

tell
