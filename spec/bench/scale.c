/*
 * scale.c - what a step of the dispatcher costs, by how much there is: jobs in
 * one lane, in as many lanes, under as many keys, under as many limits.
 *
 *     scale [MOST_GROWTH COUNT COUNT [COUNT ...]]
 *
 * Prints nanoseconds for each step. Fails when a step with the last count costs
 * more than MOST_GROWTH times as much as one with the first. A logarithm grows
 * by 1.7 from 1 000 to 100 000; but 100 000 jobs are 150 MB, which no cache
 * holds, so that each touch of one costs several times as much.
 */
#include "dispatch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum shape { ONE_LANE, CONNECTIONS, KEYS, LIMITS, SHAPES };
enum step { SUBMIT, START, FINISH, SET_DEADLINE, CANCEL, PAUSE, STEPS };

static const char *const shapes[] = {"one lane", "a lane each", "a key each",
                                     "a limit each"};
static const char *const steps[] = {"submit", "start",  "finish",
                                    "set",    "cancel", "pause"};

/* A small count is measured more often. */
enum { LEAST_STEPS = 15000, MOST_COUNTS = 8, REPEATS = 3 };

struct stage {
    struct meet_dispatch dispatch;
    struct meet_stats stats;
    struct meet_job *jobs;
    unsigned count;
    int64_t now;
    double seconds[STEPS];
};

static double clock_seconds(void)
{
    struct timespec at;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static struct meet_pace pace_of(enum shape shape, unsigned i)
{
    struct meet_pace pace = {.key = 1,
                             .account = 1,
                             .quota = MEET_QUOTA_READ,
                             .per_second = 10,
                             .per_minute = 600};

    if (shape == CONNECTIONS)
        pace.account = i;
    if (shape == KEYS)
        pace.key = pace.account = i;
    if (shape == LIMITS) {
        pace.per_second = 1 + (7 * i) % 10000;
        pace.per_minute = 1000 + i / 10000;
    }
    return pace;
}

static void fill(struct stage *stage, enum shape shape)
{
    for (unsigned i = 0; i < stage->count; i++) {
        struct meet_job *job = &stage->jobs[i];

        memset(job, 0, offsetof(struct meet_job, error));
        job->request.verb = "GET";
        job->retry = (struct meet_retry){1, 0, 1, 0};
        job->deadline = MEET_SECONDS(1000000000 + (i * 7919ULL) % 1000);
        job->pace = pace_of(shape, i);
        job->stats = &stage->stats;
    }
}

/* A place other than in order: 'i' times a number without a common factor. */
static struct meet_job *any(const struct stage *stage, unsigned i)
{
    return &stage->jobs[i * 7919ULL % stage->count];
}

static void submit_all(struct stage *stage)
{
    for (unsigned i = 0; i < stage->count; i++)
        meet_dispatch_submit(&stage->dispatch, &stage->jobs[i], stage->now);
}

/* Start the next one, which leaves at once; or wait for it. */
static bool start_one(struct stage *stage)
{
    struct meet_job *job =
        meet_dispatch_next_attempt(&stage->dispatch, stage->now);

    if (job)
        meet_dispatch_commit(job, stage->now);
    else
        stage->now = meet_dispatch_next_wakeup(&stage->dispatch, stage->now);
    return job;
}

static void start_all(struct stage *stage)
{
    unsigned started = 0;

    while (started < stage->count)
        started += start_one(stage);
}

static void finish_all(struct stage *stage)
{
    const struct meet_outcome answered = {
        .ending = MEET_ENDED_ANSWERED, .sent = true, .server_delay = -1};

    for (unsigned i = 0; i < stage->count; i++) {
        any(stage, i)->response.status = 200;
        meet_dispatch_finish(&stage->dispatch, any(stage, i), &answered,
                             stage->now, 0);
    }
}

static void set_all(struct stage *stage)
{
    for (unsigned i = 0; i < stage->count; i++) {
        meet_dispatch_foreground(&stage->dispatch, any(stage, i), stage->now,
                                 stage->now + MEET_SECONDS(1000000 + i));
        meet_dispatch_next_wakeup(&stage->dispatch, stage->now);
    }
    start_one(stage); /* looks at each */
}

static void cancel_all(struct stage *stage)
{
    for (unsigned i = 0; i < stage->count; i++) {
        meet_dispatch_cancel(&stage->dispatch, any(stage, i));
        meet_dispatch_next_wakeup(&stage->dispatch, stage->now);
    }
}

/* The first job is refused again and again, and each time pauses its key. */
static void pause_all(struct stage *stage)
{
    const struct meet_outcome refused = {
        .ending = MEET_ENDED_ANSWERED, .sent = true, .server_delay = 1};

    stage->jobs[0].retry.max_attempts = stage->count + 1;
    for (unsigned i = 0; i < stage->count; i++) {
        while (stage->jobs[0].state != MEET_JOB_STARTED)
            start_one(stage);
        stage->jobs[0].response.status = 429;
        meet_dispatch_finish(&stage->dispatch, &stage->jobs[0], &refused,
                             stage->now, 0);
    }
}

static void measure(struct stage *stage, enum step step,
                    void (*act)(struct stage *stage))
{
    double from = clock_seconds();

    act(stage);
    stage->seconds[step] += clock_seconds() - from;
}

static void run(struct stage *stage, enum shape shape)
{
    meet_dispatch_init(&stage->dispatch);
    stage->now = 0;
    fill(stage, shape);
    measure(stage, SUBMIT, submit_all);
    measure(stage, START, start_all);
    measure(stage, FINISH, finish_all);
    submit_all(stage);
    measure(stage, SET_DEADLINE, set_all);
    if (shape != LIMITS) /* a lowered rate closes all of these alike */
        measure(stage, PAUSE, pause_all);
    measure(stage, CANCEL, cancel_all);
    meet_dispatch_deinit(&stage->dispatch);
}

/* Nanoseconds for one step of each kind: the least of several runs. */
static void measure_shape(enum shape shape, unsigned count,
                          double nanoseconds[STEPS])
{
    unsigned rounds = 1 + LEAST_STEPS / count;
    struct stage stage = {.count = count};

    stage.jobs = calloc(count, sizeof *stage.jobs);
    if (!stage.jobs)
        abort();
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        memset(stage.seconds, 0, sizeof stage.seconds);
        for (unsigned i = 0; i < rounds; i++)
            run(&stage, shape);
        for (int step = 0; step < STEPS; step++) {
            double each = stage.seconds[step] * 1e9 / rounds / count;

            if (repeat == 0 || each < nanoseconds[step])
                nanoseconds[step] = each;
        }
    }
    free(stage.jobs);
}

