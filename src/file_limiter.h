/*
 * file_limiter.h - a limit that processes of one machine and one user share:
 * the steps of a ledger, each under the lock of a file. No function waits
 * longer than others need for a step. Not thread-safe.
 */
#pragma once

#include "error.h"
#include "ledger.h"

struct meet_file_limiter;

/* The limiter in the file at 'path'; NULL: the default file of the user. The
   file is opened at the first step. NULL without memory. */
struct meet_file_limiter *meet_file_limiter_new(const char *path);

/* Count one more holder of the pointer; one less, and the last frees it. Each
   accepts NULL. */
struct meet_file_limiter *
meet_file_limiter_keep(struct meet_file_limiter *limiter);
void meet_file_limiter_drop(struct meet_file_limiter *limiter);

/*
 * Take a place in all windows, or in none. 0 with '*id': taken; more: how long
 * to wait before asking again; -1 with 'err': of kind config, no file can be
 * used; of kind transport, another process has held the lock for so long that
 * it must be stopped.
 */
int64_t meet_file_limiter_reserve(struct meet_file_limiter *limiter,
                                  const struct meet_limit *limits, size_t count,
                                  int64_t lease, uint64_t *id,
                                  struct meet_error *err);

/* The steps of ledger.h. While another process holds the lock, they wait for
   the next step. */
void meet_file_limiter_commit(struct meet_file_limiter *limiter, uint64_t id,
                              int64_t delay);
void meet_file_limiter_release(struct meet_file_limiter *limiter, uint64_t id);
void meet_file_limiter_pause(struct meet_file_limiter *limiter,
                             const char *window, int64_t length);

enum { MEET_FILE_LIMITER_USERS = 16 };

/* How many processes use it: those with a place within the last minute. */
struct meet_file_limiter_status {
    size_t windows, users;
    struct {
        char name[MEET_LEDGER_NAME];
        unsigned taken;
        int64_t paused; /* for so long; 0: not */
    } window[MEET_LEDGER_WINDOWS];
    uint32_t user[MEET_FILE_LIMITER_USERS]; /* processes */
};

/* 0; -1 with 'err', as in reserve. */
int meet_file_limiter_get(struct meet_file_limiter *limiter,
                          struct meet_file_limiter_status *status,
                          struct meet_error *err);
