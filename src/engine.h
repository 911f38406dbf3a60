/*
 * engine.h - the multi handle: performs what the dispatcher hands out.
 * Free of Lua. Nothing else is decided here: which attempt starts when, and
 * what follows an outcome, is the dispatcher's.
 *
 * Not thread-safe; one engine belongs to one Lua state.
 */
#pragma once

#include "dispatch.h"

struct meet_engine;

/* Check libcurl and start. NULL with 'err' of kind config or memory. */
struct meet_engine *meet_engine_new(struct meet_error *err);

/* Every job is forgotten and every socket closed. NULL is taken. */
void meet_engine_free(struct meet_engine *engine);

/* Close all sockets that no attempt is using; keep the engine usable. */
void meet_engine_close_idle(struct meet_engine *engine);

/*
 * In a child that was forked since the last call: leave the parent's sockets
 * alone, and end the jobs that are on libcurl as cancelled. All that takes an
 * engine does it first; only who looks at a job before need ask for it.
 */
void meet_engine_leave_parent(struct meet_engine *engine);

/* The queue that every job of the state goes through. */
struct meet_dispatch *meet_engine_dispatch(struct meet_engine *engine);

/* Queue a job. It stays the caller's and must live until done or cancelled. */
void meet_engine_submit(struct meet_engine *engine, struct meet_job *job);

/*
 * Somebody waits now for a job that was submitted unattended: its timeout and
 * a deadline in 'seconds' begin.
 */
void meet_engine_attend(struct meet_engine *engine, struct meet_job *job,
                        double seconds);

/* Stop a job in any state; its socket closes when bytes were under way. */
void meet_engine_cancel(struct meet_engine *engine, struct meet_job *job);

/* Cancel every job that counts in 'stats': done with kind cancelled. */
void meet_engine_cancel_all(struct meet_engine *engine,
                            const struct meet_stats *stats);

/*
 * Start what is due, move bytes, and finish what ended; block up to
 * 'timeout' seconds (0: not at all) while nothing ends.
 */
void meet_engine_step(struct meet_engine *engine, double timeout);

/* A socket to watch, and for what. */
struct meet_engine_socket {
    int fd;
    bool read, write;
};

/* Most sockets that poll_set tells of: those that select could watch. */
enum { MEET_ENGINE_SOCKETS = 1024 };

/*
 * Fill 'sockets' with what a host loop has to watch and return how many they
 * are. '*seconds' is when a step is due even if nothing happens there.
 */
size_t
meet_engine_poll_set(struct meet_engine *engine,
                     struct meet_engine_socket sockets[MEET_ENGINE_SOCKETS],
                     double *seconds);

/* Uniform in [0, 1): for jitter, not for secrets. */
double meet_engine_random(struct meet_engine *engine);
