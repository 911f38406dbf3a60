#!/bin/sh
# Breaks each rule of the dispatcher on purpose, one at a time, in a copy, and
# sees that the simulator catches it. A mutant that lives is a failure.
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
sources="dispatch lane gate window job request response headers buffer error date url operation refusal"
caught=0 lived=0

build() { # the sources in $folder
    files=""
    for name in $sources; do files="$files $folder/$name.c"; done
    # shellcheck disable=SC2086
    ${CC:-cc} -std=gnu11 -O1 -I"$folder" -o "$folder/simulate" \
        spec/sim/simulate.c $files -lm 2>"$folder/log"
}

mutant() { # name, file, sed script
    cp src/*.[ch] "$folder"
    sed -i "$3" "$folder/$2"
    if cmp -s "src/$2" "$folder/$2"; then
        echo "NOT MADE: $1"
        lived=$((lived + 1))
    elif ! build; then
        echo "NOT BUILT: $1"
        cat "$folder/log"
        lived=$((lived + 1))
    elif timeout 60 "$folder/simulate" 60000 1 >"$folder/out" 2>&1; then
        echo "LIVES: $1"
        lived=$((lived + 1))
    else
        echo "caught: $1: $(tail -n 1 "$folder/out" | sed 's/.*seed [0-9]*: //')"
        caught=$((caught + 1))
    fi
}

mutant "a window a tenth too short" window.c 's/+ window->span;$/+ window->span * 0.9;/'
mutant "places are not kept during a handshake" gate.c 's/    gate->kept++;/    (void)gate;/; s/    gate->kept--;/    (void)gate;/'
mutant "a place counts from the start of the handshake" lane.c 's/        meet_gate_keep(lane->gates\[i\]);/        meet_gate_keep(lane->gates[i]), meet_gate_leave(lane->gates[i], job->ready_at);/; s/^    job->keeps_place = true;/    job->keeps_place = false;/'
mutant "a place of an attempt that never left is lost" gate.c '/^void meet_gate_give_back/,/^}/s/gate->kept--;/(void)gate;/'
mutant "no minute quota" dispatch.c 's/lane->limits\[OF_QUOTA\] = pace->per_minute/lane->limits[OF_QUOTA] = 0/'
mutant "no limit for the second" dispatch.c 's/lane->limits\[OF_KEY\] = pace->per_second/lane->limits[OF_KEY] = 0/'
mutant "gates are not asked" dispatch.c 's/            meet_lane_is_open(lane, now))$/            now >= 0)/'
mutant "last in, first out" lane.c 's/after->sequence > job->sequence/after/'
mutant "a write that was lost is tried again" job.c '/case MEET_ENDED_TIMED_OUT:/,/;/s/return meet_request_is_read(&job->request);/return true;/'
mutant "a stale socket restarts a write" job.c 's/!outcome->stale || !meet_request_is_read(&job->request) ||/!outcome->stale ||/'
mutant "a write is tried again after a 503" job.c 's/               ((status == 502/               1 || ((status == 502/'
mutant "more attempts than allowed" job.c 's/job->attempts >= job->retry.max_attempts/job->attempts > job->retry.max_attempts/'
mutant "the backoff is not waited for" dispatch.c 's/ && job->ready_at <= now)/)/'
mutant "deadlines of waiting jobs pass unseen" dispatch.c 's/    if (now < dispatch->next_deadline)/    if (now >= 0)/'
mutant "nobody wakes for a deadline" dispatch.c 's/double wakeup = dispatch->next_deadline;/double wakeup = HUGE_VAL;/'
mutant "a gateway pause is not kept" dispatch.c 's/outcome->google ? OF_ACCOUNT : OF_KEY/OF_ACCOUNT/'
mutant "no pause at all" gate.c 's/fmax(gate->paused_until, until)/gate->paused_until/'
mutant "a shorter pause replaces a longer one" gate.c 's/fmax(gate->paused_until, until)/until/'
mutant "a done job stays linked" dispatch.c '/if (job->state == MEET_JOB_DONE) {/,/}/s/unlink_job(dispatch, job);/;/'
mutant "a cancelled job stays in line" dispatch.c '/^void meet_dispatch_cancel/,/^}/s/stop_waiting(dispatch, job);/;/'
mutant "a cancelled attempt keeps its place" dispatch.c '/^void meet_dispatch_cancel/,/^}/s/meet_lane_give_back(job->lane, job);/;/'

echo "$caught caught, $lived lived"
[ "$lived" -eq 0 ]
