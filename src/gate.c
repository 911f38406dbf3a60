/* gate.c - see gate.h. */
#include "gate.h"

void meet_gate_init(struct meet_gate *gate, int64_t span)
{
    meet_window_init(&gate->window, span);
    gate->reserved = 0;
    gate->paused_until = MEET_ALWAYS;
    gate->reduced_limit = 0;
    gate->reduced_at = MEET_ALWAYS;
}

/* Spans from one rise of a reduced limit to the next. */
#define RISE 10

/* The time of the reduced limit's rise number 'times'. */
static int64_t risen_at(const struct meet_gate *gate, unsigned times)
{
    return meet_ns_add(gate->reduced_at,
                       (int64_t)times * RISE * gate->window.span);
}

/* The limit, or the reduced limit plus its rises so far. */
static unsigned allowed(const struct meet_gate *gate, unsigned limit,
                        int64_t now)
{
    int64_t risen;

    if (limit == 0 || gate->reduced_limit == 0)
        return limit;
    risen = meet_ns_between(gate->reduced_at,
                            meet_ns_later(now, gate->reduced_at)) /
            (RISE * gate->window.span);
    return risen < (int64_t)limit - gate->reduced_limit
               ? gate->reduced_limit + (unsigned)risen
               : limit;
}

void meet_gate_deinit(struct meet_gate *gate)
{
    meet_window_deinit(&gate->window);
}

/* meet_gate_opens for a 'limit' that stays, without the pause. */
static int64_t opens_under(const struct meet_gate *gate, unsigned limit,
                           unsigned long ahead, int64_t now)
{
    if (gate->reserved + (ahead < limit ? ahead : ahead % limit) >= limit) {
        unsigned long spans = ahead / limit + 1; /* whole ones */

        return meet_ns_add(now,
                           meet_ns_multiply(gate->window.span, (int64_t)spans));
    }
    return meet_window_opens(&gate->window, limit, gate->reserved + ahead, now);
}

int64_t meet_gate_opens(const struct meet_gate *gate, unsigned limit,
                        unsigned long ahead, int64_t now)
{
    unsigned reached;
    int64_t opens;

    if (limit == 0)
        return gate->paused_until;
    reached = allowed(gate, limit, now);
    opens = opens_under(gate, reached, ahead, now);
    while (reached++ < limit) {
        int64_t rises = risen_at(gate, reached - gate->reduced_limit);

        if (rises >= opens)
            break;
        opens = meet_ns_earlier(
            opens,
            meet_ns_later(rises, opens_under(gate, reached, ahead, now)));
    }
    return meet_ns_later(opens, gate->paused_until);
}

void meet_gate_reserve(struct meet_gate *gate)
{
    gate->reserved++;
}

void meet_gate_commit(struct meet_gate *gate, int64_t now)
{
    gate->reserved--;
    meet_window_mark(&gate->window, now);
}

void meet_gate_release(struct meet_gate *gate)
{
    gate->reserved--;
}

void meet_gate_pause(struct meet_gate *gate, int64_t until)
{
    gate->paused_until = meet_ns_later(gate->paused_until, until);
}

void meet_gate_close(struct meet_gate *gate, int64_t until)
{
    gate->paused_until = until;
}

void meet_gate_reduce(struct meet_gate *gate, unsigned limit, int64_t now)
{
    unsigned now_allowed = allowed(gate, limit, now);

    if (limit == 0 || now < meet_ns_add(gate->reduced_at, gate->window.span))
        return;
    gate->reduced_limit = now_allowed > 1 ? now_allowed / 2 : 1;
    gate->reduced_at = now;
}

int64_t meet_gate_idle_from(const struct meet_gate *gate)
{
    unsigned largest = gate->window.capacity;
    int64_t idle =
        meet_ns_later(meet_window_idle_from(&gate->window), gate->paused_until);

    if (gate->reduced_limit == 0 || gate->reduced_limit >= largest)
        return idle;
    return meet_ns_later(idle, risen_at(gate, largest - gate->reduced_limit));
}
