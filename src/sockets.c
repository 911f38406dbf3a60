/* sockets.c - see sockets.h. */
#ifndef MEET_PORTABLE
#define _GNU_SOURCE /* for POLLRDHUP */
#endif

#include "sockets.h"

#include "fork.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* macOS has none, and reports POLLHUP for it. */
#ifndef POLLRDHUP
#define POLLRDHUP 0
#endif

void meet_sockets_init(struct meet_sockets *sockets)
{
    *sockets = (struct meet_sockets){.generation = meet_fork_generation()};
    pthread_mutex_init(&sockets->lock, NULL);
}

void meet_sockets_deinit(struct meet_sockets *sockets)
{
    meet_sockets_let_go(sockets, NULL, 0);
    pthread_mutex_destroy(&sockets->lock);
    free(sockets->open);
    free(sockets->kept);
    sockets->open = NULL;
    sockets->kept = NULL;
    sockets->count = sockets->room = 0;
}

/* For one more in either list, which it may be moved to when it is closed. */
static int make_room(struct meet_sockets *sockets)
{
    size_t room = sockets->room ? 2 * sockets->room : 8;
    struct meet_kept_socket *kept;
    struct meet_socket *open;

    if (sockets->count + sockets->kept_count < sockets->room)
        return 0;
    kept = realloc(sockets->kept, room * sizeof *kept);
    if (!kept)
        return -1;
    sockets->kept = kept;
    pthread_mutex_lock(&sockets->lock);
    open = realloc(sockets->open, room * sizeof *open);
    if (open) {
        sockets->open = open;
        sockets->room = room;
    }
    pthread_mutex_unlock(&sockets->lock);
    return open ? 0 : -1;
}

static int open_unheritable(int family, int type, int protocol)
{
#if defined SOCK_CLOEXEC && !defined MEET_PORTABLE
    return socket(family, type | SOCK_CLOEXEC, protocol);
#else
    int fd = socket(family, type, protocol);

    if (fd >= 0)
        fcntl(fd, F_SETFD, FD_CLOEXEC);
    return fd;
#endif
}

static int open_above_standard(int family, int type, int protocol)
{
    int fd = open_unheritable(family, type, protocol), higher;

    if (fd < 0 || fd > STDERR_FILENO)
        return fd;
    higher = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    close(fd);
    return higher;
}

bool meet_sockets_lack(unsigned descriptors)
{
    bool lack;
    int fd;

    if (descriptors == 0)
        return false;
    fd = open_unheritable(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0)
        return errno == EMFILE || errno == ENFILE;
    lack = meet_sockets_lack(descriptors - 1);
    close(fd);
    return lack;
}

/* The descriptor's place in the list; the list's end if it has none. */
static size_t place_of(const struct meet_sockets *sockets, int fd)
{
    size_t i = 0;

    while (i < sockets->count && sockets->open[i].fd != fd)
        i++;
    return i;
}

static void add(struct meet_sockets *sockets, int fd)
{
    struct stat seen = {0};
    size_t place;

    fstat(fd, &seen); /* cannot fail: it is open */
    pthread_mutex_lock(&sockets->lock);
    /* libcurl closes some itself; their numbers are reused. */
    place = place_of(sockets, fd);
    sockets->open[place] = (struct meet_socket){.fd = fd,
                                                .device = seen.st_dev,
                                                .inode = seen.st_ino,
                                                .serial = ++sockets->serial,
                                                .opened_after = sockets->watch};
    if (place == sockets->count)
        sockets->count++;
    pthread_mutex_unlock(&sockets->lock);
}

int meet_sockets_open(struct meet_sockets *sockets, int family, int type,
                      int protocol)
{
    int fd;

    if (make_room(sockets) < 0)
        return -1;
    fd = open_above_standard(family, type, protocol);
    if (fd >= 0)
        add(sockets, fd);
    return fd;
}

bool meet_socket_is_open(const struct meet_socket *socket)
{
    struct stat seen;

    return fstat(socket->fd, &seen) == 0 && seen.st_dev == socket->device &&
           seen.st_ino == socket->inode;
}

void meet_sockets_give(struct meet_sockets *sockets, size_t bytes)
{
    atomic_fetch_add_explicit(&sockets->given, bytes, memory_order_relaxed);
}

size_t meet_sockets_given(const struct meet_sockets *sockets)
{
    return atomic_load_explicit(&sockets->given, memory_order_relaxed);
}

/* getsockname or getpeername */
typedef int naming(int, struct sockaddr *, socklen_t *);

static int port_by(naming *name, int fd)
{
    struct sockaddr_storage address = {.ss_family = AF_UNSPEC};
    socklen_t size = sizeof address;

    if (name(fd, (struct sockaddr *)&address, &size) < 0)
        return 0;
    if (address.ss_family == AF_INET)
        return ntohs(((struct sockaddr_in *)&address)->sin_port);
    if (address.ss_family == AF_INET6)
        return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
    return 0;
}

