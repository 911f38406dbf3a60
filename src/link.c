/* link.c - see link.h. */
#include "link.h"

void meet_link_init(struct meet_link *ring)
{
    ring->previous = ring->next = ring;
}

bool meet_link_is_alone(const struct meet_link *link)
{
    return !link->next || link->next == link;
}

void meet_link_leave(struct meet_link *link)
{
    if (!link->next)
        return;
    link->previous->next = link->next;
    link->next->previous = link->previous;
    *link = (struct meet_link){0};
}

void meet_link_join(struct meet_link *link, struct meet_link *ring)
{
    meet_link_leave(link);
    link->previous = ring->previous;
    link->next = ring;
    ring->previous->next = link;
    ring->previous = link;
}
