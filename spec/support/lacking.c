/*
 * lacking.c - preloaded into a program under test: the call of the system that
 * the variable LACKS names fails, as where it does not exist.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static bool lacks(const char *name)
{
    const char *lacked = getenv("LACKS");

    return lacked && strcmp(lacked, name) == 0;
}

int flock(int fd, int operation)
{
    int (*next)(int, int);

    if (lacks("flock")) {
        errno = ENOLCK;
        return -1;
    }
    *(void **)&next = dlsym(RTLD_NEXT, "flock");
    return next(fd, operation);
}

int getentropy(void *bytes, size_t size)
{
    int (*next)(void *, size_t);

    if (lacks("getentropy")) {
        errno = ENOSYS;
        return -1;
    }
    *(void **)&next = dlsym(RTLD_NEXT, "getentropy");
    return next(bytes, size);
}
