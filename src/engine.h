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
 * After a fork, in the child: abandon the parent's sockets and end the jobs
 * that are on libcurl as cancelled. Every function here does so first; call it
 * only before looking at a job's state.
 */
void meet_engine_after_fork(struct meet_engine *engine);

/* The queue that every job of the state goes through. */
struct meet_dispatch *meet_engine_dispatch(struct meet_engine *engine);

/*
 * Queue a job at 'now'. It stays the caller's and must live until done or
 * cancelled.
 */
void meet_engine_submit(struct meet_engine *engine, struct meet_job *job,
                        double now);

/*
 * A caller waits now for a job that was submitted in the background: its
 * timeout and a deadline in 'seconds' begin.
 */
void meet_engine_foreground(struct meet_engine *engine, struct meet_job *job,
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

/* Most sockets that poll_set reports: those that select could watch. */
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
