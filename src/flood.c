/* flood.c - see flood.h. */
#include "flood.h"

#include <stdlib.h>

#if MEET_FLOOD

#include "sockets.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

enum {
    POLL = 20, /* milliseconds between polls */
    SOON = 4,  /* the same in a step in which a socket was cut */
    LONG = 3,  /* polls that a step is at work, before it counts as held */
    IDLE = 50, /* polls without work, after which the thread sleeps */
    SHARE = 8, /* of so many bytes that are read, a byte at least is given */
    CHUNK = 16384
};

/*
 * Less was read of a socket than counts: a handshake and a head are given when
 * they are whole, and neither may be as long.
 */
#define LEAST (INT64_C(128) * 1024)

struct meet_flood {
    struct meet_sockets *sockets; /* whose lock guards all below */
    pthread_t thread;
    pthread_cond_t wake;
    bool ends;
    size_t given; /* when it began to count */
    atomic_bool sleeps;
    atomic_uint turn; /* odd: libcurl is at work */
};

/* Bytes that were read from a socket so far. */
static int64_t taken(int fd)
{
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    int unread = 0;

    /* It was closed unsaid, is no TCP, or the kernel does not count. */
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) < 0 ||
        size <= offsetof(struct tcp_info, tcpi_bytes_received))
        return 0;
    ioctl(fd, FIONREAD, &unread);
    return (int64_t)info.tcpi_bytes_received - unread;
}

/* Begin to count what is read and given. */
static void begin(struct meet_flood *flood)
{
    struct meet_sockets *sockets = flood->sockets;

    flood->given = meet_sockets_given(sockets);
    for (size_t i = 0; i < sockets->count; i++)
        sockets->open[i].taken = taken(sockets->open[i].fd);
}

/* The socket of which most was read, if that counts, and how much it was. */
static const struct meet_socket *find_busiest(struct meet_flood *flood,
                                              int64_t *most)
{
    const struct meet_sockets *sockets = flood->sockets;
    const struct meet_socket *busiest = NULL;

    *most = LEAST;
    for (size_t i = 0; i < sockets->count; i++) {
        const struct meet_socket *one = &sockets->open[i];
        int64_t read = taken(one->fd) - one->taken;

        if (read < *most || !meet_socket_is_open(one))
            continue;
        *most = read;
        busiest = one;
    }
    return busiest;
}

/* What waits on the socket is dropped: libcurl would read all of that, too. */
static void cut(int fd)
{
    char dropped[CHUNK];

    shutdown(fd, SHUT_RDWR);
    while (recv(fd, dropped, sizeof dropped, MSG_DONTWAIT) > 0)
        ;
}

/*
 * Cut the socket that floods, unless libcurl returned meanwhile, or too little
 * was read to decide. The next poll follows soon after a cut, because more
 * sockets may hold the step.
 */
static void judge(struct meet_flood *flood, unsigned turn, unsigned *polls,
                  int *pause)
{
    size_t given = meet_sockets_given(flood->sockets) - flood->given;
    int64_t read;
    const struct meet_socket *busiest = find_busiest(flood, &read);

    if (!busiest)
        return;
    if ((int64_t)given >= read / SHARE) {
        *polls = 0;
        *pause = POLL;
    } else if (atomic_load(&flood->turn) == turn) {
        cut(busiest->fd);
        *pause = SOON;
    }
    begin(flood);
}

static void sleep_until_work(struct meet_flood *flood, unsigned turn)
{
    atomic_store(&flood->sleeps, true);
    if (atomic_load(&flood->turn) == turn && !flood->ends)
        pthread_cond_wait(&flood->wake, &flood->sockets->lock);
    atomic_store(&flood->sleeps, false);
}

static void sleep_until_next_poll(struct meet_flood *flood, int pause)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += pause * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&flood->wake, &flood->sockets->lock, &until);
}

static void *watch(void *context)
{
    struct meet_flood *flood = context;
    unsigned before = 0, polls = 0; /* at the same turn */
    int pause = POLL;

    pthread_mutex_lock(&flood->sockets->lock);
    while (!flood->ends) {
        unsigned turn = atomic_load(&flood->turn);

        polls = turn == before ? polls + 1 : 0;
        before = turn;
        if (turn % 2 == 0 && polls >= IDLE) {
            sleep_until_work(flood, turn);
            continue;
        }
        if (polls == 0)
            pause = POLL;
        if (turn % 2 == 1 && polls == 0)
            begin(flood);
        if (turn % 2 == 1 && polls >= LONG)
            judge(flood, turn, &polls, &pause);
        sleep_until_next_poll(flood, pause);
    }
    pthread_mutex_unlock(&flood->sockets->lock);
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

struct meet_flood *meet_flood_new(struct meet_sockets *sockets)
{
    struct meet_flood *flood = calloc(1, sizeof *flood);
    pthread_condattr_t clock;

    if (!flood)
        return NULL;
    flood->sockets = sockets;
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
    pthread_mutex_lock(&flood->sockets->lock);
    flood->ends = ends;
    pthread_cond_signal(&flood->wake);
    pthread_mutex_unlock(&flood->sockets->lock);
}

void meet_flood_free(struct meet_flood *flood)
{
    if (!flood)
        return;
    wake(flood, true);
    pthread_join(flood->thread, NULL);
    pthread_cond_destroy(&flood->wake);
    free(flood);
}

void meet_flood_enter(struct meet_flood *flood)
{
    if (!flood)
        return;
    atomic_fetch_add(&flood->turn, 1);
    if (atomic_load(&flood->sleeps))
        wake(flood, false);
}

void meet_flood_leave(struct meet_flood *flood)
{
    if (flood)
        atomic_fetch_add(&flood->turn, 1);
}

#else

struct meet_flood *meet_flood_new(struct meet_sockets *sockets)
{
    (void)sockets;
    return NULL;
}

void meet_flood_free(struct meet_flood *flood)
{
    (void)flood;
}

void meet_flood_enter(struct meet_flood *flood)
{
    (void)flood;
}

void meet_flood_leave(struct meet_flood *flood)
{
    (void)flood;
}

#endif
