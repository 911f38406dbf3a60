/*
 * flood_test.c - a socket that is read on and on is cut, while little of it is
 * given; no other is, and none in a short step.
 */
#include "check.h"
#include "clock.h"
#include "flood.h"
#include "nanoseconds.h"
#include "sockets.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef TCP_INFO
#define TCP_INFO 0 /* as on macOS, where no thread runs and nobody asks */
#endif

/* Two ends of a TCP connection: Linux counts what is read of it. */
static void connect_pair(struct meet_sockets *sockets, int fds[2])
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fds[0] = meet_sockets_open(sockets, AF_INET, SOCK_STREAM, 0);
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

/* How a socket is read: in steps of that length, with a part given. */
struct reading {
    int64_t step; /* 0: one that does not end */
    int given;    /* in a hundred bytes */
    int64_t most; /* for so long, unless it is cut */
};

/* Read, as libcurl does; true if the socket came to its end. */
static bool read_on(struct meet_sockets *sockets, struct meet_flood *flood,
                    int fd, const struct reading *how)
{
    int64_t begun = meet_clock_now(), ends = begun + how->most, now = begun;
    char bytes[4096];
    ssize_t count = 1;

    meet_flood_enter(flood);
    for (; count != 0 && now < ends; now = meet_clock_now()) {
        count = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (count > 0)
            meet_sockets_give(sockets, (size_t)(count * how->given / 100));
        if (how->step > 0 && now - begun > how->step) {
            meet_flood_leave(flood);
            meet_flood_enter(flood);
            begun = now;
        }
    }
    meet_flood_leave(flood);
    return count == 0; /* asked again, it may say that the peer has reset it */
}

/* True if 'fds[0]' is cut while its peer floods it and it is read. */
static bool is_cut(struct meet_sockets *sockets, struct meet_flood *flood,
                   int fds[2], const struct reading *how)
{
    struct linger reset = {1, 0};
    pthread_t peer;
    bool cut;

    CHECK(pthread_create(&peer, NULL, flood_it, &fds[1]) == 0, "a peer");
    cut = read_on(sockets, flood, fds[0], how);
    setsockopt(fds[0], SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    meet_sockets_close(sockets, fds[0]); /* a reset ends the peer's sending */
    pthread_join(peer, NULL);
    close(fds[1]);
    return cut;
}

static const struct reading held = {0, 0, MEET_SECONDS(9)};

static void check_readings(struct meet_sockets *sockets,
                           struct meet_flood *flood)
{
    static const struct {
        struct reading how;
        bool cut;
        const char *text;
    } rows[] = {
        {{0, 0, MEET_SECONDS(9)}, true, "nothing is given"},
        {{0, 3, MEET_SECONDS(9)}, true, "hardly anything is given"},
        {{0, 100, MEET_MILLISECONDS(500)}, false, "all is given"},
        {{0, 30, MEET_MILLISECONDS(500)}, false, "a good part is given"},
        {{MEET_MILLISECONDS(10), 0, MEET_MILLISECONDS(500)},
         false,
         "each step is short"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int fds[2];

        connect_pair(sockets, fds);
        CHECK(is_cut(sockets, flood, fds, &rows[i].how) == rows[i].cut, "%s",
              rows[i].text);
    }
}

/* What came in on another socket, and is not read, says nothing of it. */
static void check_innocent(struct meet_sockets *sockets,
                           struct meet_flood *flood)
{
    int fds[2], other[2];
    int local = meet_sockets_open(sockets, AF_UNIX, SOCK_STREAM, 0);
    char byte = 0;

    connect_pair(sockets, other);
    CHECK(send(other[1], "x", 1, 0) == 1, "a byte");
    connect_pair(sockets, fds);
    CHECK(is_cut(sockets, flood, fds, &held), "one is cut");
    CHECK(recv(other[0], &byte, 1, MSG_DONTWAIT) == 1 && byte == 'x',
          "the other has its byte");
    CHECK(recv(other[0], &byte, 1, MSG_DONTWAIT) < 0, "and is open");
    meet_sockets_close(sockets, other[0]);
    close(other[1]);
    CHECK(meet_sockets_close(sockets, local) == 0, "nor was one without TCP");
}

/* Little is read, as of a handshake, however long the step takes. */
static void check_little(struct meet_sockets *sockets, struct meet_flood *flood)
{
    static const struct timespec pause = {0, 5 * 1000000L};
    char bytes[1500] = "";
    int fds[2];

    connect_pair(sockets, fds);
    meet_flood_enter(flood);
    for (int i = 0; i < 60; i++) {
        CHECK(send(fds[1], bytes, sizeof bytes, MSG_NOSIGNAL) > 0, "it is cut");
        recv(fds[0], bytes, sizeof bytes, MSG_DONTWAIT);
        nanosleep(&pause, NULL);
    }
    meet_flood_leave(flood);
    meet_sockets_close(sockets, fds[0]);
    close(fds[1]);
}

/* Its number may be another socket's by now: libcurl closes some itself. */
static void check_reused_number(struct meet_sockets *sockets,
                                struct meet_flood *flood)
{
    static const struct reading shortly = {0, 0, MEET_MILLISECONDS(500)};
    struct meet_sockets others;
    int fds[2], other[2];

    meet_sockets_init(&others);
    connect_pair(sockets, fds);
    connect_pair(&others, other);
    CHECK(dup2(other[0], fds[0]) == fds[0], "the same number");
    close(other[0]);
    close(fds[1]);
    fds[1] = other[1];
    CHECK(!is_cut(sockets, flood, fds, &shortly), "another's stays open");
    meet_sockets_deinit(&others);
}

/* The thread sleeps when it has seen no work for a second. */
static void check_asleep(struct meet_sockets *sockets, struct meet_flood *flood)
{
    static const struct timespec pause = {1, 300 * 1000000L};
    int fds[2];

    nanosleep(&pause, NULL);
    connect_pair(sockets, fds);
    CHECK(is_cut(sockets, flood, fds, &held), "it wakes up");
    nanosleep(&pause, NULL); /* and ends while it sleeps */
}

/* False where no byte of a socket is counted, as by an emulator of programs:
   what it answers ends before that number. */
static bool is_counted(struct meet_sockets *sockets)
{
    char answer[256] = "";
    socklen_t size = sizeof answer;
    int fds[2];

    connect_pair(sockets, fds);
    CHECK(getsockopt(fds[0], IPPROTO_TCP, TCP_INFO, answer, &size) == 0,
          "what TCP knows");
    meet_sockets_close(sockets, fds[0]);
    close(fds[1]);
    return size > 128;
}

static void check_thread(struct meet_sockets *sockets, struct meet_flood *flood)
{
    check_little(sockets, flood);
    check_reused_number(sockets, flood);
    if (!is_counted(sockets)) {
        puts("no flood is cut: the bytes of a socket are not counted here");
        return;
    }
    check_readings(sockets, flood);
    check_innocent(sockets, flood);
    check_asleep(sockets, flood);
}

int main(void)
{
    struct meet_sockets sockets;
    struct meet_flood *flood;

    meet_sockets_init(&sockets);
    flood = meet_flood_new(&sockets);
    CHECK(!flood == !MEET_FLOOD, "a thread, where the system reports enough");
    if (flood)
        check_thread(&sockets, flood);
    meet_flood_free(flood);
    meet_flood_free(NULL);
    meet_flood_enter(NULL);
    meet_flood_leave(NULL);
    meet_sockets_deinit(&sockets);
    return check_report();
}
