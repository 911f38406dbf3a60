/* flood.c - see flood.h. */
#include "flood.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

enum {
    LOOK = 20,    /* milliseconds between looks while libcurl is at work */
    LATE = 5,     /* milliseconds after which a call counts as late */
    IDLE = 50,    /* looks without work, after which the thread sleeps */
    SAMPLES = 20, /* of what waits on a socket */
    APART = 500,  /* microseconds between them */
    SMALLER = 2,  /* of them than the last one, where libcurl reads on */
    MOST = 64     /* sockets looked at */
};

/* While libcurl is not at work. */
#define NOT_DUE INT64_MAX

/* The inode shows whether a descriptor still is the same socket. */
struct watched {
    int fd;
    dev_t device;
    ino_t inode;
};

struct meet_flood {
    pthread_t thread;
    pthread_mutex_t lock; /* of the fields that are not atomic */
    pthread_cond_t wake;
    bool ends;
    struct watched sockets[MOST];
    unsigned count;
    atomic_bool sleeps;
    _Atomic int64_t due; /* when libcurl should have returned */
};

static void pass(long microseconds)
{
    struct timespec length = {0, microseconds * 1000};

    nanosleep(&length, NULL);
}

static int unread(int fd)
{
    int bytes = 0;

    return ioctl(fd, FIONREAD, &bytes) == 0 ? bytes : 0;
}

/* True if libcurl reads it: what waits on it gets less, again and again. */
static bool is_read(int fd)
{
    int before = unread(fd), smaller = 0;

    for (int i = 0; i < SAMPLES && smaller < SMALLER; i++) {
        int now;

        pass(APART);
        now = unread(fd);
        smaller += now < before;
        before = now;
    }
    return smaller == SMALLER;
}

static struct watched identity(int fd)
{
    struct stat seen = {0};

    fstat(fd, &seen);
    return (struct watched){fd, seen.st_dev, seen.st_ino};
}

/* Cut the sockets that libcurl reads on and on, unless it returned meanwhile.
 */
static void cut(struct meet_flood *flood, int64_t due)
{
    for (unsigned i = 0; i < flood->count; i++) {
        const struct watched *socket = &flood->sockets[i];
        struct watched now = identity(socket->fd);

        if (now.inode == socket->inode && now.device == socket->device &&
            unread(socket->fd) > 0 && is_read(socket->fd) &&
            atomic_load(&flood->due) == due)
            shutdown(socket->fd, SHUT_RDWR);
    }
}

/* Wait for the next look; forever while nothing has run for a while. */
static void wait(struct meet_flood *flood, int *idle)
{
    struct timespec until;

    if (*idle >= IDLE) {
        atomic_store(&flood->sleeps, true);
        if (atomic_load(&flood->due) == NOT_DUE && !flood->ends)
            pthread_cond_wait(&flood->wake, &flood->lock);
        atomic_store(&flood->sleeps, false);
        *idle = 0;
        return;
    }
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOOK * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&flood->wake, &flood->lock, &until);
}

static int64_t now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * (int64_t)1000000000 + at.tv_nsec;
}

static void *watch(void *context)
{
    struct meet_flood *flood = context;
    int idle = 0;

    pthread_mutex_lock(&flood->lock);
    while (!flood->ends) {
        int64_t due = atomic_load(&flood->due);

        idle = due == NOT_DUE ? idle + 1 : 0;
        if (due != NOT_DUE && due + LATE * 1000000 < now())
            cut(flood, due);
        wait(flood, &idle);
    }
    pthread_mutex_unlock(&flood->lock);
    return NULL;
}

/* Signals are for the host's threads. */
static bool start(struct meet_flood *flood)
{
    sigset_t all, before;
    bool started;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    started = pthread_create(&flood->thread, NULL, watch, flood) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

struct meet_flood *meet_flood_new(void)
{
    struct meet_flood *flood = calloc(1, sizeof *flood);
    pthread_condattr_t clock;

    if (!flood)
        return NULL;
    atomic_init(&flood->due, NOT_DUE);
    pthread_mutex_init(&flood->lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&flood->wake, &clock);
    pthread_condattr_destroy(&clock);
    if (start(flood))
        return flood;
    free(flood);
    return NULL;
}

static void wake(struct meet_flood *flood, bool ends)
{
    pthread_mutex_lock(&flood->lock);
    flood->ends = ends;
    pthread_cond_signal(&flood->wake);
    pthread_mutex_unlock(&flood->lock);
}

void meet_flood_free(struct meet_flood *flood)
{
    if (!flood)
        return;
    wake(flood, true);
    pthread_join(flood->thread, NULL);
    pthread_cond_destroy(&flood->wake);
    pthread_mutex_destroy(&flood->lock);
    free(flood);
}

void meet_flood_enter(struct meet_flood *flood, int64_t due)
{
    if (!flood)
        return;
    atomic_store(&flood->due, due);
    if (due != NOT_DUE && atomic_load(&flood->sleeps))
        wake(flood, false);
}

void meet_flood_leave(struct meet_flood *flood)
{
    if (flood)
        atomic_store(&flood->due, NOT_DUE);
}

void meet_flood_add(struct meet_flood *flood, int fd)
{
    if (!flood)
        return;
    meet_flood_remove(flood, fd); /* libcurl closes some itself */
    pthread_mutex_lock(&flood->lock);
    if (flood->count < MOST)
        flood->sockets[flood->count++] = identity(fd);
    pthread_mutex_unlock(&flood->lock);
}

void meet_flood_remove(struct meet_flood *flood, int fd)
{
    if (!flood)
        return;
    pthread_mutex_lock(&flood->lock);
    for (unsigned i = 0; i < flood->count; i++)
        if (flood->sockets[i].fd == fd)
            flood->sockets[i] = flood->sockets[--flood->count];
    pthread_mutex_unlock(&flood->lock);
}
