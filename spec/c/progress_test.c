/*
 * progress_test.c - what a second send by libcurl is taken for, when libcurl
 * asks more than once; that nothing is sent on a socket which has ended. Its
 * callbacks are called as libcurl calls them.
 */
#include "check.h"

#include <arpa/inet.h>
#include <poll.h>
#include <unistd.h>

#include "../../src/progress.c"

/* The answer to a request that was sent, when libcurl opens sockets anew. */
static void check_second_send(bool http1, bool refused)
{
    struct curl_sockaddr address = {.family = AF_INET, .socktype = SOCK_STREAM};
    struct meet_progress progress = {.sends = 1, .http1 = http1};

    for (int i = 0; i < 2; i++) { /* two addresses, one after the other */
        CHECK(on_open(&progress, CURLSOCKTYPE_IPCXN, &address) ==
                  CURL_SOCKET_BAD,
              "socket %d is not opened", i);
        CHECK(progress.refused == refused, "asked %d times: refused", i + 1);
        CHECK(progress.stopped.kind == MEET_TRANSPORT, "it is stopped");
        snprintf(progress.message, sizeof progress.message,
                 "failed to open socket"); /* newer versions say so */
    }
    CHECK(on_ready(&progress, NULL, NULL, 0, 0) == CURL_PREREQFUNC_ABORT,
          "nothing is sent");
    CHECK(progress.refused == refused, "the first verdict stays");
}

static int port_of(int fd, int (*name)(int, struct sockaddr *, socklen_t *))
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;

    CHECK(name(fd, (struct sockaddr *)&address, &size) == 0, "it has a name");
    return ntohs(address.sin_port);
}

/* A socket of 'sockets' that is connected to the one that is returned. */
static int connect_one(struct meet_sockets *sockets, int *fd)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0), peer;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listener, (struct sockaddr *)&address, size);
    listen(listener, 1);
    getsockname(listener, (struct sockaddr *)&address, &size);
    *fd = meet_sockets_open(sockets, AF_INET, SOCK_STREAM, 0);
    CHECK(connect(*fd, (struct sockaddr *)&address, size) == 0, "it connects");
    peer = accept(listener, NULL, NULL);
    close(listener);
    return peer;
}

/* Whether a request goes on a socket that was used before, or is new. */
static void check_ended_socket(bool http1, bool opened)
{
    struct meet_sockets sockets;
    struct meet_progress progress = {
        .sockets = &sockets, .plain = http1, .opened = opened};
    int fd, peer, here, there, answer;

    meet_sockets_init(&sockets);
    peer = connect_one(&sockets, &fd);
    here = port_of(fd, getsockname);
    there = port_of(fd, getpeername);
    CHECK(on_ready(&progress, NULL, NULL, there, here) == CURL_PREREQFUNC_OK,
          "a live socket takes a request");
    close(peer);
    CHECK(poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 5000) == 1,
          "its end has come");
    progress.sends = 0;
    answer = on_ready(&progress, NULL, NULL, there, here);
    CHECK(answer == (opened ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT),
          "one that has ended takes none, unless it is new");
    CHECK(progress.too_late == !opened && progress.uncounted == !opened,
          "which is no attempt");
    CHECK(progress.sends == (opened ? 1 : 0), "%u were sent", progress.sends);
    meet_sockets_close(&sockets, fd);
    meet_sockets_deinit(&sockets);
}

/* A request has to arrive while its place is given to it: not only to leave. */
static void check_lease(int64_t left, int64_t delay, bool leaves)
{
    struct meet_sockets sockets;
    struct meet_progress progress = {.sockets = &sockets,
                                     .arrives_by = meet_clock_boot() + left};
    int fd, peer, here, there;

    meet_sockets_init(&sockets);
    peer = connect_one(&sockets, &fd);
    here = port_of(fd, getsockname);
    there = port_of(fd, getpeername);
    meet_sockets_find(&sockets, here, there)->delay = delay;
    CHECK((on_ready(&progress, NULL, NULL, there, here) ==
           CURL_PREREQFUNC_OK) == leaves,
          "%g s are left, the way takes %g", meet_ns_seconds(left),
          meet_ns_seconds(delay));
    CHECK(progress.uncounted == !leaves, "which is no attempt");
    close(peer);
    meet_sockets_close(&sockets, fd);
    meet_sockets_deinit(&sockets);
}

int main(void)
{
    check_lease(MEET_SECONDS(60), 0, true);
    check_lease(MEET_SECONDS(60), MEET_SECONDS(59), true);
    check_lease(MEET_SECONDS(60), MEET_SECONDS(60), false);
    check_lease(-1, 0, false);
    check_ended_socket(true, false);
    check_ended_socket(false, false);
    check_ended_socket(true, true);
    check_second_send(false, true);
    check_second_send(true, false);
    return check_report();
}
