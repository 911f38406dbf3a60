/*
 * engine.h - performs the attempts that the dispatcher hands out, and ends them
 * in time. Free of Lua. The dispatcher decides which attempt starts when, and
 * what follows an outcome.
 *
 * Not thread-safe; one engine belongs to one Lua state.
 */
#pragma once

#include "dispatch.h"
#include "sockets.h"

struct meet_engine;

/* Check libcurl; make an engine. NULL with 'err' of kind config or memory. */
struct meet_engine *meet_engine_new(struct meet_error *err);

/* Cancel every job, close every socket and free. Accepts NULL. */
void meet_engine_free(struct meet_engine *engine);

/*
 * Close all sockets, free idle handles and overwrite what they freed, unless an
 * attempt is under way. The engine stays usable.
 */
void meet_engine_close_idle(struct meet_engine *engine);

/* Free a closed client's idle handles, and overwrite what they freed. */
void meet_engine_forget(struct meet_engine *engine,
                        unsigned long network_serial);

/*
 * After a fork, in the child: abandon the parent's sockets and end the jobs
 * that are on libcurl as cancelled. Every function here but the next one does
 * so first; call it only before inspecting a job's state.
 */
void meet_engine_after_fork(struct meet_engine *engine);

/* The queue that every job of the state goes through. */
struct meet_dispatch *meet_engine_dispatch(struct meet_engine *engine);

/*
 * Queue a job at 'now'. The caller owns it and keeps it until done or
 * cancelled.
 */
void meet_engine_submit(struct meet_engine *engine, struct meet_job *job,
                        int64_t now);

/*
 * A caller now waits for a job submitted in the background: start its timeout,
 * and a deadline in 'length'.
 */
void meet_engine_foreground(struct meet_engine *engine, struct meet_job *job,
                            int64_t length);

/* Start the attempt of a job that the dispatcher has started, since its
   script's limiter gave it a place. */
void meet_engine_start(struct meet_engine *engine, struct meet_job *job,
                       int64_t now);

/*
 * The owner of a started job's stream takes its bytes from now on; it waits, so
 * that its timeout begins.
 */
void meet_engine_take(struct meet_engine *engine, struct meet_job *job,
                      int64_t now);

/* Cancel a job in any state; its socket closes if bytes were in flight. */
void meet_engine_cancel(struct meet_engine *engine, struct meet_job *job);

/*
 * Start due attempts, transfer bytes and finish ended attempts. Blocks up to
 * 'timeout' (0: never) if none has ended.
 */
void meet_engine_step(struct meet_engine *engine, int64_t timeout);

/* Most sockets that poll_set reports: the limit of select. */
enum { MEET_ENGINE_SOCKETS = 1024 };

/*
 * Fill 'sockets' with those that a host loop has to watch until it ends the
 * watch; return how many. '*wait': until a step is due even without activity on
 * them. '*watch': the number of the watch.
 */
size_t
meet_engine_poll_set(struct meet_engine *engine,
                     struct meet_socket_events sockets[MEET_ENGINE_SOCKETS],
                     int64_t *wait, long long *watch);

/* Only the watches of those numbers go on. */
void meet_engine_let_go(struct meet_engine *engine, const long long *watches,
                        size_t count);

/* Uniform in [0, 1): for jitter, not for secrets. */
double meet_engine_random(struct meet_engine *engine);
