/* turns.c - see turns.h. */
#include "turns.h"

static struct meet_lane *first_lane(const struct meet_line *line)
{
    return MEET_HEAP_FIRST(&line->waiting, struct meet_lane, place);
}

static bool is_older(const struct meet_heap_node *a,
                     const struct meet_heap_node *b)
{
    const struct meet_line *one = MEET_OWNER(a, struct meet_line, place);
    const struct meet_line *other = MEET_OWNER(b, struct meet_line, place);

    return meet_lane_first(first_lane(one))->sequence <
           meet_lane_first(first_lane(other))->sequence;
}

void meet_turns_init(struct meet_turns *turns)
{
    turns->open = (struct meet_heap){.before = is_older};
    turns->closed = (struct meet_heap){.before = meet_entrance_before};
}

/* Set 'due' anew, and open the lines that may pass 'now'. */
static void let_pass(struct meet_turns *turns, struct meet_entrance *entrance,
                     int64_t now)
{
    struct meet_line *line;

    meet_heap_remove(&entrance->place);
    while (
        (line = MEET_HEAP_FIRST(&entrance->closed, struct meet_line, place))) {
        entrance->due = meet_gate_opens(&entrance->gate, line->limit, 0, now);
        if (entrance->due > now) {
            meet_heap_insert(&turns->closed, &entrance->place);
            return;
        }
        meet_heap_remove(&line->place);
        meet_heap_insert(&turns->open, &line->place);
    }
}

/* The line's first lane is another one: keep it where it is, in its place. */
static void shift_line(struct meet_turns *turns, struct meet_line *line)
{
    bool is_open = line->place.heap == &turns->open;

    if (!is_open && line->waiting.first)
        return; /* by its limit */
    meet_heap_remove(&line->place);
    if (line->waiting.first)
        meet_heap_insert(&turns->open, &line->place);
    else if (!line->entrance->closed.first)
        meet_heap_remove(&line->entrance->place); /* holds nobody back */
}

static void leave(struct meet_turns *turns, struct meet_lane *lane)
{
    if (!lane->line)
        return;
    meet_heap_remove(&lane->place);
    shift_line(turns, lane->line);
    lane->line = NULL;
}

/* Put the line where its lanes are known to wait. */
static void place_line(struct meet_turns *turns, struct meet_line *line,
                       bool is_open, int64_t now)
{
    struct meet_entrance *entrance = line->entrance;

    meet_heap_remove(&line->place);
    if (is_open) {
        meet_heap_insert(&turns->open, &line->place);
        return;
    }
    meet_heap_insert(&entrance->closed, &line->place);
    if (entrance->closed.first == &line->place)
        let_pass(turns, entrance, now);
}

void meet_turns_update(struct meet_turns *turns, struct meet_lane *lane,
                       struct meet_line *closed, int64_t now)
{
    leave(turns, lane);
    lane->line = closed ? closed : lane->lines[0];
    meet_heap_insert(&lane->line->waiting, &lane->place);
    place_line(turns, lane->line, !closed, now);
}

void meet_turns_shift(struct meet_turns *turns, struct meet_lane *lane)
{
    struct meet_line *line = lane->line;

    meet_heap_remove(&lane->place);
    if (lane->ready.first)
        meet_heap_insert(&line->waiting, &lane->place);
    else
        lane->line = NULL;
    shift_line(turns, line);
}

void meet_turns_recheck(struct meet_turns *turns, const struct meet_lane *lane)
{
    for (int i = 0; i < MEET_LANE_GATES; i++) {
        struct meet_entrance *entrance = lane->lines[i]->entrance;

        if (!entrance->closed.first)
            continue;
        meet_heap_remove(&entrance->place);
        entrance->due = MEET_ALWAYS;
        meet_heap_insert(&turns->closed, &entrance->place);
    }
}

struct meet_lane *meet_turns_next(struct meet_turns *turns, int64_t now)
{
    struct meet_entrance *entrance;
    struct meet_line *line;

    while ((entrance =
                MEET_HEAP_FIRST(&turns->closed, struct meet_entrance, place)) &&
           entrance->due <= now)
        let_pass(turns, entrance, now);
    while ((line = MEET_HEAP_FIRST(&turns->open, struct meet_line, place))) {
        struct meet_lane *lane = first_lane(line);
        struct meet_line *closed = meet_lane_hold(lane, 0, now).line;

        if (!closed)
            return lane;
        meet_turns_update(turns, lane, closed, now); /* it waits elsewhere */
    }
    return NULL;
}

int64_t meet_turns_wakeup(const struct meet_turns *turns)
{
    const struct meet_entrance *entrance =
        MEET_HEAP_FIRST(&turns->closed, struct meet_entrance, place);

    if (turns->open.first)
        return MEET_ALWAYS;
    return entrance ? entrance->due : MEET_NEVER;
}
