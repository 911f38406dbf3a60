/*
 * elsewhere.c - preloaded into a client or a Redis under test, so that it runs
 * elsewhere. (libfaketime does not run under jemalloc, which Redis has.)
 *
 *   FAR="PORT=MILLISECONDS ..."  a handshake with a port of loopback takes that
 *                                long, as it does where the round trip does
 *   UP_FOR=SECONDS               the machine has been up for that much longer
 *   CLOCK_AHEAD=PATH             the clock of the wall is ahead by the seconds
 *                                that stand in a file, at each reading
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

typedef int connector(int, const struct sockaddr *, socklen_t);

/* Under the names of libc, whose declarations have their own types. */
connector reach __asm__("connect");
int read_clock(clockid_t which, struct timespec *now) __asm__("clock_gettime");
int read_wall(struct timeval *now, void *zone) __asm__("gettimeofday");
time_t read_seconds(time_t *now) __asm__("time");

static long milliseconds_to(const struct sockaddr *address)
{
    const char *far = getenv("FAR");
    struct sockaddr_in inet;
    char wanted[16];

    if (!far || address->sa_family != AF_INET)
        return 0;
    memcpy(&inet, address, sizeof inet);
    snprintf(wanted, sizeof wanted, "%u=", (unsigned)ntohs(inet.sin_port));
    far = strstr(far, wanted);
    return far ? strtol(far + strlen(wanted), NULL, 10) : 0;
}

int reach(int fd, const struct sockaddr *address, socklen_t length)
{
    long left = milliseconds_to(address);
    struct timespec wait = {left / 1000, left % 1000 * 1000000};
    connector *next;

    if (left)
        nanosleep(&wait, NULL);
    *(void **)&next = dlsym(RTLD_NEXT, "connect");
    return next(fd, address, length);
}

static long seconds_ahead(void)
{
    const char *path = getenv("CLOCK_AHEAD");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    char text[32] = "";
    ssize_t length;

    if (file < 0)
        return 0;
    length = read(file, text, sizeof text - 1);
    close(file);
    return length > 0 ? strtol(text, NULL, 10) : 0;
}

/* By the system call: an allocator reads the clock before dlsym may be used. */
int read_clock(clockid_t which, struct timespec *now)
{
    int status = (int)syscall(SYS_clock_gettime, which, now);
    const char *up_for = which == CLOCK_BOOTTIME ? getenv("UP_FOR") : NULL;

    if (status == 0 && up_for)
        now->tv_sec += strtol(up_for, NULL, 10);
    if (status == 0 && which == CLOCK_REALTIME)
        now->tv_sec += seconds_ahead();
    return status;
}

int read_wall(struct timeval *now, void *zone)
{
    struct timespec clock;

    (void)zone;
    read_clock(CLOCK_REALTIME, &clock);
    *now = (struct timeval){clock.tv_sec, clock.tv_nsec / 1000};
    return 0;
}

time_t read_seconds(time_t *now)
{
    struct timespec clock;

    read_clock(CLOCK_REALTIME, &clock);
    if (now)
        *now = clock.tv_sec;
    return clock.tv_sec;
}
