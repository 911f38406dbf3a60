/* gate.c - see gate.h. */
#include "gate.h"

#include <math.h>

void meet_gate_init(struct meet_gate *gate, double span)
{
    meet_window_init(&gate->window, span);
    gate->reserved = 0;
    gate->paused_until = -INFINITY;
    gate->reduced_limit = 0;
    gate->reduced_at = -INFINITY;
}

/* The time of the reduced limit's rise number 'times'. */
static double risen_at(const struct meet_gate *gate, double times)
{
    return gate->reduced_at + times * 10 * gate->window.span;
}

/* The limit, or the reduced limit plus its rises so far. */
static unsigned allowed(const struct meet_gate *gate, unsigned limit,
                        double now)
{
    double risen;

    if (limit == 0 || gate->reduced_limit == 0)
        return limit;
    risen = floor((now - gate->reduced_at) / (10 * gate->window.span));
    if (risen_at(gate, risen + 1) <= now)
        risen++; /* lost to rounding */
    return gate->reduced_limit + risen < limit
               ? gate->reduced_limit + (unsigned)risen
               : limit;
}

void meet_gate_deinit(struct meet_gate *gate)
{
    meet_window_deinit(&gate->window);
}

bool meet_gate_is_open(const struct meet_gate *gate, unsigned limit, double now)
{
    if (now < gate->paused_until)
        return false;
    if (limit == 0)
        return true;
    limit = allowed(gate, limit, now);
    return gate->reserved < limit &&
           meet_window_opens(&gate->window, limit, gate->reserved, now) <= now;
}

/* meet_gate_opens for a 'limit' that stays, without the pause. */
static double opens_under(const struct meet_gate *gate, unsigned limit,
                          unsigned long ahead, double now)
{
    if (limit > 0 && gate->reserved + ahead % limit >= limit) {
        unsigned long spans = ahead / limit + 1; /* whole ones */

        return now + (double)spans * gate->window.span;
    }
    return meet_window_opens(&gate->window, limit, gate->reserved + ahead, now);
}

double meet_gate_opens(const struct meet_gate *gate, unsigned limit,
                       unsigned long ahead, double now)
{
    unsigned reached = allowed(gate, limit, now);
    double opens = opens_under(gate, reached, ahead, now);

    while (reached++ < limit) {
        double rises = risen_at(gate, reached - gate->reduced_limit);

        if (rises >= opens)
            break;
        opens =
            fmin(opens, fmax(rises, opens_under(gate, reached, ahead, now)));
    }
    return fmax(opens, gate->paused_until);
}

void meet_gate_reserve(struct meet_gate *gate)
{
    gate->reserved++;
}

void meet_gate_commit(struct meet_gate *gate, double now)
{
    gate->reserved--;
    meet_window_mark(&gate->window, now);
}

void meet_gate_release(struct meet_gate *gate)
{
    gate->reserved--;
}

void meet_gate_pause(struct meet_gate *gate, double until)
{
    gate->paused_until = fmax(gate->paused_until, until);
}

void meet_gate_reduce(struct meet_gate *gate, unsigned limit, double now)
{
    unsigned now_allowed = allowed(gate, limit, now);

    if (limit == 0 || now < gate->reduced_at + gate->window.span)
        return;
    gate->reduced_limit = now_allowed > 1 ? now_allowed / 2 : 1;
    gate->reduced_at = now;
}

bool meet_gate_is_reduced(const struct meet_gate *gate, double now)
{
    return gate->reduced_limit > 0 &&
           allowed(gate, gate->window.capacity, now) < gate->window.capacity;
}
