/*
 * sockets.h - the sockets that one process opened: what came in through which,
 * and how a forked child abandons its parent's without using them.
 * Pure POSIX: no Lua, no libcurl. The engine owns one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The inode tells a socket from whatever else has its number by now. */
struct meet_socket {
    int fd;
    dev_t device;
    ino_t inode;
    int port;             /* the local one, 0: not looked up yet */
    bool http1;           /* answers came in HTTP/1, one for each request */
    double last_received; /* by meet_sockets.now; 0: nothing yet */
};

struct meet_sockets {
    unsigned generation; /* of the process that opened them: see fork.h */
    double now;          /* set by the engine before libcurl works */
    struct meet_socket *open;
    size_t count, room;
};

/* No socket yet; they will be this process's. */
void meet_sockets_init(struct meet_sockets *sockets);

/* Free the list; the sockets themselves stay as they are. */
void meet_sockets_deinit(struct meet_sockets *sockets);

/*
 * Open a socket that no program started from here inherits. -1: there is
 * none, or no memory to remember it.
 */
int meet_sockets_open(struct meet_sockets *sockets, int family, int type,
                      int protocol);

/* Close one of them; 0, or -1 as close() does. */
int meet_sockets_close(struct meet_sockets *sockets, int fd);

/* An answer, or a part of one, came in through the socket with that port. */
void meet_sockets_note_received(struct meet_sockets *sockets, int port,
                                bool http1);

/*
 * True where bytes are unread in a socket that speaks HTTP/1 and is about to
 * take a request: they would pass for its answer. libcurl 8.0 and newer checks
 * by itself; this goes once the oldest libcurl is 8.0.
 */
bool meet_sockets_has_unread(struct meet_sockets *sockets, int port);

/*
 * Shut the socket with that port down if nothing came in since then: libcurl
 * goes on sending requests that share a socket to a silent server, for ever.
 */
void meet_sockets_shut_idle(struct meet_sockets *sockets, int port,
                            double since);

/* True in a child that was forked since they were opened. */
bool meet_sockets_is_child(const struct meet_sockets *sockets);

/*
 * Close this process's descriptors of its parent's sockets. That sends nothing
 * while the parent has its own. What is opened from now on is this process's.
 */
void meet_sockets_abandon(struct meet_sockets *sockets);
