/* registry.c - see registry.h. */
#include "registry.h"

#include <stdlib.h>

/*
 * The server counts arrivals, we count departures: two requests sent a second
 * apart arrive closer together when the first is delayed more. On one reused
 * socket the order holds and the delays differ by a few milliseconds; 15 ms
 * costs 1.5 % of the rate.
 */
#define MARGIN MEET_MILLISECONDS(15)

const int64_t meet_registry_second = MEET_SECONDS(1) + MARGIN;
const int64_t meet_registry_minute = MEET_SECONDS(60) + MARGIN;

void meet_registry_init(struct meet_registry *registry)
{
    *registry = (struct meet_registry){.unused.before = meet_entrance_before};
    meet_link_init(&registry->idle);
}

/* -- entrances -------------------------------------------------------------*/

/* Without lines: it stays while it may still delay a request. */
static void retire(struct meet_registry *registry,
                   struct meet_entrance *entrance)
{
    meet_heap_remove(&entrance->place);
    entrance->due = meet_gate_idle_from(&entrance->gate);
    meet_heap_insert(&registry->unused, &entrance->place);
}

/* Free those that delay nobody from 'now' on. */
static void drop_unused(struct meet_registry *registry, int64_t now)
{
    struct meet_entrance *entrance;

    while ((entrance = MEET_HEAP_FIRST(&registry->unused, struct meet_entrance,
                                       place)) &&
           entrance->due <= now) {
        meet_heap_remove(&entrance->place);
        meet_table_remove(&registry->entrances, &entrance->node);
        meet_gate_deinit(&entrance->gate);
        free(entrance->fault);
        free(entrance);
    }
}

static struct meet_entrance *make_entrance(struct meet_registry *registry,
                                           enum meet_gate_kind kind,
                                           uint64_t hash)
{
    struct meet_entrance *entrance = malloc(sizeof *entrance);

    if (!entrance)
        return NULL;
    meet_entrance_init(entrance, kind == MEET_OF_QUOTA ? meet_registry_minute
                                                       : meet_registry_second);
    if (meet_table_insert(&registry->entrances, &entrance->node, hash))
        return entrance;
    free(entrance);
    return NULL;
}

static struct meet_entrance *find_entrance(struct meet_registry *registry,
                                           enum meet_gate_kind kind,
                                           unsigned long long id,
                                           enum meet_quota quota)
{
    uint64_t hash =
        meet_table_hash(meet_table_hash(meet_table_hash(0, kind), id), quota);
    struct meet_table_node *node = meet_table_find(&registry->entrances, hash);
    struct meet_entrance *entrance;

    for (; node; node = meet_table_next(node)) {
        entrance = MEET_OWNER(node, struct meet_entrance, node);
        if (entrance->kind == kind && entrance->id == id &&
            entrance->quota == quota)
            return entrance;
    }
    entrance = make_entrance(registry, kind, hash);
    if (!entrance)
        return NULL;
    entrance->kind = kind;
    entrance->id = id;
    entrance->quota = quota;
    retire(registry, entrance); /* until it has a line */
    return entrance;
}

/* -- lines -----------------------------------------------------------------*/

static struct meet_line *make_line(struct meet_registry *registry,
                                   struct meet_entrance *entrance,
                                   unsigned limit, uint64_t hash)
{
    struct meet_line *line;

    if (!meet_window_grow(&entrance->gate.window, limit))
        return NULL;
    line = malloc(sizeof *line);
    if (!line)
        return NULL;
    meet_line_init(line, entrance, limit);
    if (!meet_table_insert(&registry->lines, &line->node, hash)) {
        free(line);
        return NULL;
    }
    if (entrance->lines++ == 0)
        meet_heap_remove(&entrance->place); /* of the unused */
    return line;
}

static struct meet_line *find_line(struct meet_registry *registry,
                                   struct meet_entrance *entrance,
                                   unsigned limit)
{
    uint64_t hash =
        meet_table_hash(meet_table_hash(0, (uintptr_t)entrance), limit);
    struct meet_table_node *node = meet_table_find(&registry->lines, hash);

    for (; node; node = meet_table_next(node)) {
        struct meet_line *line = MEET_OWNER(node, struct meet_line, node);

        if (line->entrance == entrance && line->limit == limit)
            return line;
    }
    return make_line(registry, entrance, limit, hash);
}

