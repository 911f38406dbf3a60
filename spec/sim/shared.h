/*
 * shared.h - processes that share one limit: the schedule (shared.c), the
 * processes with a dispatcher each (shared_process.c), the store with the
 * ledger (shared_store.c) and the rules (shared_rules.c).
 *
 * Times are true ones, but for those that are said to be of a clock.
 */
#pragma once

#include "draw.h"
#include "permit.h"

enum { PROCESSES = 8, CALLERS = 12, QUOTAS = 4, PER_SECOND = 10 };

/* What a process sends to the store, and what the store answers. */
enum message_kind { ASK, COMMIT, RELEASE, PAUSE };

struct message {
    enum message_kind kind;
    uint64_t id, holder;
    struct meet_ledger_sight sight;
    int64_t sent_at;    /* by the sender's clock */
    int64_t length;     /* of a delay, or of a pause */
    const char *window; /* that is paused */
    /* the answer to ASK: */
    bool lost;
    int64_t wait, seen;
    unsigned life; /* of the store */
};

enum event_kind {
    SUBMIT,  /* a caller has another request */
    EXECUTE, /* a message has come to the store */
    ANSWER,  /* and its answer to the process */
    LEAVE,   /* the socket is ready */
    ARRIVE,  /* the request has come to the server */
    END,     /* and its answer to the process */
    DIE,
    RESTART,
    TROUBLE
};

struct event {
    struct meet_heap_node node;
    int64_t at;
    unsigned long sequence;
    enum event_kind kind;
    unsigned process, caller;
    unsigned long run, life; /* of the caller and of the process then */
    enum meet_quota quota;
    struct message message;
};

/* One who makes a request, waits for its end, thinks, and makes another. */
struct caller {
    struct meet_job job; /* first, so that the job's address is the caller's */
    unsigned long run;   /* of its requests */
    bool busy;
    bool hurried;        /* its request has a deadline that may pass */
    int64_t began_at;    /* with this request */
    unsigned store_life; /* in which its place was given */
};

struct process {
    struct meet_dispatch dispatch;
    struct meet_stats stats;
    struct caller callers[CALLERS];
    unsigned long life; /* it dies and begins again */
    bool alive;
    uint64_t holder;
    int64_t set_by, ppm;          /* its clock: beside true time, and drift */
    double store_way, server_way; /* seconds, the shortest */
    int64_t stalled_until, cut_until;    /* it stands still; it has no store */
    int64_t seen, asked_at, answered_at; /* the ledger's time; by its clock,
                                        when it asked for that and got it */
    unsigned denied_life[QUOTAS]; /* of the store, in which it was denied */
    int64_t wakes_at;
    unsigned long arrivals;
};

struct shared {
    int64_t now;
    unsigned long seed;
    struct process processes[PROCESSES];
    unsigned count;                  /* of these */
    unsigned per_minute[QUOTAS];     /* limits; 0: none */
    unsigned long wanted, submitted; /* requests */
    unsigned long ended, arrivals, asks, deaths;
    bool stormy;
    double slow;     /* how many handshakes take about as long as the lease */
    double trouble;  /* seconds, from one to the next */
    double thinking; /* seconds, between two requests of a caller */
    unsigned store_life; /* it loses its data, and begins again */
    unsigned busy;       /* callers of each process that make requests */
    unsigned refusals;   /* answers of 429 that follow */
    uint64_t ids;        /* given so far: of places and holders */
};

extern struct shared shared;

/* Report a broken rule and exit. */
__attribute__((format(printf, 1, 2), noreturn)) void
shared_fail(const char *format, ...);

/* Let it happen then. The rest is the caller's to fill in. */
struct event *shared_push(int64_t at, enum event_kind kind);

/* -- shared_process.c */

void process_begin(struct process *process, double store_way,
                   double server_way);
void process_end(struct process *process);

/* What its clock shows now. */
int64_t process_clock(const struct process *process);

/* Start what may start, and see who is done. */
void process_run(struct process *process);

/* An event of that process. */
void process_happen(struct process *process, const struct event *event);

/* -- shared_store.c */

void store_begin(void);
void store_end(void);
void store_execute(const struct event *event);

/* All is lost, or all but what was saved some time ago. */
void store_save(void);
void store_lose(bool restore);

/* Its clock is set; its time stands still until it is asked again. */
void store_set_clock(int64_t by);

/* Nobody gets a place of that window. */
bool store_is_paused(const char *window);

/* -- shared_rules.c */

void rules_begin(void);

/* The store gave a place; denied one; was asked for a pause; lost
   what it knew. */
void rules_granted(const struct meet_limit *limits, size_t count);
void rules_denied(const struct meet_limit *limits, size_t count, int64_t wait);
void rules_paused(const char *window, int64_t length);
void rules_lost(void);

/* Something that may delay everybody. */
void rules_troubled(void);

/* A request came to the server: its place was given in that life. */
void rules_arrived(enum meet_quota quota, unsigned life);

/* The request of that caller is done. */
void rules_done(const struct caller *caller);

/* Nobody waits while there is a place. */
void rules_waiting(void);

/* The longest that anybody waited. */
double rules_longest(void);
