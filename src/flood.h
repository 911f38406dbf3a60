/*
 * flood.h - a thread that cuts a socket which libcurl does not stop reading.
 * POSIX threads: no Lua, no libcurl.
 *
 * libcurl before 8.0 reads HTTP/2 frames in a loop for as long as there are
 * any. Frames that carry nothing, faster than it reads them, keep a step from
 * ever returning. Once a call is late by that, the socket is cut. Calls that
 * share it are lost: there is no gentler way out.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct meet_flood;

/* Start the thread. NULL: no memory, or no thread; one does without. */
struct meet_flood *meet_flood_new(void);

/* Stop the thread and free. Accepts NULL, as all functions here do. */
void meet_flood_free(struct meet_flood *flood);

/*
 * libcurl is about to run, and should have returned before 'due', nanoseconds
 * on the monotonic clock; it has returned.
 */
void meet_flood_enter(struct meet_flood *flood, int64_t due);
void meet_flood_leave(struct meet_flood *flood);

/* Look at this socket from now on; no longer, as it is about to be closed. */
void meet_flood_add(struct meet_flood *flood, int fd);
void meet_flood_remove(struct meet_flood *flood, int fd);
