/* sockets.c - see sockets.h. */
#include "sockets.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

void meet_sockets_init(struct meet_sockets *sockets)
{
    *sockets = (struct meet_sockets){.owner = getpid()};
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

int meet_sockets_open(struct meet_sockets *sockets, int family, int type,
                      int protocol)
{
    struct stat seen;
    int fd;

    if (make_room(sockets) < 0)
        return -1;
    fd = open_unheritable(family, type, protocol);
    if (fd < 0)
        return -1;
    if (fstat(fd, &seen) == 0)
        sockets->open[sockets->count++] =
            (struct meet_socket){fd, seen.st_dev, seen.st_ino};
    return fd;
}

int meet_sockets_close(struct meet_sockets *sockets, int fd)
{
    for (size_t i = 0; i < sockets->count; i++) {
        if (sockets->open[i].fd != fd)
            continue;
        sockets->open[i] = sockets->open[--sockets->count];
        break;
    }
    return close(fd);
}

bool meet_sockets_inherited(const struct meet_sockets *sockets)
{
    return sockets->owner != getpid();
}

void meet_sockets_let_go(struct meet_sockets *sockets)
{
    struct stat seen;

    for (size_t i = 0; i < sockets->count; i++) {
        const struct meet_socket *one = &sockets->open[i];

        if (fstat(one->fd, &seen) == 0 && seen.st_dev == one->device &&
            seen.st_ino == one->inode)
            close(one->fd);
    }
    sockets->count = 0;
    sockets->owner = getpid();
}
