/*
 * gate.h - what holds requests of one key, account or quota back: a sliding
 * window with places kept for attempts that are about to leave, and a pause.
 * Pure.
 *
 * A place is kept when an attempt starts and becomes an event when its bytes
 * leave, so that a slow handshake cannot bunch requests at the server.
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
 * the kept places are taken to leave at once, and a lowered rate to rise
 * undisturbed, so it is never too late.
 */
double meet_gate_opens(const struct meet_gate *gate, unsigned limit,
                       unsigned long ahead, double now);

/* An attempt starts; leaves; or ends without having left. */
void meet_gate_reserve(struct meet_gate *gate);
void meet_gate_commit(struct meet_gate *gate, double now);
void meet_gate_release(struct meet_gate *gate);

/* No attempt before 'until'; a pause that lasts longer stays. */
void meet_gate_pause(struct meet_gate *gate, double until);

/* True while refusals leave less than any limit that was asked for. */
bool meet_gate_is_reduced(const struct meet_gate *gate, double now);

/*
 * The server refused although 'limit' was kept: allow half as much from now
 * on. Several refusals within a span count once. One more is allowed for each
 * ten spans that pass, up to the limit.
 */
void meet_gate_reduce(struct meet_gate *gate, unsigned limit, double now);
