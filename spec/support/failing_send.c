/*
 * failing_send.c - preloaded into a client under test: the network is away for
 * the first large piece that is sent, and then back.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>

enum { LARGE = 10000 }; /* bytes: no handshake, and no head */

ssize_t send(int fd, const void *bytes, size_t size, int flags)
{
    static bool was_away;
    ssize_t (*next)(int, const void *, size_t, int);

    if (size >= LARGE && !was_away) {
        was_away = true;
        errno = EHOSTUNREACH;
        return -1;
    }
    *(void **)&next = dlsym(RTLD_NEXT, "send");
    return next(fd, bytes, size, flags);
}
