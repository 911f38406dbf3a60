/*
 * gateway.c - a gateway on loopback that takes so many requests in any second,
 * and notes when each of them arrived.
 *
 *   gateway JOURNAL LIMIT
 *
 * Listens on its own port and prints it. GET /google-meet/v2/NAME is
 * answered with {"name": "NAME"}; where it is more than the LIMIT'th that
 * arrived within one second, refused ones counted, it is answered with 429 as
 * the gateway answers (spec/contract/gateway.md). LIMIT 0 refuses nothing.
 * Ends with its standard input.
 *
 * A line of JOURNAL: nanoseconds of the arrival on CLOCK_MONOTONIC, how much
 * later this process read it, the status, the number of the socket, NAME.
 * A request arrives when the kernel has the last byte of its head, so a busy
 * machine, on which this process waits for a processor, moves no arrival.
 */
#define _GNU_SOURCE
#include "loopback.h"
#include <poll.h>
#include <signal.h>
#include <string.h>

enum { MOST = 250, HEAD = 4096, KEPT = 16384 };

static const int64_t second = 1000000000;

struct visitor {
    int fd; /* -1: nobody */
    unsigned number;
    size_t length;
    char head[HEAD + 1];
};

static struct visitor visitors[MOST];
static unsigned sockets;

/* The last arrivals, a ring. */
static int64_t arrivals[KEPT];
static size_t arrived;

static FILE *journal;
static size_t limit;

/* Note an arrival; return whether it is one too many within a second. */
static int is_refused(int64_t when)
{
    size_t last = arrived < KEPT ? arrived : KEPT, count = 0;

    for (size_t back = 1; back <= last && count < limit; back++) {
        int64_t before = when - arrivals[(arrived - back) % KEPT];

        if (before < second)
            count++;
        else if (before > 2 * second) /* in order, but for a few microseconds */
            break;
    }
    arrivals[arrived++ % KEPT] = when;
    return limit && count >= limit;
}

static void hang_up(struct visitor *visitor)
{
    close(visitor->fd);
    visitor->fd = -1;
}

static void answer(struct visitor *visitor, int status, const char *name)
{
    char text[HEAD + 512], body[HEAD + 64];
    int length = 0, sent;

    if (status == 200)
        length = snprintf(body, sizeof body, "{\"name\": \"%s\"}", name);
    else
        length = snprintf(body, sizeof body, "%s",
                          "{\"error\": {\"message\": \"Too many requests\", "
                          "\"code\": 429}}");
    sent = snprintf(text, sizeof text,
                    "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\n"
                    "Content-Length: %d\r\n\r\n%s",
                    status, status == 200 ? "OK" : "Too Many Requests", length,
                    body);
    if (send(visitor->fd, text, (size_t)sent, MSG_NOSIGNAL) != sent)
        hang_up(visitor);
}

/* A head is whole: note it and answer. */
static void take(struct visitor *visitor, int64_t when, int64_t late)
{
    char name[HEAD + 1] = "?";
    int status;

    sscanf(visitor->head, "%*s /google-meet/v2/%s", name);
    status = is_refused(when) ? 429 : 200;
    fprintf(journal, "%lld %lld %d %u %s\n", (long long)when, (long long)late,
            status, visitor->number, name);
    visitor->length = 0;
    answer(visitor, status, name);
}

/* Return how long ago the kernel got what recvmsg has given, 0 if unknown. */
static int64_t age(struct msghdr *message)
{
    struct cmsghdr *part = CMSG_FIRSTHDR(message);

    for (; part; part = CMSG_NXTHDR(message, part)) {
        struct timespec stamp;
        int64_t passed;

        if (part->cmsg_level != SOL_SOCKET ||
            part->cmsg_type != SCM_TIMESTAMPNS)
            continue;
        memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
        passed = nanoseconds(CLOCK_REALTIME) -
                 ((int64_t)stamp.tv_sec * second + stamp.tv_nsec);
        return passed > 0 && passed < 10 * second ? passed : 0;
    }
    return 0;
}

static void listen_to(struct visitor *visitor)
{
    union {
        struct cmsghdr head;
        char bytes[256];
    } control;
    struct iovec into = {visitor->head + visitor->length,
                         HEAD - visitor->length};
    struct msghdr message = {.msg_iov = &into,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    ssize_t length = recvmsg(visitor->fd, &message, 0);
    int64_t late, now = nanoseconds(CLOCK_MONOTONIC);

    if (length <= 0) {
        hang_up(visitor);
        return;
    }
    late = age(&message);
    visitor->length += (size_t)length;
    visitor->head[visitor->length] = '\0';
    if (strstr(visitor->head, "\r\n\r\n"))
        take(visitor, now - late, late);
    else if (visitor->length == HEAD)
        hang_up(visitor);
}

static void admit(int listener)
{
    struct visitor *visitor = visitors;
    int fd = accept(listener, NULL, NULL);

    while (visitor < visitors + MOST && visitor->fd >= 0)
        visitor++;
    if (fd < 0 || visitor == visitors + MOST) {
        fprintf(stderr, "gateway: no room for a socket\n");
        exit(EXIT_FAILURE);
    }
    send_at_once(fd);
    *visitor = (struct visitor){.fd = fd, .number = ++sockets};
}

static int open_door(void)
{
    int one = 1, listener = bind_loopback(0);

    /* What is accepted inherits it. */
    setsockopt(listener, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
    if (listen(listener, BACKLOG) < 0)
        exit(EXIT_FAILURE);
    printf("%lu\n", port_of(listener));
    fflush(stdout);
    return listener;
}

int main(int argc, char **argv)
{
    int listener;

    journal = argc == 3 ? fopen(argv[1], "w") : NULL;
    if (!journal)
        return EXIT_FAILURE;
    setvbuf(journal, NULL, _IOLBF, BUFSIZ);
    limit = strtoul(argv[2], NULL, 10);
    signal(SIGPIPE, SIG_IGN);
    for (int i = 0; i < MOST; i++)
        visitors[i].fd = -1;
    listener = open_door();
    for (;;) {
        struct pollfd fds[2 + MOST] = {{.fd = 0, .events = POLLIN},
                                       {.fd = listener, .events = POLLIN}};

        for (int i = 0; i < MOST; i++)
            fds[2 + i] = (struct pollfd){visitors[i].fd, POLLIN, 0};
        poll(fds, 2 + MOST, -1);
        if (fds[0].revents)
            return fclose(journal) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
        for (int i = 0; i < MOST; i++)
            if (fds[2 + i].revents)
                listen_to(&visitors[i]);
        if (fds[1].revents)
            admit(listener);
    }
}