static bool has_ports(struct meet_socket *socket, int local_port, int peer_port)
{
    if (socket->local_port == 0)
        socket->local_port = port_by(getsockname, socket->fd);
    if (socket->local_port != local_port)
        return false;
    if (socket->peer_port == 0)
        socket->peer_port = port_by(getpeername, socket->fd);
    return socket->peer_port == peer_port;
}

struct meet_socket *meet_sockets_find(struct meet_sockets *sockets,
                                      int local_port, int peer_port)
{
    struct meet_socket *found = NULL;

    for (size_t i = 0; local_port > 0 && i < sockets->count; i++) {
        struct meet_socket *one = &sockets->open[i];

        if (!has_ports(one, local_port, peer_port))
            continue;
        if (found)
            return NULL;
        found = one;
    }
    return found;
}

struct meet_socket *meet_sockets_get(struct meet_sockets *sockets,
                                     unsigned long serial)
{
    for (size_t i = 0; i < sockets->count; i++)
        if (sockets->open[i].serial == serial)
            return &sockets->open[i];
    return NULL;
}

bool meet_socket_has_unread(const struct meet_socket *socket)
{
    char byte;

    return recv(socket->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

bool meet_socket_has_ended(const struct meet_socket *socket)
{
    struct pollfd watch = {.fd = socket->fd, .events = POLLIN | POLLRDHUP};
    char byte;

    return poll(&watch, 1, 0) > 0 &&
           (watch.revents != POLLIN ||
            recv(socket->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0);
}

void meet_socket_shut(const struct meet_socket *socket)
{
    shutdown(socket->fd, SHUT_RDWR);
}

/* Remember an HTTP/1 socket that is closed while the server keeps it open. */
static void note_dropped(struct meet_sockets *sockets,
                         const struct meet_socket *socket)
{
    char byte;

    if (socket->http1 && !sockets->makes_room &&
        recv(socket->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0)
        sockets->dropped[sockets->drops++ % MEET_SOCKETS_DROPPED] = *socket;
}

const struct meet_socket *
meet_sockets_get_dropped(const struct meet_sockets *sockets,
                         unsigned long serial)
{
    for (int i = 0; i < MEET_SOCKETS_DROPPED; i++)
        if (sockets->dropped[i].serial == serial)
            return &sockets->dropped[i];
    return NULL;
}

long long meet_sockets_begin_watch(struct meet_sockets *sockets)
{
    return ++sockets->watch;
}

bool meet_sockets_watch(struct meet_sockets *sockets, int fd)
{
    size_t place = place_of(sockets, fd);

    if (place == sockets->count || sockets->open[place].requests == 0 ||
        !meet_socket_is_open(&sockets->open[place]))
        return false;
    sockets->open[place].watched = true;
    return true;
}

static bool is_watched(const struct meet_kept_socket *socket,
                       const long long *watches, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (socket->opened_after < watches[i] &&
            watches[i] <= socket->shut_after)
            return true;
    return false;
}

void meet_sockets_let_go(struct meet_sockets *sockets, const long long *watches,
                         size_t count)
{
    size_t left = 0;

    for (size_t i = 0; count == 0 && i < sockets->count; i++)
        sockets->open[i].watched = false;
    for (size_t i = 0; i < sockets->kept_count; i++) {
        if (is_watched(&sockets->kept[i], watches, count))
            sockets->kept[left++] = sockets->kept[i];
        else
            close(sockets->kept[i].fd);
    }
    sockets->kept_count = left;
}

int meet_sockets_close(struct meet_sockets *sockets, int fd)
{
    size_t place = place_of(sockets, fd);
    struct meet_socket closed = {.watched = false};

    if (place < sockets->count) {
        closed = sockets->open[place];
        pthread_mutex_lock(&sockets->lock);
        note_dropped(sockets, &sockets->open[place]);
        sockets->open[place] = sockets->open[--sockets->count];
        pthread_mutex_unlock(&sockets->lock);
    }
    if (!closed.watched)
        return close(fd);
    shutdown(fd, SHUT_RDWR);
    sockets->kept[sockets->kept_count++] =
        (struct meet_kept_socket){fd, closed.opened_after, sockets->watch};
    return 0;
}

bool meet_sockets_is_child(const struct meet_sockets *sockets)
{
    return sockets->generation != meet_fork_generation();
}

void meet_sockets_abandon(struct meet_sockets *sockets)
{
    for (size_t i = 0; i < sockets->count; i++)
        if (meet_socket_is_open(&sockets->open[i]))
            close(sockets->open[i].fd);
    sockets->count = 0;
    meet_sockets_let_go(sockets, NULL, 0);
    pthread_mutex_init(&sockets->lock, NULL); /* the parent may have held it */
    sockets->generation = meet_fork_generation();
}
