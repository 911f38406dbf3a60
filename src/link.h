/*
 * link.h - rings of links: lists that a member leaves without knowing which.
 *
 * A link is in one ring at most. The ring's own link stands for no member, and
 * stays where it is in memory.
 */
#pragma once

#include "owner.h"

#include <stdbool.h>

/* Zeroed: in no ring. */
struct meet_link {
    struct meet_link *previous, *next;
};

/* Make a ring without members. */
static inline void meet_link_init(struct meet_link *ring)
{
    ring->previous = ring->next = ring;
}

/* True for a ring without members, and for a member of no ring. */
static inline bool meet_link_is_alone(const struct meet_link *link)
{
    return !link->next || link->next == link;
}

/* Leave the ring. May be repeated. */
static inline void meet_link_leave(struct meet_link *link)
{
    if (!link->next)
        return;
    link->previous->next = link->next;
    link->next->previous = link->previous;
    *link = (struct meet_link){0};
}

/* Leave the ring, if any, and become the last member of another one. */
static inline void meet_link_join(struct meet_link *link,
                                  struct meet_link *ring)
{
    meet_link_leave(link);
    *link = (struct meet_link){ring->previous, ring};
    link->previous->next = link;
    ring->previous = link;
}

/* The owner of the ring's first member, or NULL. */
#define MEET_LINK_FIRST(ring, type, member) \
    (meet_link_is_alone(ring) ? NULL : MEET_OWNER((ring)->next, type, member))
