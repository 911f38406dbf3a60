/*
 * flood_test.c - a socket that is read on and on is cut, once a call is late by
 * it; no other is, and not before.
 */
#include "check.h"
#include "clock.h"
#include "flood.h"
#include "nanoseconds.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

/* Two ends of a TCP connection: Linux counts what is read of it. */
static void connect_pair(int fds[2])
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fds[0] = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(listener, (struct sockaddr *)&address, size) == 0 &&
              listen(listener, 1) == 0 &&
              getsockname(listener, (struct sockaddr *)&address, &size) == 0 &&
              connect(fds[0], (struct sockaddr *)&address, size) == 0,
          "a connection");
    fds[1] = accept(listener, NULL, NULL);
    close(listener);
}

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

/* True if 'fd' is cut while its peer floods it and it is read. */
static bool is_cut(struct meet_flood *flood, int fds[2], int64_t late)
{
    struct linger reset = {1, 0};
    pthread_t peer;
    bool cut;

    CHECK(pthread_create(&peer, NULL, flood_it, &fds[1]) == 0, "a peer");
    meet_flood_enter(flood, meet_clock_now() - late);
    cut =
        read_on(fds[0], MEET_MILLISECONDS(late > MEET_SECONDS(1) ? 9000 : 300));
    meet_flood_leave(flood);
    setsockopt(fds[0], SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(fds[0]); /* by a reset, which ends the peer's sending */
    pthread_join(peer, NULL);
    close(fds[1]);
    return cut;
}

static void check_times(struct meet_flood *flood)
{
    int fds[2];

    connect_pair(fds);
    meet_flood_add(flood, fds[0]);
    CHECK(!is_cut(flood, fds, -MEET_SECONDS(60)), "not before it is due");
    meet_flood_remove(flood, fds[0]);
    connect_pair(fds);
    meet_flood_add(flood, fds[0]);
    CHECK(is_cut(flood, fds, MEET_SECONDS(2)), "cut once late");
    meet_flood_remove(flood, fds[0]);
}

/* What came in on another socket, and is not read, says nothing of it. */
static void check_innocent(struct meet_flood *flood)
{
    int fds[2], other[2];

    connect_pair(other);
    CHECK(send(other[1], "x", 1, 0) == 1, "a byte");
    meet_flood_add(flood, other[0]);
    connect_pair(fds);
    meet_flood_add(flood, fds[0]);
    CHECK(is_cut(flood, fds, MEET_SECONDS(2)), "cut once late");
    CHECK(!read_on(other[0], MEET_MILLISECONDS(1)), "the other one is open");
    meet_flood_remove(flood, fds[0]);
    meet_flood_remove(flood, other[0]);
    close(other[0]);
    close(other[1]);
}

/* Its number may be another socket's by now: libcurl closes some itself. */
static void check_reused_number(struct meet_flood *flood)
{
    int fds[2], other[2];

    connect_pair(fds);
    meet_flood_add(flood, fds[0]);
    connect_pair(other);
    CHECK(dup2(other[0], fds[0]) == fds[0], "the same number");
    close(other[0]);
    close(fds[1]);
    fds[1] = other[1];
    CHECK(!is_cut(flood, fds, MEET_SECONDS(1)), "another's stays open");
    meet_flood_remove(flood, fds[0]);
}

int main(void)
{
    struct meet_flood *flood = meet_flood_new();

    CHECK(flood, "a thread");
    meet_flood_enter(flood, MEET_NEVER);
    meet_flood_leave(flood);
    check_times(flood);
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
