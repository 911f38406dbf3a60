/*
 * sim.h - shared by schedules (simulate.c, spec/fuzz/dispatch_fuzz.c), jobs
 * (slots.c) and rules (rules.c).
 */
#pragma once

#include "dispatch.h"

enum { KEYS = 3, ACCOUNTS = 8, QUOTAS = 4, SLOTS = 512 };
enum { PER_SECOND = 10, MOST_RESTARTS = 8 };

struct slot {
    struct meet_job job; /* first, so that the job's address is the slot's */
    unsigned long run;   /* of the slot, to recognise late events */
    bool used, started, left;
    bool silent; /* only the outcome reports that the bytes left */
    unsigned key, account;
    unsigned starts, restarts, attempts; /* by the rules' own count */
    int64_t started_at;
    int64_t timed_from; /* the timeout runs, less what was spent of it */
    int64_t spent;
    int64_t not_before;     /* no attempt until then, by the rules' count */
    bool may_have_happened; /* a write whose bytes left, without a 429 */
};

/* A request at the server; its job may be gone by then. */
struct arrival {
    unsigned key, account;
    enum meet_quota quota;
    int64_t started_at;
};

struct sim {
    struct meet_dispatch dispatch;
    struct slot slots[SLOTS];
    unsigned high; /* none is used from here on */
    int64_t now;
    unsigned long seed, submitted, done, arrivals, starts, restarts;
    struct meet_stats stats;
};

extern struct sim sim;

/* So many seconds from now. */
int64_t sim_in(double seconds);

/* Report a broken rule and exit. */
__attribute__((format(printf, 1, 2), noreturn)) void
sim_fail(const char *format, ...);

/* A slot for a job to be filled, or NULL: callers wait, too. */
struct slot *slots_take(void);

/* Its key and account are chosen. */
void slots_submit(struct slot *slot, enum meet_quota quota);

/* The next job whose attempt starts now, or NULL. */
struct slot *slots_start(void);

/* The bytes leave; what is returned arrives a little later. */
struct arrival slots_leave(struct slot *slot);

/* Somebody waits for it, until 'deadline' at most. */
void slots_foreground(struct slot *slot, int64_t deadline);

/* Its attempt ends. */
void slots_finish(struct slot *slot, const struct meet_outcome *outcome,
                  double random);

/* Behind each step and what starts then. Any call may have ended jobs. */
void slots_settle(void);

extern const unsigned rules_per_minute[QUOTAS];

void rules_begin(void);

/* Right after the job was submitted, and right after an attempt started. */
void rules_submitted(const struct slot *slot);
void rules_started(struct slot *slot);

/* Right after somebody began to wait for it. */
void rules_foreground(struct slot *slot);

/* The bytes leave; and reach the server a little later. */
void rules_left(const struct slot *slot);
void rules_arrived(const struct arrival *arrival);

/* Around meet_dispatch_finish: what has to become of the job, and what did. */
void rules_finishing(struct slot *slot, const struct meet_outcome *outcome,
                     double random);
void rules_finished(struct slot *slot, const struct meet_outcome *outcome);

/* Check that every waiting job has a reason to wait. */
void rules_waiting(void);

/* Nothing is left. */
void rules_end(void);
