/*
 * flood_test.c - a socket that is read on and on is cut, once a call is late by
 * it; no other is, and not before.
 */
#include "check.h"
#include "clock.h"
#include "flood.h"
#include "nanoseconds.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

/* The peer: writes until the socket is cut. */
static void *flood_it(void *context)
{
    char bytes[4096] = "";
    int fd = *(int *)context;

    while (send(fd, bytes, sizeof bytes, MSG_NOSIGNAL) > 0)
        ;
    return NULL;
}

/* Read, as libcurl does, until the end or for so long; true at the end. */
static bool read_on(int fd, int64_t length)
{
    int64_t ends = meet_clock_now() + length;
    char bytes[4096];
    ssize_t count = 1;

    while (count != 0 && meet_clock_now() < ends)
        count = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
    return count == 0;
}

/* True if the flooded socket is cut while it is read, 'late' after it is due.
 */
static bool is_cut(struct meet_flood *flood, int64_t late)
{
    pthread_t peer;
    int fds[2];
    bool cut;

    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0, "a pair");
    meet_flood_add(flood, fds[0]);
    CHECK(pthread_create(&peer, NULL, flood_it, &fds[1]) == 0, "a peer");
    meet_flood_enter(flood, meet_clock_now() - late);
    cut = read_on(fds[0], late > 0 ? MEET_SECONDS(10) : MEET_MILLISECONDS(200));
    meet_flood_leave(flood);
    meet_flood_remove(flood, fds[0]);
    shutdown(fds[0], SHUT_RDWR);
    pthread_join(peer, NULL);
    close(fds[0]);
    close(fds[1]);
    return cut;
}

/* What came in on another socket, and is not read, says nothing of it. */
static void check_innocent(struct meet_flood *flood)
{
    int fds[2];

    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0, "a pair");
    CHECK(send(fds[1], "x", 1, 0) == 1, "a byte");
    meet_flood_add(flood, fds[0]);
    CHECK(is_cut(flood, MEET_SECONDS(1)), "cut once late");
    CHECK(!read_on(fds[0], MEET_MILLISECONDS(1)), "the other one is open");
    meet_flood_remove(flood, fds[0]);
    close(fds[0]);
    close(fds[1]);
}

/* Its number may be another file's by now: libcurl closes some itself. */
static void check_reused_number(struct meet_flood *flood)
{
    int fds[2], other[2];

    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0, "a pair");
    meet_flood_add(flood, fds[0]);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, other) == 0, "another");
    CHECK(dup2(other[0], fds[0]) == fds[0], "the same number");
    CHECK(send(other[1], "x", 1, 0) == 1, "a byte");
    CHECK(is_cut(flood, MEET_SECONDS(1)), "cut once late");
    CHECK(!read_on(fds[0], MEET_MILLISECONDS(1)), "another's stays open");
    meet_flood_remove(flood, fds[0]);
    for (int i = 0; i < 2; i++) {
        close(fds[i]);
        close(other[i]);
    }
}

int main(void)
{
    struct meet_flood *flood = meet_flood_new();

    CHECK(flood, "a thread");
    meet_flood_enter(flood, MEET_NEVER);
    meet_flood_leave(flood);
    CHECK(!is_cut(flood, -MEET_SECONDS(60)), "not before it is due");
    check_innocent(flood);
    check_reused_number(flood);
    meet_flood_free(flood);
    meet_flood_free(NULL);
    meet_flood_enter(NULL, 0);
    meet_flood_leave(NULL);
    meet_flood_add(NULL, 0);
    meet_flood_remove(NULL, 0);
    return check_report();
}
