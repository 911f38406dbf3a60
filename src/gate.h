/*
 * gate.h - what holds requests of one key, account or quota back: a sliding
 * window with reserved places, and a pause. Pure.
 *
 * A place is reserved when an attempt starts and becomes an event when its
 * bytes leave, so that a slow handshake cannot bunch requests at the server.
 */
#pragma once

#include "window.h"

struct meet_gate {
    struct meet_window window;
    unsigned reserved;      /* attempts that started and have not left yet */
    double paused_until;    /* absolute; -infinity: not paused */
    unsigned reduced_limit; /* below the limit, after refusals; 0: none */
    double reduced_at;      /* when; it rises again with time */
};

void meet_gate_init(struct meet_gate *gate, double span);
void meet_gate_deinit(struct meet_gate *gate);

/* True when an attempt may start at 'now' under 'limit' (0: no limit). */
bool meet_gate_is_open(const struct meet_gate *gate, unsigned limit,
                       double now);

/*
 * The earliest time at which an attempt behind 'ahead' others could start;
 * reserved places count as committed now, and a reduced limit as rising
 * undisturbed, so it is never too late.
 */
double meet_gate_opens(const struct meet_gate *gate, unsigned limit,
                       unsigned long ahead, double now);

/* Reserve a place; commit it when bytes leave; release it if none did. */
void meet_gate_reserve(struct meet_gate *gate);
void meet_gate_commit(struct meet_gate *gate, double now);
void meet_gate_release(struct meet_gate *gate);

/* No attempt before 'until'; a pause that lasts longer stays. */
void meet_gate_pause(struct meet_gate *gate, double until);

/* True while the limit is reduced below any that was asked for. */
bool meet_gate_is_reduced(const struct meet_gate *gate, double now);

/*
 * The server sent a 429 although 'limit' was respected: halve it. Several
 * within a span count once. It rises by one for each ten spans that pass.
 */
void meet_gate_reduce(struct meet_gate *gate, unsigned limit, double now);
