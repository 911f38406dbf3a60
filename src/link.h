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
void meet_link_init(struct meet_link *ring);

/* True for a ring without members, and for a member of no ring. */
bool meet_link_is_alone(const struct meet_link *link);

/* Leave the ring. May be repeated. */
void meet_link_leave(struct meet_link *link);

/* Leave the ring, if any, and become the last member of another one. */
void meet_link_join(struct meet_link *link, struct meet_link *ring);

/* The owner of the ring's first member, or NULL. */
#define MEET_LINK_FIRST(ring, type, member) \
    (meet_link_is_alone(ring) ? NULL : MEET_OWNER((ring)->next, type, member))
