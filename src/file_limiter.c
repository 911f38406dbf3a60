/* file_limiter.c - see file_limiter.h. */
#include "file_limiter.h"

#include "clock.h"
#include "fork.h"
#include "ledger_file.h"
#include "unique.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A lock that is held for longer, and at so many tries in turn: its holder is
   stopped. Of two tries with a pause between them each may have bad luck. */
#define STOPPED MEET_MILLISECONDS(100)
enum { STOPPED_TRIES = 10 };

/* Nobody asks again while all are paused, so a pause is not repeated. */
#define PATIENCE MEET_MILLISECONDS(60)

/* Until the lock is tried again. */
#define NEXT_TRY MEET_MILLISECONDS(1)

enum { MOST_REPORTS = 64 };

/* What could not be reported yet. */
struct report {
    uint64_t id;
    int64_t delay; /* of a commit; less than 0: a release */
};

struct meet_file_limiter {
    unsigned references;
    unsigned generation; /* of the process whose reports these are */
    struct meet_shared_file file;
    uint64_t holder;
    struct meet_ledger ledger; /* as read, while locked */
    int64_t now;               /* the ledger's time, while locked */
    int64_t seen;              /* that of the last step */
    int64_t seen_at;           /* when that was, by the boot clock */
    int64_t busy_since;        /* with the first of the tries */
    unsigned busy_tries;       /* since it was locked last */
    struct report report[MOST_REPORTS];
    size_t reports;
};

struct meet_file_limiter *meet_file_limiter_new(const char *path)
{
    struct meet_file_limiter *limiter = calloc(1, sizeof *limiter);

    if (!limiter)
        return NULL;
    limiter->references = 1;
    limiter->holder = meet_unique();
    limiter->generation = meet_fork_generation();
    limiter->seen = MEET_ALWAYS;
    if (meet_shared_file_init(&limiter->file, path) == 0)
        return limiter;
    free(limiter);
    return NULL;
}

struct meet_file_limiter *
meet_file_limiter_keep(struct meet_file_limiter *limiter)
{
    if (limiter)
        limiter->references++;
    return limiter;
}

/* -- the file --------------------------------------------------------------*/

/* Name the process that holds the lock. */
static void blame(struct meet_file_limiter *limiter, struct meet_error *err)
{
    char space[80];
    const char *path =
        meet_shared_file_path(&limiter->file, space, sizeof space);
    unsigned long locker = meet_ledger_file_locker(&limiter->file);
    char holder[40] = "another process";

    if (locker > 0)
        snprintf(holder, sizeof holder, "process %lu", locker);
    meet_error_set(
        err, MEET_TRANSPORT,
        "the limiter's file %s is locked by %s, which makes no progress", path,
        holder);
    meet_error_advise(err,
                      "%s was stopped while it held the lock: resume it "
                      "(kill -CONT) or end it",
                      holder);
}

/* 0 if locked, -1 if it failed, or how long to wait. */
static int64_t lock(struct meet_file_limiter *limiter, struct meet_error *err)
{
    int64_t now;

    if (limiter->generation != meet_fork_generation()) { /* the parent's */
        limiter->generation = meet_fork_generation();
        limiter->reports = 0;
        limiter->holder = meet_unique();
        limiter->busy_tries = 0;
    }
    switch (meet_shared_file_lock(&limiter->file, err)) {
    case MEET_LOCKED:
        limiter->busy_tries = 0;
        return 0;
    case MEET_LOCK_BUSY:
        break;
    case MEET_LOCK_FAILED:
    default:
        return -1;
    }
    now = meet_clock_boot();
    if (limiter->busy_tries++ == 0)
        limiter->busy_since = now;
    if (now - limiter->busy_since < STOPPED ||
        limiter->busy_tries < STOPPED_TRIES)
        return NEXT_TRY;
    blame(limiter, err);
    return -1;
}

/* -- steps -----------------------------------------------------------------*/

static void make_up(struct meet_file_limiter *limiter)
{
    for (size_t i = 0; i < limiter->reports; i++) {
        const struct report *report = &limiter->report[i];

        if (report->delay < 0)
            meet_ledger_release(&limiter->ledger, report->id);
        else
            meet_ledger_commit(&limiter->ledger, report->id, report->delay,
                               limiter->now);
    }
    limiter->reports = 0;
}

static void tell_time(struct meet_file_limiter *limiter)
{
    int64_t clock = meet_clock_boot();
    int64_t passed = meet_ns_between(limiter->seen_at, clock);
    struct meet_ledger_sight sight = {limiter->seen, passed, passed};

    limiter->now = meet_ledger_time(&limiter->ledger, clock, &sight);
    limiter->seen = limiter->now;
    limiter->seen_at = clock;
}

