/*
 * ledger.h - the places of a limit that several processes share. Pure: no file,
 * no clock. The bytes of a ledger may come from a file.
 *
 * A place is taken for a request before it leaves, for as long as it may still
 * be on its way (the lease) and a span beyond; once it has left, for a span and
 * its way from then on. So the places never hold less than what arrived within
 * a span. The place of a holder that dies expires. Clocks of the holders
 * play no part: all times here are of one clock, that of the ledger's machine.
 */
#pragma once

#include "nanoseconds.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MEET_LEDGER_NAME = 24, /* bytes of a window's name, with its end */
    MEET_LEDGER_WINDOWS = 8,
    MEET_LEDGER_WAITERS = 64
};

/* Longest pause, and so the longest that anybody waits for one. */
#define MEET_LEDGER_LONGEST MEET_SECONDS(3600)

struct meet_ledger_window {
    char name[MEET_LEDGER_NAME];
    int64_t span; /* as it was asked for last */
    int64_t paused_until;
};

struct meet_ledger_place {
    uint64_t id;
    int64_t free_at;
    uint32_t window, process;
};

/* A holder that has been denied a place. Others get none of those that it waits
   for, from 'due' on for a moment. */
struct meet_ledger_waiter {
    uint64_t holder;
    int64_t since, due; /* first denied; to come back */
    uint32_t window, unused;
};

/* The same bytes in a process of 32 bits and in one of 64. */
struct meet_ledger_head {
    int64_t offset;   /* from the clock to the ledger's time, which never goes
                         faster than true time, nor back */
    int64_t greatest; /* time seen */
    int64_t marker;  /* since when all places are known; MEET_ALWAYS: none is */
    uint64_t places; /* how many there are */
    uint32_t windows, waiters;
    struct meet_ledger_window window[MEET_LEDGER_WINDOWS];
    struct meet_ledger_waiter waiter[MEET_LEDGER_WAITERS];
};

/* Zeroed memory is no ledger: see meet_ledger_empty. */
struct meet_ledger {
    struct meet_ledger_head head;
    struct meet_ledger_place *place; /* the caller's to read and write */
    size_t capacity;                 /* of these */
};

/* What a holder knows of the time: what it was when it asked last. */
struct meet_ledger_sight {
    int64_t seen;  /* the ledger's time then; MEET_ALWAYS: it never asked */
    int64_t least; /* that has passed since, as the holder measures it */
    int64_t most;
};

struct meet_limit {
    const char *name; /* shorter than MEET_LEDGER_NAME */
    unsigned limit;   /* not 0 */
    int64_t span;
};

/* A wish for one place in each of some windows. */
struct meet_claim {
    uint64_t id;     /* unique */
    uint64_t holder; /* whose it is: all of one have one turn */
    uint32_t process;
    const struct meet_limit *limits;
    size_t count;
    int64_t lease; /* how long its holder may let the request leave */
};

/* Forget all places: nobody gets one for a lease and a span. The memory stays.
 */
void meet_ledger_empty(struct meet_ledger *ledger);

void meet_ledger_deinit(struct meet_ledger *ledger);

/* Room for so many places; false without memory. */
bool meet_ledger_grow(struct meet_ledger *ledger, size_t places);

/* False for bytes that are not a ledger, or that would block others for ever.
 */
bool meet_ledger_is_sound(const struct meet_ledger *ledger);

/*
 * The ledger's time, when its machine's clock shows 'clock': a later one at
 * each call. It goes on where that was set back, and does not jump where it was
 * set forward, as far as 'sight' shows.
 */
int64_t meet_ledger_time(struct meet_ledger *ledger, int64_t clock,
                         const struct meet_ledger_sight *sight);

/*
 * Take a place in all windows, or in none. 0: taken; more: how long to wait
 * before asking again; -1: no memory, or more windows than there may be.
 */
int64_t meet_ledger_reserve(struct meet_ledger *ledger,
                            const struct meet_claim *claim, int64_t now);

/* The request of that id has left by 'now', and arrives within 'delay'. */
void meet_ledger_commit(struct meet_ledger *ledger, uint64_t id, int64_t delay,
                        int64_t now);

/* It will not leave. */
void meet_ledger_release(struct meet_ledger *ledger, uint64_t id);

/* No place in the window before 'until'; a longer pause stays. False: there is
   no room for another window. */
bool meet_ledger_pause(struct meet_ledger *ledger, const char *window,
                       int64_t until, int64_t now);
