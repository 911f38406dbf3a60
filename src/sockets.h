/*
 * sockets.h - the sockets that one process opened: after a fork the child can
 * tell that they are its parent's, and let go of them without using them.
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
    int port;     /* the local one, 0: not looked up yet */
    bool http1;   /* answers came in HTTP/1, one for each request */
    double heard; /* when an answer or a part of one came last, 0: never */
};

struct meet_sockets {
    pid_t owner; /* the process that opened them */
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
void meet_sockets_hear(struct meet_sockets *sockets, int port, bool http1,
                       double now);

/*
 * True where bytes wait in a socket that speaks HTTP/1 and is about to take a
 * request: they would be taken for its answer. libcurl looks since 8.0.
 */
bool meet_sockets_hold_leftover(struct meet_sockets *sockets, int port);

/*
 * Shut the socket with that port down if nothing came in since then. Where
 * requests share sockets libcurl would send the next ones there for ever.
 */
void meet_sockets_shut_silent(struct meet_sockets *sockets, int port,
                              double since);

/* True in a child that was forked since they were opened. */
bool meet_sockets_inherited(const struct meet_sockets *sockets);

/*
 * Close this process's descriptors of inherited sockets, which sends nothing
 * while the parent has its own; what is opened from now on is this process's.
 */
void meet_sockets_let_go(struct meet_sockets *sockets);
