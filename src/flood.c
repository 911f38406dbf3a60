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
#ifdef __linux__
#include <linux/tcp.h>
#include <netinet/in.h>
#endif

enum {
    LOOK = 20,    /* milliseconds between looks while libcurl is at work */
    LATE = 5,     /* milliseconds after which a call counts as late */
    IDLE = 50,    /* looks without work, after which the thread sleeps */
    WATCHED = 2,  /* milliseconds in which what is read is counted */
    LEAST = 1024, /* bytes of a flood in that time */
    MOST = 64     /* sockets looked at */
};

/*
 * Most bytes that wait on a socket: after a cut libcurl reads them all. Enough
 * for 2.5 MB/s at a tenth of a second.
 */
#define MOST_UNREAD (256 * 1024)

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

static void pass(void)
{
    struct timespec length = {0, WATCHED * 1000000L};

    nanosleep(&length, NULL);
}

static int unread(int fd)
{
    int bytes = 0;

    return ioctl(fd, FIONREAD, &bytes) == 0 ? bytes : 0;
}

/*
 * Bytes that were read from a socket so far; where the system does not count
 * them, how little waits on it.
 */
static int64_t taken(int fd)
{
#ifdef __linux__
    struct tcp_info info = {0};
    socklen_t size = sizeof info;

    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0)
        return (int64_t)info.tcpi_bytes_received - unread(fd);
#endif
    return -unread(fd);
}

static struct watched identity(int fd)
{
    struct stat seen = {0};

    fstat(fd, &seen);
    return (struct watched){fd, seen.st_dev, seen.st_ino};
}

static bool is_same(const struct watched *socket)
{
    struct watched now = identity(socket->fd);

    return now.inode == socket->inode && now.device == socket->device;
}

/*
 * Cut the socket that libcurl reads most of, unless it returned meanwhile.
 */
static void cut(struct meet_flood *flood, int64_t due)
{
    int64_t before[MOST], most = LEAST;
    const struct watched *flooded = NULL;

    for (unsigned i = 0; i < flood->count; i++)
        before[i] = taken(flood->sockets[i].fd);
    pass();
    for (unsigned i = 0; i < flood->count; i++) {
        int64_t read = taken(flood->sockets[i].fd) - before[i];

        if (read < most || !is_same(&flood->sockets[i]))
            continue;
        most = read;
        flooded = &flood->sockets[i];
    }
    if (flooded && atomic_load(&flood->due) == due)
        shutdown(flooded->fd, SHUT_RDWR);
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
        if (due != NOT_DUE && due + LATE * INT64_C(1000000) < now())
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
    int most = MOST_UNREAD;

    if (!flood)
        return;
    meet_flood_remove(flood, fd); /* libcurl closes some itself */
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &most, sizeof most);
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
