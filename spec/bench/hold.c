/*
 * hold.c - a way to a server on loopback that takes its time at first.
 *
 *   hold PORT MILLISECONDS
 *
 * Listens on its own port and prints it. What a client sends first on a
 * socket is kept back that long; with TLS that is the handshake. Ends with its
 * standard input.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 64 };

struct way {
    int client, server; /* -1: no such way */
    double opens;       /* nothing is passed on before that */
};

static struct way ways[MOST];

static double now(void)
{
    struct timespec clock;

    clock_gettime(CLOCK_MONOTONIC, &clock);
    return (double)clock.tv_sec + (double)clock.tv_nsec / 1e9;
}

static struct sockaddr_in loopback(unsigned long port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((unsigned short)port),
                                .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

static int listen_somewhere(void)
{
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) < 0 ||
        listen(fd, MOST) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &length) < 0)
        exit(EXIT_FAILURE);
    printf("%u\n", (unsigned)ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

static void admit(int listener, unsigned long port, double wait)
{
    struct sockaddr_in address = loopback(port);
    int one = 1, client = accept(listener, NULL, NULL);
    struct way *way = ways;

    while (way < ways + MOST - 1 && way->client >= 0)
        way++;
    way->client = client;
    way->server = socket(AF_INET, SOCK_STREAM, 0);
    way->opens = now() + wait;
    if (connect(way->server, (struct sockaddr *)&address, sizeof address) < 0)
        exit(EXIT_FAILURE);
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(way->server, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

/* Pass bytes on; either end closed closes both. */
static void pass(struct way *way, int from, int to)
{
    char bytes[16384];
    ssize_t length = read(from, bytes, sizeof bytes);

    for (ssize_t done = 0, more; done < length; done += more)
        if ((more = write(to, bytes + done, (size_t)(length - done))) <= 0)
            length = -1;
    if (length > 0)
        return;
    close(way->client);
    close(way->server);
    way->client = way->server = -1;
}

int main(int argc, char **argv)
{
    unsigned long port = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
    double wait = argc == 3 ? strtod(argv[2], NULL) / 1000 : 0;
    int listener = listen_somewhere();

    for (int i = 0; i < MOST; i++)
        ways[i].client = ways[i].server = -1;
    for (;;) {
        struct pollfd fds[2 + 2 * MOST] = {{.fd = 0, .events = POLLIN},
                                           {.fd = listener, .events = POLLIN}};

        for (int i = 0; i < MOST; i++) {
            int open = now() >= ways[i].opens;

            fds[2 + 2 * i] =
                (struct pollfd){open ? ways[i].client : -1, POLLIN, 0};
            fds[3 + 2 * i] = (struct pollfd){ways[i].server, POLLIN, 0};
        }
        poll(fds, 2 + 2 * MOST, 1);
        if (fds[0].revents)
            return EXIT_SUCCESS;
        if (fds[1].revents)
            admit(listener, port, wait);
        for (int i = 0; i < MOST; i++) {
            if (fds[2 + 2 * i].revents)
                pass(&ways[i], ways[i].client, ways[i].server);
            if (ways[i].client >= 0 && fds[3 + 2 * i].revents)
                pass(&ways[i], ways[i].server, ways[i].client);
        }
    }
}
