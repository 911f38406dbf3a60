/*
 * gate.h - limits the requests of one key, account or quota: a sliding window
 * with reserved places, and a pause. Pure.
 *
 * A place is reserved when an attempt starts and becomes an event when its
 * bytes leave, so that a slow handshake cannot bunch requests at the server.
 */
#pragma once

#include "window.h"

struct meet_gate {
    struct meet_window window;
    unsigned reserved;      /* attempts started whose bytes have not left */
    int64_t paused_until;   /* MEET_ALWAYS: not paused */
    unsigned reduced_limit; /* below the limit, after a 429; 0: none */
    int64_t reduced_at;     /* when; it rises again over time */
};

void meet_gate_init(struct meet_gate *gate, int64_t span);
void meet_gate_deinit(struct meet_gate *gate);

/*
 * The earliest time at which an attempt behind 'ahead' others can start, never
 * too late and in the past when it may at once: reserved places count as
 * committed now, and a reduced limit is assumed to rise undisturbed.
 */
int64_t meet_gate_opens(const struct meet_gate *gate, unsigned limit,
                        unsigned long ahead, int64_t now);

/* Reserve a place; commit it when bytes leave; release it if none did. */
void meet_gate_reserve(struct meet_gate *gate);
void meet_gate_commit(struct meet_gate *gate, int64_t now);
void meet_gate_release(struct meet_gate *gate);

/* Allow no attempt before 'until'; a longer pause stays in force. */
void meet_gate_pause(struct meet_gate *gate, int64_t until);

/* Close it until then, whatever it was: a limit that others share says so. */
void meet_gate_close(struct meet_gate *gate, int64_t until);

/* The time from which the gate delays nobody, unless it is used again. */
int64_t meet_gate_idle_from(const struct meet_gate *gate);

/*
 * Halve the limit: the server sent a 429 although 'limit' was respected.
 * Several within a span count once. The limit rises by one every ten spans.
 */
void meet_gate_reduce(struct meet_gate *gate, unsigned limit, int64_t now);
