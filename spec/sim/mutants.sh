#!/bin/sh
# mutants.sh [PATTERN]: breaks each rule of the dispatcher on purpose, one at a
# time, in a copy, and sees that the simulator catches it. A mutant that lives
# is a failure. With a pattern, only the mutants whose names have it.
set -u
. spec/support/broken.sh
sources=$folder/src
CC=${CC:-cc}

# compile SOURCE OBJECT
compile() {
    # shellcheck disable=SC2086  # flags are a list of words
    $CC -std=gnu11 -O1 $flags -I"$sources" -c -o "$2" "$1" 2>"$folder/log"
}

# build_all FLAGS: the sources below the binding and the simulator, unbroken.
build_all() {
    flags=$1
    rm -rf "$sources" "$folder/sim"
    mkdir "$sources" "$folder/sim"
    cp src/*.[ch] "$sources"
    rm -f "$sources"/lua_* "$sources"/engine.c "$sources"/transfer.c
    for file in "$sources"/*.c spec/sim/*.c; do
        objects=$sources
        [ "${file%/*}" = "$sources" ] || objects=$folder/sim
        name=${file##*/}
        compile "$file" "$objects/${name%.c}.o" || {
            cat "$folder/log"
            exit 1
        }
    done
    simulate || {
        echo "the unbroken sources fail:"
        cat "$folder/out"
        exit 1
    }
}

# simulate: link what is there and run it.
simulate() {
    rm -f "$folder/all.a"
    ar rcs "$folder/all.a" "$sources"/*.o
    # shellcheck disable=SC2086
    $CC $flags -o "$folder/simulate" "$folder"/sim/*.o "$folder/all.a" -lm &&
        timeout 120 "$folder/simulate" 60000 1 2 3 >"$folder/out" 2>&1
}

rebuild() {
    cp "$sources/$1.o" "$folder/whole.o"
    compile "$sources/$1.c" "$sources/$1.o"
}

mend() {
    cp "$folder/whole.o" "$sources/$1.o"
}

notices() {
    ! simulate || return 1
    grep -hE 'broken at|ERROR|SUMMARY' "$folder/out" | head -n 1 |
        sed -E 's/.*seed [0-9]+: //; s/==[0-9]+==//; s/ on .*//'
}

build_all ""

# -- windows and places
mutant "a window a tenth too short" window 's/+ window->span;$/+ window->span * 0.9;/'
mutant "a window without its margin" dispatch 's/(kind == OF_QUOTA ? 60 : 1) + meet_dispatch_margin/(kind == OF_QUOTA ? 60 : 1)/'
mutant "places are not kept during a handshake" gate 's/    gate->kept++;/    (void)gate;/; s/    gate->kept--;/    (void)gate;/'
mutant "a place counts from the start of the handshake" lane 's/        meet_gate_keep(lane->gates\[i\]);/        meet_gate_keep(lane->gates[i]), meet_gate_leave(lane->gates[i], job->ready_at);/; s/^    job->keeps_place = true;/    job->keeps_place = false;/'
mutant "a place of an attempt that never left is lost" gate '/^void meet_gate_give_back/,/^}/s/gate->kept--;/(void)gate;/'
mutant "bytes that left unseen take no place" dispatch 's/        meet_lane_leave(lane, job, now);/        meet_lane_give_back(lane, job);/'
mutant "bytes that left are told twice" lane '/^void meet_lane_leave/,/^}/s/^    job->keeps_place = false;//; /^void meet_lane_leave/,/^}/s/!job->keeps_place/0/'
mutant "no minute quota" dispatch 's/lane->limits\[OF_QUOTA\] = pace->per_minute/lane->limits[OF_QUOTA] = 0/'
mutant "no limit for the second" dispatch 's/lane->limits\[OF_KEY\] = pace->per_second/lane->limits[OF_KEY] = 0/'
mutant "one window for all quotas of an account" dispatch 's/gate->id != id || gate->quota != quota/gate->id != id/'
mutant "one window for all keys" dispatch 's/gate->kind != kind || gate->id != id/gate->kind != kind/'
mutant "gates are not asked" dispatch 's/            meet_lane_is_open(lane, now))$/            now >= 0)/'
mutant "only the first gate is asked" lane '/^bool meet_lane_is_open/,/^}/s/i < MEET_LANE_GATES/i < 1/'
mutant "busy gates are forgotten" dispatch '/^static bool is_wanted/,/^}/s/return true;/return false;/'

