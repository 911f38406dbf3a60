/*
 * sockets_test.c - a forked child closes its descriptors of its parent's
 * sockets, and no other; which socket has a port, has ended, or is watched.
 */
#include "check.h"
#include "../../src/fork.h"
#include "../../src/sockets.h"

#include <errno.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MANY = 20 }; /* more than there is room for at first */

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

/* True if 'holds' does in a child. */
static bool in_child(bool (*holds)(struct meet_sockets *, int),
                     struct meet_sockets *sockets, int fd)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0)
        exit(holds(sockets, fd) ? 0 : 1);
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool lets_go(struct meet_sockets *sockets, int fd)
{
    bool inherited = meet_sockets_is_child(sockets);

    meet_sockets_abandon(sockets);
    return inherited && !meet_sockets_is_child(sockets) && !is_open(fd);
}

static bool keeps(struct meet_sockets *sockets, int fd)
{
    meet_sockets_abandon(sockets);
    return is_open(fd);
}

static bool is_gone(struct meet_sockets *sockets, int fd)
{
    meet_sockets_abandon(sockets);
    return !is_open(fd);
}

static void check_child(void)
{
    struct meet_sockets sockets;
    int fds[MANY];

    meet_sockets_init(&sockets);
    for (int i = 0; i < MANY; i++)
        fds[i] = meet_sockets_open(&sockets, AF_UNIX, SOCK_STREAM, 0);
    CHECK(!meet_sockets_is_child(&sockets), "opened here");
    CHECK((fcntl(fds[0], F_GETFD) & FD_CLOEXEC) != 0, "no program inherits it");
    CHECK(in_child(lets_go, &sockets, fds[0]), "the child closes the first");
    CHECK(in_child(lets_go, &sockets, fds[MANY - 1]),
          "the child closes the last");
    CHECK(is_open(fds[0]), "the parent's stays");
    for (int i = 0; i < MANY; i++)
        CHECK(meet_sockets_close(&sockets, fds[i]) == 0, "close");
    CHECK(!is_open(fds[0]), "closed");
    CHECK(sockets.count == 0, "none is left");
    meet_sockets_deinit(&sockets);
}

/* The number of a socket closed without us may belong to another file. */
static void check_number_given_anew(void)
{
    struct meet_sockets sockets;
    int fd, other;

    meet_sockets_init(&sockets);
    fd = meet_sockets_open(&sockets, AF_UNIX, SOCK_STREAM, 0);
    close(fd);
    other = open("/dev/null", O_RDONLY);
    CHECK(other == fd, "the same number");
    CHECK(in_child(keeps, &sockets, other), "another's file stays");
    close(other);
    other = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(other == fd && in_child(keeps, &sockets, other),
          "another's socket stays");
    close(other);
    CHECK(in_child(is_gone, &sockets, fd), "nothing has the number");
    meet_sockets_deinit(&sockets);
}

/* libcurl closes some sockets itself; the list must drop them. */
static void check_closed_unsaid(void)
{
    struct meet_sockets sockets;

    meet_sockets_init(&sockets);
    for (int i = 0; i < MANY; i++)
        close(meet_sockets_open(&sockets, AF_UNIX, SOCK_STREAM, 0));
    CHECK(sockets.count == 1, "one number, one place");
    meet_sockets_deinit(&sockets);
}

/* Not one of the list, as those that a resolver opens. */
static void check_unknown(void)
{
    struct meet_sockets sockets;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    meet_sockets_init(&sockets);
    CHECK(meet_sockets_close(&sockets, fd) == 0 && !is_open(fd), "closed");
    CHECK(!meet_sockets_find(&sockets, 1, 0), "no socket has the port");
    meet_sockets_deinit(&sockets);
}

static int first_free(void)
{
    int fd = dup(0);

    close(fd);
    return fd;
}

static void check_no_descriptor(void)
{
    struct rlimit limit, none;
    struct meet_sockets sockets;
    int first = first_free();

    meet_sockets_init(&sockets);
    getrlimit(RLIMIT_NOFILE, &limit);
    none = limit;
    none.rlim_cur = 0;
    setrlimit(RLIMIT_NOFILE, &none);
    CHECK(meet_sockets_open(&sockets, AF_UNIX, SOCK_STREAM, 0) == -1, "none");
    CHECK(errno == EMFILE, "and why");
    CHECK(meet_sockets_lack(1) && meet_sockets_lack(2), "none is left");
    none.rlim_cur = (rlim_t)first + 1;
    setrlimit(RLIMIT_NOFILE, &none);
    CHECK(!meet_sockets_lack(1) && meet_sockets_lack(2), "one is left");
    setrlimit(RLIMIT_NOFILE, &limit);
    CHECK(sockets.count == 0, "nothing is noted");
    CHECK(!meet_sockets_lack(2), "some are left");
    meet_sockets_deinit(&sockets);
}