/* Print one row for each count; return how many steps grow too much. */
static unsigned compare(enum shape shape, const unsigned *counts,
                        unsigned how_many, double most)
{
    double first[STEPS], last[STEPS];
    unsigned failed = 0;

    for (unsigned i = 0; i < how_many; i++) {
        measure_shape(shape, counts[i], i == 0 ? first : last);
        printf("%-13s%7u", shapes[shape], counts[i]);
        for (int step = 0; step < STEPS; step++)
            printf("%10.0f", (i == 0 ? first : last)[step]);
        puts("");
    }
    printf("%-13s%7s", "", "growth");
    for (int step = 0; step < STEPS; step++) {
        if (first[step] == 0) { /* not measured */
            printf("%10s", "-");
            continue;
        }
        printf("%10.1f", last[step] / first[step]);
        failed += last[step] > most * first[step];
    }
    puts("");
    return failed;
}

int main(int given, char **arguments)
{
    /* The short form notices a walk over all, which costs 30 times as much. */
    unsigned counts[MOST_COUNTS] = {500, 15000};
    unsigned how_many = 2, failed = 0;
    double most = 15;

    if (given > 3) {
        most = strtod(arguments[1], NULL);
        how_many = 0;
        for (int i = 2; i < given && how_many < MOST_COUNTS; i++)
            counts[how_many++] = (unsigned)strtoul(arguments[i], NULL, 10);
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("%-13s%7s", "ns a step", "jobs");
    for (int step = 0; step < STEPS; step++)
        printf("%10s", steps[step]);
    puts("");
    for (int shape = 0; shape < SHAPES; shape++)
        failed += compare((enum shape)shape, counts, how_many, most);
    printf("%u passed, %u failed\n", (unsigned)SHAPES * STEPS - failed, failed);
    return failed > 0;
}