# -- order and progress
mutant "last in, first out" lane 's/after->sequence > job->sequence/after/'
mutant "the first lane always goes first" dispatch 's/(!next || lane->first->sequence < next->sequence)/!next/'
mutant "a backoff that is over waits on" dispatch '/^static void end_backoffs/,/^}/s/job->ready_at <= now/job->ready_at + 1 <= now/'
mutant "nobody wakes for a backoff's end" dispatch 's/    if (dispatch->backoff)$/    if (0)/'
mutant "it wakes at once, again and again" dispatch 's/    return fmax(wakeup, now);/    return dispatch->first ? now : wakeup;/'
mutant "backoffs in the order they came" dispatch 's/(\*place)->ready_at <= job->ready_at/1/'

# -- attempts
mutant "a write that was lost is tried again" job '/case MEET_ENDED_TIMED_OUT:/,/;/s/return meet_request_is_read(&job->request);/return true;/'
mutant "a stale socket restarts a write" job 's/        (outcome->sent && !meet_request_is_read(&job->request)) ||//'
mutant "restarts without end" job 's/job->restarts == MOST_RESTARTS/0/'
mutant "a restart counts as an attempt" job 's/    job->attempts--;/;/'
mutant "a restart is counted by the client" job 's/    job->stats->attempts--;/;/'
mutant "a write is tried again after a 503" job 's/               ((status == 502/               1 || ((status == 502/'
mutant "a read is not tried again after a 503" job 's/status == 502 || status == 503/status == 502/'
mutant "a 429 is final" job 's/return status == 429 ||/return/'
mutant "what was not sent is final" job '/case MEET_ENDED_NOT_SENT:/,/;/s/true/false/'
mutant "a lost write is not called ambiguous" job '/^static bool is_ambiguous/,/^}/{s/return outcome->ending.*/return job->response.status >= 500;/; /status >= 500 || job/d}'
mutant "more attempts than allowed" job 's/job->attempts >= job->retry.max_attempts/job->attempts > job->retry.max_attempts/'
mutant "fewer attempts than allowed" job 's/job->attempts >= job->retry.max_attempts/job->attempts + 1 >= job->retry.max_attempts/'
mutant "the backoff is not waited for" dispatch 's/ && job->ready_at <= now)/)/'
mutant "the backoff does not grow" job 's/wait \*= retry->multiplier/wait *= 1/'
mutant "the backoff grows at once" job 's/for (unsigned i = 1; i < attempts/for (unsigned i = 0; i < attempts/'
mutant "no jitter" job 's/return random \* (/return (/'
mutant "the advice is not heard" job 's/outcome->advice >= 0$/outcome->advice >= 1e9/'