/* What a host prints must not go to a server. */
static void check_standard_descriptors(void)
{
    struct meet_sockets sockets;
    int saved = dup(STDIN_FILENO), fd;

    meet_sockets_init(&sockets);
    close(STDIN_FILENO);
    fd = meet_sockets_open(&sockets, AF_UNIX, SOCK_STREAM, 0);
    CHECK(fd > STDERR_FILENO && !is_open(STDIN_FILENO), "0 stays closed");
    CHECK((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0, "no program inherits it");
    meet_sockets_close(&sockets, fd);
    dup2(saved, STDIN_FILENO);
    close(saved);
    meet_sockets_deinit(&sockets);
}

/* One end of a pair is the server's. */
static void check_cut(void)
{
    struct meet_sockets sockets;
    int fds[2];

    for (int closes = 0; closes < 2; closes++) {
        meet_sockets_init(&sockets);
        CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0, "a pair");
        close(meet_sockets_open(&sockets, AF_UNIX, SOCK_STREAM, 0));
        sockets.open[0].fd = fds[0];
        sockets.open[0].http1 = true;
        if (closes)
            close(fds[1]);
        CHECK(!meet_sockets_get_dropped(&sockets, 1), "not yet");
        meet_sockets_close(&sockets, fds[0]);
        CHECK((meet_sockets_get_dropped(&sockets, 1) != NULL) == !closes,
              "the server's");
        if (!closes)
            close(fds[1]);
        meet_sockets_deinit(&sockets);
    }
}

/* Bind to the port, or any for 0; the port, or 0 where that cannot be. */
static int bind_to(int fd, unsigned host, int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port)};
    socklen_t size = sizeof address;

    address.sin_addr.s_addr = htonl(host);
    if (bind(fd, (struct sockaddr *)&address, size) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) < 0)
        return 0;
    return ntohs(address.sin_port);
}

/* Two sockets with the same ports cannot be distinguished. */
static void check_shared_port(void)
{
    struct meet_sockets sockets;
    int one, other, port;

    meet_sockets_init(&sockets);
    one = meet_sockets_open(&sockets, AF_INET, SOCK_STREAM, 0);
    other = meet_sockets_open(&sockets, AF_INET, SOCK_STREAM, 0);
    port = bind_to(one, INADDR_LOOPBACK, 0);
    CHECK(port > 0, "a port");
    CHECK(meet_sockets_find(&sockets, port, 0) == &sockets.open[0], "found");
    CHECK(!meet_sockets_find(&sockets, port, 80), "another peer");
    CHECK(bind_to(other, INADDR_LOOPBACK + 1, port) == port, "the same");
    CHECK(!meet_sockets_find(&sockets, port, 0), "neither");
    sockets.open[1].peer_port = 80;
    CHECK(meet_sockets_find(&sockets, port, 80) == &sockets.open[1], "by peer");
    CHECK(meet_sockets_get(&sockets, 2) == &sockets.open[1], "by serial");
    meet_sockets_close(&sockets, one);
    CHECK(!meet_sockets_get(&sockets, 1), "closed");
    meet_sockets_close(&sockets, other);
    meet_sockets_deinit(&sockets);
}

/* Not every machine has IPv6. */
static void check_port_of_ipv6(void)
{
    struct meet_sockets sockets;
    struct sockaddr_in6 address = {.sin6_family = AF_INET6};
    socklen_t size = sizeof address;
    int fd;

    meet_sockets_init(&sockets);
    fd = meet_sockets_open(&sockets, AF_INET6, SOCK_STREAM, 0);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, size) == 0) {
        getsockname(fd, (struct sockaddr *)&address, &size);
        CHECK(meet_sockets_find(&sockets, ntohs(address.sin6_port), 0) ==
                  &sockets.open[0],
              "found");
    }
    if (fd >= 0)
        meet_sockets_close(&sockets, fd);
    meet_sockets_deinit(&sockets);
}

/* A socket without a port is nobody's. */
static void check_no_port(void)
{
    struct meet_sockets sockets;
    int fd;

    meet_sockets_init(&sockets);
    fd = meet_sockets_open(&sockets, AF_UNIX, SOCK_STREAM, 0);
    CHECK(!meet_sockets_find(&sockets, 0, 0), "not found");
    meet_sockets_close(&sockets, fd);
    meet_sockets_deinit(&sockets);
}

/* A socket on which a request was sent. */
static int open_one(struct meet_sockets *sockets)
{
    int fd = meet_sockets_open(sockets, AF_INET, SOCK_STREAM, 0);

    sockets->open[sockets->count - 1].requests = 1;
    return fd;
}

