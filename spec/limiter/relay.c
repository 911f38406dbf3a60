/*
 * relay.c - a long way to a server on loopback.
 *
 *   relay PORT MILLISECONDS
 *
 * Listens on its own port and prints it. What is sent arrives that many
 * milliseconds later, either way. (A handshake ends at the relay and takes no
 * time; elsewhere.c makes it take some.) SIGUSR1 cuts the way: all sockets are
 * reset, and new ones are refused until SIGUSR2. Ends with its standard input.
 */
#define _GNU_SOURCE
#include "loopback.h"
#include <poll.h>
#include <signal.h>

enum { MOST = 100, PIECE = 65536, CLIENT = 0, SERVER = 1 };

/* Bytes under way; the stream ends with a piece that has none. */
struct piece {
    struct piece *next;
    int64_t due;
    size_t length;
    char bytes[PIECE];
};

/* From one end of a way to the other. */
struct lane {
    int has_ended;
    struct piece *first, *last;
};

struct way {
    int ends[2];          /* CLIENT: -1 where there is no such way */
    struct lane lanes[2]; /* by the end they come from */
};

static struct way ways[MOST];
static unsigned long target;
static int64_t delay;
static volatile sig_atomic_t is_cut;

static void note_signal(int number)
{
    is_cut = number == SIGUSR1;
}

static void drop(struct way *way)
{
    struct linger hard = {.l_onoff = 1}; /* bytes that wait make it a reset */

    for (int end = CLIENT; end <= SERVER; end++) {
        struct piece *piece = way->lanes[end].first;

        if (is_cut)
            setsockopt(way->ends[end], SOL_SOCKET, SO_LINGER, &hard,
                       sizeof hard);
        close(way->ends[end]);
        while (piece) {
            struct piece *next = piece->next;

            free(piece);
            piece = next;
        }
    }
    *way = (struct way){.ends = {-1, -1}};
}

static void take(struct way *way, int end)
{
    struct lane *lane = &way->lanes[end];
    struct piece *piece = malloc(sizeof *piece);
    ssize_t length;

    if (!piece)
        exit(EXIT_FAILURE);
    length = read(way->ends[end], piece->bytes, PIECE);
    piece->next = NULL;
    piece->due = nanoseconds(CLOCK_MONOTONIC) + delay;
    piece->length = length > 0 ? (size_t)length : 0;
    lane->has_ended = length <= 0;
    if (lane->first)
        lane->last->next = piece;
    else
        lane->first = piece;
    lane->last = piece;
}

/* Pass on what is due. Return -1 where the stream is at its end. */
static int pass(struct way *way, int end, int64_t now)
{
    struct lane *lane = &way->lanes[end];
    struct piece *piece;

    while ((piece = lane->first) && piece->due <= now) {
        ssize_t length = (ssize_t)piece->length;

        if (!length || send(way->ends[!end], piece->bytes, piece->length,
                            MSG_NOSIGNAL) != length)
            return -1;
        lane->first = piece->next;
        free(piece);
    }
    return 0;
}

/* The end of one lane is that of the way. */
static void pass_both(struct way *way)
{
    int64_t now = nanoseconds(CLOCK_MONOTONIC);

    if (pass(way, CLIENT, now) < 0 || pass(way, SERVER, now) < 0)
        drop(way);
}

static void admit(int listener)
{
    struct sockaddr_in address = loopback(target);
    struct way *way = ways;
    int client = accept(listener, NULL, NULL);

    while (way < ways + MOST && way->ends[CLIENT] >= 0)
        way++;
    if (client < 0)
        return;
    if (way == ways + MOST) {
        fprintf(stderr, "relay: no room for a socket\n");
        exit(EXIT_FAILURE);
    }
    *way = (struct way){.ends = {client, socket(AF_INET, SOCK_STREAM, 0)}};
    send_at_once(client);
    send_at_once(way->ends[SERVER]);
    if (connect(way->ends[SERVER], (struct sockaddr *)&address,
                sizeof address) < 0)
        drop(way);
}

/* Return -1 while the way is cut, else the listener. */
static int keep_door(int listener, unsigned long port)
{
    if (is_cut && listener >= 0) {
        close(listener);
        for (int i = 0; i < MOST; i++)
            if (ways[i].ends[CLIENT] >= 0)
                drop(&ways[i]);
        return -1;
    }
    if (is_cut || listener >= 0)
        return listener;
    listener = bind_loopback(port);
    if (listen(listener, BACKLOG) < 0)
        exit(EXIT_FAILURE);
    return listener;
}

/* Wait for bytes, a signal or what is due next. */
static void wait_for(struct pollfd *fds, const sigset_t *open)
{
    int64_t due = INT64_MAX, now = nanoseconds(CLOCK_MONOTONIC);
    struct timespec left;

    for (int i = 0; i < MOST; i++)
        for (int end = CLIENT; end <= SERVER; end++) {
            const struct lane *lane = &ways[i].lanes[end];

            fds[2 + 2 * i + end] = (struct pollfd){
                lane->has_ended ? -1 : ways[i].ends[end], POLLIN, 0};
            if (lane->first && lane->first->due < due)
                due = lane->first->due;
        }
    due = due > now ? due - now : 0;
    left.tv_sec = due / 1000000000;
    left.tv_nsec = due % 1000000000;
    if (ppoll(fds, 2 + 2 * MOST, &left, open) < 0)
        for (int i = 0; i < 2 + 2 * MOST; i++)
            fds[i].revents = 0;
}

int main(int argc, char **argv)
{
    struct sigaction noting = {.sa_handler = note_signal};
    struct pollfd fds[2 + 2 * MOST];
    int holder = bind_loopback(0); /* keeps the port while the way is cut */
    unsigned long port = port_of(holder);
    int listener = -1;
    sigset_t closed, open;

    if (argc != 3)
        return EXIT_FAILURE;
    target = strtoul(argv[1], NULL, 10);
    delay = (int64_t)(strtod(argv[2], NULL) * 1e6);
    for (int i = 0; i < MOST; i++)
        ways[i] = (struct way){.ends = {-1, -1}};
    sigemptyset(&closed);
    sigaddset(&closed, SIGUSR1);
    sigaddset(&closed, SIGUSR2);
    sigprocmask(SIG_BLOCK, &closed, &open);
    sigaction(SIGUSR1, &noting, NULL);
    sigaction(SIGUSR2, &noting, NULL);
    listener = keep_door(listener, port);
    printf("%lu\n", port);
    fflush(stdout);
    for (;;) {
        listener = keep_door(listener, port);
        fds[0] = (struct pollfd){.fd = 0, .events = POLLIN};
        fds[1] = (struct pollfd){.fd = listener, .events = POLLIN};
        wait_for(fds, &open);
        if (fds[0].revents)
            return EXIT_SUCCESS;
        for (int i = 0; i < MOST; i++) {
            for (int end = CLIENT; end <= SERVER; end++)
                if (fds[2 + 2 * i + end].revents)
                    take(&ways[i], end);
            pass_both(&ways[i]);
        }
        if (fds[1].revents)
            admit(listener);
    }
}
