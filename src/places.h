/*
 * places.h - which attempts have a socket, lack a descriptor for one, or hold
 * what another one needs. Lists are of the attempts under way. May use libcurl.
 *
 * An attempt that waits for a descriptor is on no multi handle.
 */
#pragma once

#include "job.h"
#include "multi.h"

/* True while fewer descriptors are left than a new socket may take. */
bool meet_places_are_few(void);

/* True where libcurl had no descriptor for a socket or for what comes first. */
bool meet_places_lack_descriptor(const struct meet_transfer *transfer,
                                 CURLcode result);

/* Have it wait for a descriptor. */
void meet_places_wait(struct meet_multis *multis,
                      struct meet_transfer *transfer);

/*
 * True if the attempt, of the list, waits for a descriptor, since it ended for
 * want of one. Where nothing else is under way that could leave one, idle
 * sockets are closed, and it is tried again a few times.
 */
bool meet_places_wait_after(struct meet_multis *multis,
                            const struct meet_transfer *list,
                            struct meet_transfer *transfer, CURLcode result);

bool meet_places_has_socket(const struct meet_transfer *transfer);

/* True if any that is out of time has a socket with more to read. */
bool meet_places_any_unread(const struct meet_transfer *list, int64_t now);

/* True where any is on a multi handle. */
bool meet_places_any_runs(const struct meet_transfer *list);

/* True where any on a multi handle has sent on no socket that is known. */
bool meet_places_any_connects(const struct meet_transfer *list);

/* When the next one is out of time, or, at 'looks_at', a descriptor is looked
   for. */
int64_t meet_places_next_wakeup(const struct meet_transfer *list,
                                int64_t looks_at);

/* The oldest attempt that waits for a descriptor; or NULL. */
struct meet_job *meet_places_first_waiting(const struct meet_transfer *list);

/*
 * The job of the background that may hold the socket of one that somebody waits
 * for: the oldest with a socket, when there are none left for all. Or NULL.
 */
struct meet_job *meet_places_in_the_way(const struct meet_transfer *list);