/* One lane less. */
static void leave_line(struct meet_registry *registry, struct meet_line *line)
{
    if (--line->lanes > 0)
        return;
    if (--line->entrance->lines == 0)
        retire(registry, line->entrance);
    meet_table_remove(&registry->lines, &line->node);
    free(line);
}

/* -- lanes -----------------------------------------------------------------*/

static uint64_t hash_pace(const struct meet_pace *pace)
{
    uint64_t hash = meet_table_hash(0, pace->key);

    hash = meet_table_hash(hash, pace->account);
    hash = meet_table_hash(hash, pace->quota);
    hash = meet_table_hash(hash, pace->limiter);
    hash = meet_table_hash(hash, pace->per_second);
    return meet_table_hash(hash, pace->per_minute);
}

static bool same_pace(const struct meet_pace *a, const struct meet_pace *b)
{
    return a->key == b->key && a->account == b->account &&
           a->quota == b->quota && a->limiter == b->limiter &&
           a->per_second == b->per_second && a->per_minute == b->per_minute;
}

static bool join(struct meet_registry *registry, struct meet_lane *lane,
                 enum meet_gate_kind kind, unsigned long long id,
                 enum meet_quota quota, unsigned limit)
{
    struct meet_entrance *entrance = find_entrance(registry, kind, id, quota);

    if (entrance)
        lane->lines[kind] = find_line(registry, entrance, limit);
    if (!lane->lines[kind])
        return false;
    lane->lines[kind]->lanes++;
    return true;
}

static bool join_lines(struct meet_registry *registry, struct meet_lane *lane)
{
    const struct meet_pace *pace = &lane->pace;

    return join(registry, lane, MEET_OF_KEY, pace->key, MEET_QUOTA_NONE,
                pace->per_second) &&
           join(registry, lane, MEET_OF_ACCOUNT, pace->account, MEET_QUOTA_NONE,
                0) &&
           join(registry, lane, MEET_OF_QUOTA, pace->account, pace->quota,
                pace->per_minute) &&
           join(registry, lane, MEET_OF_LIMITER, pace->limiter, pace->quota, 0);
}

static void free_lane(struct meet_registry *registry, struct meet_lane *lane)
{
    for (int i = 0; i < MEET_LANE_GATES; i++)
        if (lane->lines[i])
            leave_line(registry, lane->lines[i]);
    free(lane);
}

static struct meet_lane *make_lane(struct meet_registry *registry,
                                   const struct meet_pace *pace, uint64_t hash)
{
    struct meet_lane *lane = malloc(sizeof *lane);

    if (!lane)
        return NULL;
    meet_lane_init(lane, pace);
    if (join_lines(registry, lane) &&
        meet_table_insert(&registry->lanes, &lane->node, hash))
        return lane;
    free_lane(registry, lane);
    return NULL;
}

static void leave_idle(struct meet_registry *registry, struct meet_lane *lane)
{
    meet_link_leave(&lane->link);
    registry->idle_count--;
}

static void drop_oldest(struct meet_registry *registry)
{
    struct meet_lane *lane =
        MEET_LINK_FIRST(&registry->idle, struct meet_lane, link);

    leave_idle(registry, lane);
    meet_table_remove(&registry->lanes, &lane->node);
    free_lane(registry, lane);
}

struct meet_lane *meet_registry_enter(struct meet_registry *registry,
                                      const struct meet_pace *pace, int64_t now)
{
    uint64_t hash = hash_pace(pace);
    struct meet_table_node *node = meet_table_find(&registry->lanes, hash);
    struct meet_lane *lane = NULL;

    for (; node; node = meet_table_next(node)) {
        lane = MEET_OWNER(node, struct meet_lane, node);
        if (same_pace(&lane->pace, pace))
            break;
    }
    if (node) {
        if (lane->jobs == 0)
            leave_idle(registry, lane);
    } else {
        drop_unused(registry, now);
        lane = make_lane(registry, pace, hash);
    }
    if (lane)
        lane->jobs++;
    return lane;
}

void meet_registry_leave(struct meet_registry *registry, struct meet_lane *lane)
{
    if (--lane->jobs > 0)
        return;
    meet_link_join(&lane->link, &registry->idle);
    if (++registry->idle_count > MEET_MOST_IDLE)
        drop_oldest(registry);
}

void meet_registry_deinit(struct meet_registry *registry)
{
    while (registry->idle_count > 0)
        drop_oldest(registry);
    drop_unused(registry, MEET_NEVER);
    meet_table_deinit(&registry->lanes);
    meet_table_deinit(&registry->lines);
    meet_table_deinit(&registry->entrances);
}