# -- deadlines
mutant "deadlines of waiting jobs pass unseen" dispatch 's/    if (now < dispatch->next_deadline)/    if (now >= 0)/'
mutant "nobody wakes for a deadline" dispatch 's/double wakeup = dispatch->first ? .* : HUGE_VAL;/double wakeup = HUGE_VAL;/'
mutant "a changed deadline is not noted" dispatch 's/    dispatch->next_deadline = -HUGE_VAL;/;/'
mutant "a deadline is not noted at a retry" dispatch '/insert_backoff(dispatch, job);/,/^    }/s/if (job->deadline < dispatch->next_deadline)/if (0)/'
mutant "a wait begins that cannot end in time" dispatch 's/if (fmax(opens, now) >= job->deadline)/if (now >= job->deadline)/'
mutant "a wait is refused that could end in time" dispatch 's/if (fmax(opens, now) >= job->deadline)/if (fmax(opens, now) + 5 >= job->deadline)/'
mutant "a backoff past the deadline begins" job 's/    if (ready_at >= job->deadline) {/    if (0) {/'
mutant "a pause does not end what it keeps too long" dispatch '/^static void pause/,/^}/s/until >= job->deadline/0/'
mutant "a retry does not know of a pause" dispatch 's/fmax(job->ready_at, lane->gates\[i\]->paused_until)/job->ready_at/'
mutant "a retry begins that a pause keeps past its deadline" job 's/    if (ready_at >= job->deadline) {/    if (now + advised >= job->deadline) {/'
mutant "a restart begins that a pause keeps past its deadline" job 's/fmax(now, job->ready_at) >= job->deadline/now >= job->deadline/'
mutant "a retry that a pause ends is told its own wait" job 's/job->retry_after = wait;/job->retry_after = advised;/'

# -- pauses and refusals
mutant "a gateway pause holds only the account" dispatch 's/outcome->google ? OF_ACCOUNT : OF_KEY/OF_ACCOUNT/'
mutant "a pause of Google's holds the whole key" dispatch 's/outcome->google ? OF_ACCOUNT : OF_KEY/OF_KEY/'
mutant "a refusal hands on the pause of another" job '/^double meet_job_finish/,/^}/s/return advised;/return wait;/'
mutant "no pause at all" gate 's/fmax(gate->paused_until, until)/gate->paused_until/'
mutant "a shorter pause replaces a longer one" gate 's/fmax(gate->paused_until, until)/until/'
mutant "a refusal does not lower the rate" gate 's/    gate->ceiling = now_allowed.*/;/'
mutant "a refusal by Google lowers the rate" dispatch 's/    if (!outcome->google)$/    if (1)/'
mutant "each refusal of a second lowers the rate" gate 's/ || now < gate->lowered_at + gate->window.span)/)/'
mutant "a lowered rate never rises" gate 's/times \* 10 /times * 1e9 /; s/(10 \* gate/(1e9 * gate/'
mutant "a lowered rate rises at once" gate 's/times \* 10 /times /; s/(10 \* gate/(gate/'
mutant "nobody wakes for a rate that rises" gate 's/if (rises >= opens)/if (1)/'
mutant "it wakes again and again before a rate rises" gate 's/        risen++;.*/        ;/'

# -- books
mutant "a done job stays linked" dispatch '/if (job->state == MEET_JOB_DONE) {/,/}/s/unlink_job(dispatch, job);/;/'
mutant "a cancelled job stays in line" dispatch '/^void meet_dispatch_cancel/,/^}/s/stop_waiting(dispatch, job);/;/'
mutant "a cancelled attempt keeps its place" dispatch '/^void meet_dispatch_cancel/,/^}/s/meet_lane_give_back(job->lane, job);/;/'
mutant "a lane miscounts its length" lane '/^void meet_lane_remove/,/^}/s/lane->length--;/;/'

# -- memory, under AddressSanitizer
build_all "-g -fsanitize=address"
mutant "memory: a window is not freed" window '/^void meet_window_deinit/,/^}/s/free(window->events);/;/'
mutant "memory: lanes are not freed" dispatch '/^void meet_dispatch_deinit/,/^}/s/free(lane);/;/'
mutant "memory: the lanes of a forgotten gate stay" dispatch 's/        drop_lanes_of(dispatch, &gate->gate);/;/'
mutant "memory: a gate that jobs wait at is forgotten" dispatch '/^static bool is_wanted/,/^}/s/job->lane->gates\[i\] == &gate->gate/0/'

tell
