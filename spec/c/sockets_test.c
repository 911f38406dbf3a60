/*
 * sockets_test.c - a forked child closes its descriptors of its parent's
 * sockets, and no other.
 */
#include "check.h"
#include "../../src/sockets.h"

#include <fcntl.h>
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
        _exit(holds(sockets, fd) ? 0 : 1);
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool lets_go(struct meet_sockets *sockets, int fd)
{
    bool inherited = meet_sockets_inherited(sockets);

    meet_sockets_let_go(sockets);
    return inherited && !meet_sockets_inherited(sockets) && !is_open(fd);
}

static bool keeps(struct meet_sockets *sockets, int fd)
{
    meet_sockets_let_go(sockets);
    return is_open(fd);
}

static void check_child(void)
{
    struct meet_sockets sockets;
    int fds[MANY];

    meet_sockets_init(&sockets);
    for (int i = 0; i < MANY; i++)
        fds[i] = meet_sockets_open(&sockets, AF_UNIX, SOCK_STREAM, 0);
    CHECK(!meet_sockets_inherited(&sockets), "opened here");
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

/* The number of a socket that was closed behind our back is somebody else's. */
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
    meet_sockets_deinit(&sockets);
}

/* libcurl closes some sockets itself, and the list must not keep them. */
static void check_closed_unsaid(void)
{
    struct meet_sockets sockets;

    meet_sockets_init(&sockets);
    for (int i = 0; i < MANY; i++)
        close(meet_sockets_open(&sockets, AF_UNIX, SOCK_STREAM, 0));
    CHECK(sockets.count == 1, "one number, one place");
    meet_sockets_deinit(&sockets);
}

int main(void)
{
    check_child();
    check_closed_unsaid();
    check_number_given_anew();
    return check_report();
}
