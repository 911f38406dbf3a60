/*
 * sockets.h - the sockets that one process opened: which speaks HTTP/1, and how
 * a forked child abandons its parent's unused. Pure POSIX: no Lua, no libcurl.
 * The engine owns one.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The inode shows whether a descriptor still is the same socket. */
struct meet_socket {
    int fd;
    dev_t device;
    ino_t inode;
    unsigned long serial;      /* of all that were opened, from 1 */
    int local_port, peer_port; /* 0: not looked up yet */
    bool http1;        /* known to speak HTTP/1: one answer for each request */
    unsigned requests; /* sent on it so far */
    int64_t taken;     /* the flood guard's */
    int64_t delay;     /* to the peer and back */
    bool watched;      /* by a host's loop, until all let go */
    long long opened_after; /* number of the last watch by then */
};

/* One that was shut while a host's loop watched it. The watches that may be of
   it are above the first number, and at most the second one. */
struct meet_kept_socket {
    int fd;
    long long opened_after, shut_after;
};

/* A socket to watch, and for what. */
struct meet_socket_events {
    int fd;
    bool read, write;
};

/* How many sockets' ends are remembered. */
enum { MEET_SOCKETS_DROPPED = 16 };

struct meet_sockets {
    pthread_mutex_t lock; /* of the list: another thread may look at it */
    /* Bytes of answers that libcurl gave to callbacks, from 0 again after the
       last number: an atomic of 64 bits needs an extra library on MIPS. */
    atomic_size_t given;
    unsigned generation; /* of the process that opened them, see fork.h */
    struct meet_socket *open;
    struct meet_kept_socket *kept; /* their descriptors are open still */
    size_t count, kept_count;
    size_t room; /* of either list: a closing socket moves between them */
    unsigned long serial; /* the last one's */
    struct meet_socket
        dropped[MEET_SOCKETS_DROPPED]; /* HTTP/1, closed from here */
    unsigned drops;
    bool makes_room; /* what is closed now, gives its place to another */
    long long watch; /* the last one's number, see begin_watch */
};

/* Start without sockets, as this process. */
void meet_sockets_init(struct meet_sockets *sockets);

/* Free the list; leave the sockets as they are. */
void meet_sockets_deinit(struct meet_sockets *sockets);

/*
 * Open a close-on-exec socket, its descriptor never 0, 1 or 2: what a host
 * prints would go to the server. -1 when that fails, or there is no memory to
 * remember it; errno says why.
 */
int meet_sockets_open(struct meet_sockets *sockets, int family, int type,
                      int protocol);

/*
 * Close one of them; returns as close() does. One that a host's loop watches is
 * shut, which wakes the loop, and its descriptor stays open until the loop lets
 * go: loops fail, or end the process, over one that is closed or is another
 * file's.
 */
int meet_sockets_close(struct meet_sockets *sockets, int fd);

/* Note that a host's loop begins to watch sockets; return the watch's number,
   which is above those of all others. */
long long meet_sockets_begin_watch(struct meet_sockets *sockets);

/* Note that a host's loop watches a socket; false for one that libcurl may
   close without a word: one of libcurl's, or one with no request sent on it,
   which counts as libcurl's until it has connected. */
bool meet_sockets_watch(struct meet_sockets *sockets, int fd);

/* Note that only the watches with those numbers are active; all others have
   ended. */
void meet_sockets_let_go(struct meet_sockets *sockets, const long long *watches,
                         size_t count);

/* False once it was closed unsaid: its number may be another file's. */
bool meet_socket_is_open(const struct meet_socket *socket);

/* Note that libcurl gave bytes of an answer to a callback; sum of those. */
void meet_sockets_give(struct meet_sockets *sockets, size_t bytes);
size_t meet_sockets_given(const struct meet_sockets *sockets);

/* The socket with those ports; NULL: none, or several have them. */
struct meet_socket *meet_sockets_find(struct meet_sockets *sockets,
                                      int local_port, int peer_port);

/* The socket of that serial; NULL: it is closed. */
struct meet_socket *meet_sockets_get(struct meet_sockets *sockets,
                                     unsigned long serial);

/* True if bytes came in on the socket that nobody has read. */
bool meet_socket_has_unread(const struct meet_socket *socket);

/* True if the peer sends nothing more, whatever is unread. */
bool meet_socket_has_ended(const struct meet_socket *socket);

/* End it both ways; its descriptor stays. */
void meet_socket_shut(const struct meet_socket *socket);

/*
 * The HTTP/1 socket of that serial, if it was closed lately while the server
 * kept it open; or NULL.
 */
const struct meet_socket *
meet_sockets_get_dropped(const struct meet_sockets *sockets,
                         unsigned long serial);

/* True while the process cannot open so many descriptors more; there are few.
 */
bool meet_sockets_lack(unsigned descriptors);

/* True in a child forked since they were opened. */
bool meet_sockets_is_child(const struct meet_sockets *sockets);

/*
 * Close this process's descriptors of its parent's sockets, which sends nothing
 * while the parent has its own. Sockets opened from now on are this process's.
 */
void meet_sockets_abandon(struct meet_sockets *sockets);
