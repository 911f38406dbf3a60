/* lane.c - see lane.h. */
#include "lane.h"

static bool is_older(const struct meet_heap_node *a,
                     const struct meet_heap_node *b)
{
    return MEET_OWNER(a, struct meet_job, place)->sequence <
           MEET_OWNER(b, struct meet_job, place)->sequence;
}

static bool is_lane_older(const struct meet_heap_node *a,
                          const struct meet_heap_node *b)
{
    return meet_lane_first(MEET_OWNER(a, struct meet_lane, place))->sequence <
           meet_lane_first(MEET_OWNER(b, struct meet_lane, place))->sequence;
}

/* Without a limit, 0, is the largest. */
static bool is_limit_larger(const struct meet_heap_node *a,
                            const struct meet_heap_node *b)
{
    return MEET_OWNER(a, struct meet_line, place)->limit - 1 >
           MEET_OWNER(b, struct meet_line, place)->limit - 1;
}

bool meet_entrance_before(const struct meet_heap_node *a,
                          const struct meet_heap_node *b)
{
    return MEET_OWNER(a, struct meet_entrance, place)->due <
           MEET_OWNER(b, struct meet_entrance, place)->due;
}

/* At equal times in order of submission. */
bool meet_look_before(const struct meet_heap_node *a,
                      const struct meet_heap_node *b)
{
    const struct meet_job *one = MEET_OWNER(a, struct meet_look, node)->job;
    const struct meet_job *other = MEET_OWNER(b, struct meet_look, node)->job;

    if (one->look_at == other->look_at)
        return one->sequence < other->sequence;
    return one->look_at < other->look_at;
}

void meet_entrance_init(struct meet_entrance *entrance, int64_t span)
{
    *entrance = (struct meet_entrance){.closed.before = is_limit_larger,
                                       .looks.before = meet_look_before};
    meet_gate_init(&entrance->gate, span);
}

void meet_line_init(struct meet_line *line, struct meet_entrance *entrance,
                    unsigned limit)
{
    *line = (struct meet_line){
        .entrance = entrance, .limit = limit, .waiting.before = is_lane_older};
}

void meet_lane_init(struct meet_lane *lane, const struct meet_pace *pace)
{
    *lane = (struct meet_lane){.pace = *pace, .ready.before = is_older};
}

struct meet_job *meet_lane_first(const struct meet_lane *lane)
{
    return MEET_HEAP_FIRST(&lane->ready, struct meet_job, place);
}

void meet_lane_insert(struct meet_lane *lane, struct meet_job *job)
{
    meet_heap_insert(&lane->ready, &job->place);
    lane->length++;
}

void meet_lane_remove(struct meet_lane *lane, struct meet_job *job)
{
    meet_heap_remove(&job->place);
    lane->length--;
}

struct meet_hold meet_lane_hold(const struct meet_lane *lane,
                                unsigned long ahead, int64_t now)
{
    struct meet_hold hold = {.until = now};

    for (int i = 0; i < MEET_LANE_GATES; i++) {
        struct meet_line *line = lane->lines[i];
        int64_t opens =
            meet_gate_opens(&line->entrance->gate, line->limit, ahead, now);

        if (opens > hold.until)
            hold = (struct meet_hold){line, opens};
    }
    return hold;
}

void meet_lane_reserve(struct meet_lane *lane, struct meet_job *job)
{
    for (int i = 0; i < MEET_LANE_GATES; i++)
        meet_gate_reserve(&lane->lines[i]->entrance->gate);
    job->has_reservation = true;
}

void meet_lane_commit(struct meet_lane *lane, struct meet_job *job, int64_t now)
{
    if (!job->has_reservation)
        return;
    for (int i = 0; i < MEET_LANE_GATES; i++)
        meet_gate_commit(&lane->lines[i]->entrance->gate, now);
    job->has_reservation = false;
}

void meet_lane_release(struct meet_lane *lane, struct meet_job *job)
{
    if (!job->has_reservation)
        return;
    for (int i = 0; i < MEET_LANE_GATES; i++)
        meet_gate_release(&lane->lines[i]->entrance->gate);
    job->has_reservation = false;
}