/* Lock and read; 0, or as lock. After 0 comes end. */
static int64_t begin(struct meet_file_limiter *limiter, struct meet_error *err)
{
    int64_t wait = lock(limiter, err);

    if (wait != 0)
        return wait;
    if (meet_ledger_file_load(&limiter->file, &limiter->ledger, err) < 0) {
        meet_shared_file_unlock(&limiter->file);
        return -1;
    }
    tell_time(limiter);
    make_up(limiter);
    return 0;
}

/* The same, for as long as others need for their steps. */
static int64_t begin_within(struct meet_file_limiter *limiter, int64_t length,
                            struct meet_error *err)
{
    int64_t from = meet_clock_boot(), wait;

    do
        wait = begin(limiter, err);
    while (wait > 0 && meet_clock_boot() - from < length);
    return wait;
}

static int end(struct meet_file_limiter *limiter, struct meet_error *err)
{
    int result = meet_ledger_file_store(&limiter->file, &limiter->ledger, err);

    meet_shared_file_unlock(&limiter->file);
    return result;
}

int64_t meet_file_limiter_reserve(struct meet_file_limiter *limiter,
                                  const struct meet_limit *limits, size_t count,
                                  int64_t lease, uint64_t *id,
                                  struct meet_error *err)
{
    int64_t wait = begin(limiter, err);
    struct meet_claim claim = {.id = meet_unique(),
                               .holder = limiter->holder,
                               .process = (uint32_t)getpid(),
                               .limits = limits,
                               .count = count,
                               .lease = lease};

    if (wait != 0)
        return wait;
    wait = meet_ledger_reserve(&limiter->ledger, &claim, limiter->now);
    *id = claim.id;
    if (end(limiter, err) < 0)
        return -1;
    if (wait < 0 && limiter->ledger.head.windows < MEET_LEDGER_WINDOWS)
        meet_error_set(err, MEET_MEMORY, "no memory for the limiter's places");
    else if (wait < 0)
        meet_shared_file_refuse(&limiter->file,
                                "there is no room for another window",
                                "give each Maton account its own file", err);
    return wait;
}

/* Report now, or with the next step. Of too many the oldest is given up: its
   place is free after its lease. */
static void report(struct meet_file_limiter *limiter, uint64_t id,
                   int64_t delay)
{
    struct meet_error ignored;

    if (limiter->reports == MOST_REPORTS)
        memmove(limiter->report, limiter->report + 1,
                --limiter->reports * sizeof *limiter->report);
    limiter->report[limiter->reports++] = (struct report){id, delay};
    if (begin(limiter, &ignored) == 0)
        end(limiter, &ignored);
}

void meet_file_limiter_commit(struct meet_file_limiter *limiter, uint64_t id,
                              int64_t delay)
{
    report(limiter, id, meet_ns_later(0, delay));
}

void meet_file_limiter_release(struct meet_file_limiter *limiter, uint64_t id)
{
    report(limiter, id, -1);
}

void meet_file_limiter_pause(struct meet_file_limiter *limiter,
                             const char *window, int64_t length)
{
    struct meet_error ignored;

    if (begin_within(limiter, PATIENCE, &ignored) != 0)
        return; /* the pause of this process remains */
    meet_ledger_pause(&limiter->ledger, window,
                      meet_ns_add(limiter->now, length), limiter->now);
    end(limiter, &ignored);
}

void meet_file_limiter_drop(struct meet_file_limiter *limiter)
{
    struct meet_error ignored;

    if (!limiter || --limiter->references > 0)
        return;
    if (limiter->reports > 0 && begin(limiter, &ignored) == 0)
        end(limiter, &ignored);
    meet_shared_file_deinit(&limiter->file);
    meet_ledger_deinit(&limiter->ledger);
    free(limiter);
}

/* -- status ----------------------------------------------------------------*/

static void note_user(struct meet_file_limiter_status *status, uint32_t process)
{
    for (size_t i = 0; i < status->users; i++)
        if (status->user[i] == process)
            return;
    if (status->users < MEET_FILE_LIMITER_USERS)
        status->user[status->users++] = process;
}

int meet_file_limiter_get(struct meet_file_limiter *limiter,
                          struct meet_file_limiter_status *status,
                          struct meet_error *err)
{
    const struct meet_ledger *ledger = &limiter->ledger;
    int64_t wait = begin_within(limiter, STOPPED, err);

    *status = (struct meet_file_limiter_status){0};
    if (wait > 0)
        blame(limiter, err);
    if (wait != 0)
        return -1;
    status->windows = ledger->head.windows;
    for (uint32_t i = 0; i < ledger->head.windows; i++) {
        memcpy(status->window[i].name, ledger->head.window[i].name,
               MEET_LEDGER_NAME);
        status->window[i].paused = meet_ns_later(
            0,
            meet_ns_between(limiter->now, ledger->head.window[i].paused_until));
    }
    for (uint64_t i = 0; i < ledger->head.places; i++) {
        if (ledger->place[i].free_at <= limiter->now)
            continue;
        status->window[ledger->place[i].window].taken++;
        note_user(status, ledger->place[i].process);
    }
    return end(limiter, err);
}
