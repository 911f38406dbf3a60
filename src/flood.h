/*
 * flood.h - a thread that cuts a socket which libcurl does not stop reading.
 * POSIX threads: no Lua, no libcurl.
 *
 * libcurl before 8.8 reads HTTP/2 frames in a loop for as long as there are
 * any; with GnuTLS any version reads and keeps what comes while it closes a
 * socket. Frames that carry nothing, faster than it reads them, keep a step
 * from ever returning. A flood is recognised by what libcurl does: in one step
 * it reads a lot of a socket, for long, and gives hardly any of it to
 * callbacks. However fast and long an answer is, it is given as it comes. Calls
 * that share the socket are lost; libcurl offers no other way.
 */
#pragma once

/*
 * The thread needs to know what was read of a socket, and only Linux reports
 * it. Other systems have no such thread.
 */
#if defined __linux__ && !defined MEET_PORTABLE
#define MEET_FLOOD 1
#else
#define MEET_FLOOD 0
#endif

struct meet_flood;
struct meet_sockets;

/*
 * Start the thread, which watches these sockets; they must outlive it. NULL: no
 * memory, or no thread; the caller continues without.
 */
struct meet_flood *meet_flood_new(struct meet_sockets *sockets);

/* Stop the thread and free. Like those below it accepts NULL. */
void meet_flood_free(struct meet_flood *flood);

/* libcurl is about to read; it has returned. */
void meet_flood_enter(struct meet_flood *flood);
void meet_flood_leave(struct meet_flood *flood);
