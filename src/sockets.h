/*
 * sockets.h - the sockets that one process opened: when each received data, and
 * how a forked child abandons its parent's unused. Pure POSIX: no Lua, no
 * libcurl. The engine owns one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The inode shows whether a descriptor still is the same socket. */
struct meet_socket {
    int fd;
    dev_t device;
    ino_t inode;
    int port;              /* the local port; 0: not looked up yet */
    bool http1;            /* speaks HTTP/1: one answer for each request */
    int64_t last_received; /* on meet_sockets.now; 0: nothing yet */
};

struct meet_sockets {
    unsigned generation; /* of the process that opened them, see fork.h */
    int64_t now;         /* set by the engine before it runs libcurl */
    struct meet_socket *open;
    size_t count, room;
};

/* Start without sockets, as this process. */
void meet_sockets_init(struct meet_sockets *sockets);

/* Free the list; leave the sockets as they are. */
void meet_sockets_deinit(struct meet_sockets *sockets);

/*
 * Open a close-on-exec socket. -1 when that fails, or there is no memory to
 * remember it.
 */
int meet_sockets_open(struct meet_sockets *sockets, int family, int type,
                      int protocol);

/* Close one of them; returns as close() does. */
int meet_sockets_close(struct meet_sockets *sockets, int fd);

/* Record that the socket with that local port received a part of an answer. */
void meet_sockets_note_received(struct meet_sockets *sockets, int port,
                                bool http1);

/*
 * True if an HTTP/1 socket about to send a request has unread bytes: they would
 * be taken for its answer. libcurl checks that itself since 8.0; remove this
 * once that is the oldest supported.
 */
bool meet_sockets_has_unread(struct meet_sockets *sockets, int port);

/*
 * Shut the socket with that port down if it received nothing since then:
 * otherwise libcurl keeps sending requests that share it to a silent server.
 */
void meet_sockets_shut_idle(struct meet_sockets *sockets, int port,
                            int64_t since);

/* True in a child forked since they were opened. */
bool meet_sockets_is_child(const struct meet_sockets *sockets);

/*
 * Close this process's descriptors of its parent's sockets, which sends nothing
 * while the parent has its own. Sockets opened from now on are this process's.
 */
void meet_sockets_abandon(struct meet_sockets *sockets);
