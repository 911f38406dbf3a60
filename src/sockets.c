/* sockets.c - see sockets.h. */
#include "sockets.h"

#include "fork.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

void meet_sockets_init(struct meet_sockets *sockets)
{
    *sockets = (struct meet_sockets){.generation = meet_fork_generation()};
}

void meet_sockets_deinit(struct meet_sockets *sockets)
{
    free(sockets->open);
    sockets->open = NULL;
    sockets->count = sockets->room = 0;
}

static int make_room(struct meet_sockets *sockets)
{
    size_t room = sockets->room ? 2 * sockets->room : 8;
    struct meet_socket *open;

    if (sockets->count < sockets->room)
        return 0;
    open = realloc(sockets->open, room * sizeof *open);
    if (!open)
        return -1;
    sockets->open = open;
    sockets->room = room;
    return 0;
}

static int open_unheritable(int family, int type, int protocol)
{
#ifdef SOCK_CLOEXEC
    return socket(family, type | SOCK_CLOEXEC, protocol);
#else
    int fd = socket(family, type, protocol);

    if (fd >= 0)
        fcntl(fd, F_SETFD, FD_CLOEXEC);
    return fd;
#endif
}

/* The descriptor's place in the list; the list's end if it has none. */
static size_t place_of(const struct meet_sockets *sockets, int fd)
{
    size_t i = 0;

    while (i < sockets->count && sockets->open[i].fd != fd)
        i++;
    return i;
}

int meet_sockets_open(struct meet_sockets *sockets, int family, int type,
                      int protocol)
{
    struct stat seen = {0};
    size_t place;
    int fd;

    if (make_room(sockets) < 0)
        return -1;
    fd = open_unheritable(family, type, protocol);
    if (fd < 0)
        return fd;    /* errno says why */
    fstat(fd, &seen); /* cannot fail: it is open */
    /* libcurl closes some itself; their numbers are reused. */
    place = place_of(sockets, fd);
    sockets->open[place] =
        (struct meet_socket){fd, seen.st_dev, seen.st_ino, 0, false, 0};
    if (place == sockets->count)
        sockets->count++;
    return fd;
}

int meet_sockets_close(struct meet_sockets *sockets, int fd)
{
    size_t place = place_of(sockets, fd);

    if (place < sockets->count)
        sockets->open[place] = sockets->open[--sockets->count];
    return close(fd);
}

static int local_port(int fd)
{
    struct sockaddr_storage address = {.ss_family = AF_UNSPEC};
    socklen_t size = sizeof address;

    if (getsockname(fd, (struct sockaddr *)&address, &size) < 0)
        return 0;
    if (address.ss_family == AF_INET)
        return ntohs(((struct sockaddr_in *)&address)->sin_port);
    if (address.ss_family == AF_INET6)
        return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
    return 0;
}

/* The socket with that local port; NULL: none, or several share it. */
static struct meet_socket *find(struct meet_sockets *sockets, int port)
{
    struct meet_socket *found = NULL;

    for (size_t i = 0; port > 0 && i < sockets->count; i++) {
        struct meet_socket *one = &sockets->open[i];

        if (one->port == 0)
            one->port = local_port(one->fd);
        if (one->port != port)
            continue;
        if (found)
            return NULL;
        found = one;
    }
    return found;
}

void meet_sockets_note_received(struct meet_sockets *sockets, int port,
                                bool http1)
{
    struct meet_socket *one = find(sockets, port);

    if (!one)
        return;
    one->http1 = http1;
    one->last_received = sockets->now;
}

bool meet_sockets_has_unread(struct meet_sockets *sockets, int port)
{
    struct meet_socket *one = find(sockets, port);
    char byte;

    return one && one->http1 &&
           recv(one->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void meet_sockets_shut_idle(struct meet_sockets *sockets, int port,
                            int64_t since)
{
    struct meet_socket *one = find(sockets, port);

    if (one && one->last_received < since)
        shutdown(one->fd, SHUT_RDWR);
}

bool meet_sockets_is_child(const struct meet_sockets *sockets)
{
    return sockets->generation != meet_fork_generation();
}

void meet_sockets_abandon(struct meet_sockets *sockets)
{
    struct stat seen;

    for (size_t i = 0; i < sockets->count; i++) {
        const struct meet_socket *one = &sockets->open[i];

        if (fstat(one->fd, &seen) == 0 && seen.st_dev == one->device &&
            seen.st_ino == one->inode)
            close(one->fd);
    }
    sockets->count = 0;
    sockets->generation = meet_fork_generation();
}