/* What a host's loop watches keeps its descriptor until the loop lets go. */
static void check_watched(void)
{
    struct meet_sockets sockets;
    int watched, other;

    meet_sockets_init(&sockets);
    watched = open_one(&sockets);
    other = open_one(&sockets);
    sockets.open[1].requests = 0;
    CHECK(!meet_sockets_watch(&sockets, other), "none that connects can");
    CHECK(meet_sockets_watch(&sockets, watched), "it can be watched");
    CHECK(!meet_sockets_watch(&sockets, STDIN_FILENO),
          "nor what is no socket of ours");
    CHECK(meet_sockets_close(&sockets, watched) == 0, "a watched one is shut");
    CHECK(meet_sockets_close(&sockets, other) == 0, "another one is closed");
    CHECK(is_open(watched), "a watched one keeps its descriptor");
    CHECK(!is_open(other), "another one does not");
    CHECK(in_child(is_gone, &sockets, watched), "a child has none of it");
    meet_sockets_let_go(&sockets, NULL, 0);
    CHECK(!is_open(watched), "the loop has let go");
    watched = open_one(&sockets);
    meet_sockets_watch(&sockets, watched);
    meet_sockets_close(&sockets, watched);
    CHECK(is_open(watched), "the next one is kept, too");
    meet_sockets_deinit(&sockets);
    CHECK(!is_open(watched), "nothing is kept in the end");
}

/* A loop that does not step for long keeps what it watches, and nothing that
   was opened since. */
static void check_long_watch(void)
{
    struct meet_sockets sockets;
    long long first, second;
    int watched, fd, wrong = 0;

    meet_sockets_init(&sockets);
    watched = open_one(&sockets);
    first = meet_sockets_begin_watch(&sockets);
    meet_sockets_watch(&sockets, watched);
    meet_sockets_close(&sockets, watched);
    for (int i = 0; i < 200; i++) {
        fd = open_one(&sockets);
        second = meet_sockets_begin_watch(&sockets);
        meet_sockets_watch(&sockets, fd);
        meet_sockets_close(&sockets, fd);
        meet_sockets_let_go(&sockets, (long long[]){second, first}, 2);
        wrong += !is_open(fd);
        meet_sockets_let_go(&sockets, &first, 1);
        wrong += is_open(fd);
    }
    CHECK(wrong == 0, "those of the second one are kept for that alone");
    CHECK(is_open(watched), "the first one's is kept all the time");
    CHECK(sockets.kept_count == 1, "and nothing else");
    meet_sockets_let_go(&sockets, NULL, 0);
    CHECK(!is_open(watched), "until it has let go");
    meet_sockets_deinit(&sockets);
}

/* One of two loops lets go of what was shut before the other's watch began. */
static void check_two_watches(void)
{
    struct meet_sockets sockets;
    long long first, second;
    int before, between, after;

    meet_sockets_init(&sockets);
    before = open_one(&sockets);
    between = open_one(&sockets);
    after = open_one(&sockets);
    first = meet_sockets_begin_watch(&sockets);
    meet_sockets_watch(&sockets, before);
    meet_sockets_watch(&sockets, between);
    meet_sockets_watch(&sockets, after);
    meet_sockets_close(&sockets, before);
    second = meet_sockets_begin_watch(&sockets);
    CHECK(second > first, "each watch has its number");
    meet_sockets_close(&sockets, between);
    meet_sockets_let_go(&sockets, (long long[]){second, first}, 2);
    CHECK(is_open(before) && is_open(between), "the first one goes on");
    meet_sockets_let_go(&sockets, &second, 1);
    CHECK(!is_open(before), "the first one has ended");
    CHECK(is_open(between), "the second one goes on");
    meet_sockets_close(&sockets, after);
    CHECK(is_open(after), "what the second one watches is kept, too");
    meet_sockets_let_go(&sockets, NULL, 0);
    CHECK(!is_open(between) && !is_open(after), "both have ended");
    meet_sockets_deinit(&sockets);
}

/* A socket to oneself, the other end of which has ended. */
static void check_ended(void)
{
    struct meet_socket one = {0};
    int pair[2];

    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    one.fd = pair[0];
    CHECK(!meet_socket_has_ended(&one), "it has not ended");
    CHECK(send(pair[1], "x", 1, 0) == 1, "a byte is sent");
    CHECK(!meet_socket_has_ended(&one), "it has not ended");
    close(pair[1]);
    CHECK(meet_socket_has_ended(&one), "it has ended, a byte unread");
    CHECK(meet_socket_has_unread(&one), "the byte is there");
    close(pair[0]);
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    one.fd = pair[0];
    shutdown(pair[1], SHUT_WR);
    CHECK(meet_socket_has_ended(&one), "it sends no more, but would read");
    close(pair[0]);
    close(pair[1]);
}

int main(void)
{
    CHECK(meet_fork_watch() && meet_fork_watch(), "forks are counted");
    check_unknown();
    check_no_descriptor();
    check_standard_descriptors();
    check_cut();
    check_shared_port();
    check_port_of_ipv6();
    check_no_port();
    check_child();
    check_closed_unsaid();
    check_number_given_anew();
    check_watched();
    check_long_watch();
    check_two_watches();
    check_ended();
    return check_report();
}
