/*
 * link.h - rings of links: lists that a member leaves without knowing which.
 *
 * A link is in one ring at most. The ring's own link stands for no member.
 */
#pragma once

#include "owner.h"

#include <stdbool.h>

struct meet_link {
    struct meet_link *previous, *next;
};

void meet_link_init(struct meet_link *link);

/* True for a ring without members, and for a member of no ring. */
bool meet_link_is_alone(const struct meet_link *link);

/* Leave the ring. May be repeated. */
void meet_link_leave(struct meet_link *link);

/* Leave the ring, if any, and become the last member of another one. */
void meet_link_join(struct meet_link *link, struct meet_link *ring);
