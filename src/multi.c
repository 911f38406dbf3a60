/* multi.c - see multi.h. */
#include "multi.h"

#include "flood.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/select.h>

/* Since libcurl 8.20 resolvers' threads are a multi handle's, and this, not the
   option of an easy handle, keeps its cleanup from waiting for them. */
#define QUICK_EXIT ((CURLMoption)(CURLOPTTYPE_LONG + 21))

/* Most milliseconds between polls of another handle, of whose sockets none is
   known: it has none yet, or select cannot watch them. */
enum { LONGEST_SLICE = 10 };

static void free_multi(struct meet_multi *multi)
{
    curl_multi_cleanup(multi->handle);
    free(multi);
}

/* 'sockets': most to one host; 0: no limit. */
static struct meet_multi *new_multi(long sockets)
{
    struct meet_multi *multi = calloc(1, sizeof *multi);

    if (!multi)
        return NULL;
    multi->handle = curl_multi_init();
    if (!multi->handle) {
        free(multi);
        return NULL;
    }
    curl_multi_setopt(multi->handle, CURLMOPT_MAX_HOST_CONNECTIONS, sockets);
    curl_multi_setopt(multi->handle, CURLMOPT_MAXCONNECTS,
                      2L * MEET_MOST_SOCKETS);
    curl_multi_setopt(multi->handle, QUICK_EXIT, 1L); /* unknown before */
    return multi;
}

static struct meet_multi *current(struct meet_multis *multis)
{
    if (!multis->current)
        multis->current = new_multi(MEET_MOST_SOCKETS);
    return multis->current;
}

static void join_others(struct meet_multis *multis, struct meet_multi *multi)
{
    multi->next = multis->others;
    multis->others = multi;
}

static struct meet_multi *of_streams(struct meet_multis *multis)
{
    if (!multis->streams && (multis->streams = new_multi(0)))
        join_others(multis, multis->streams);
    return multis->streams;
}

bool meet_multis_add(struct meet_multis *multis, struct meet_transfer *transfer)
{
    struct meet_multi *multi =
        transfer->streams ? of_streams(multis) : current(multis);

    if (!multi || curl_multi_add_handle(multi->handle, transfer->easy.handle))
        return false;
    multi->transfers++;
    transfer->multi = multi;
    return true;
}

static void drop_other(struct meet_multis *multis, struct meet_multi *multi)
{
    struct meet_multi **place = &multis->others;

    while (*place && *place != multi)
        place = &(*place)->next;
    if (!*place)
        return;
    *place = multi->next;
    if (multis->streams == multi)
        multis->streams = NULL;
    free_multi(multi);
}

void meet_multis_remove(struct meet_multis *multis,
                        struct meet_transfer *transfer)
{
    struct meet_multi *multi = transfer->multi;

    if (!multi)
        return;
    transfer->multi = NULL;
    meet_flood_enter(multis->flood);
    curl_multi_remove_handle(multi->handle, transfer->easy.handle);
    if (--multi->transfers == 0)
        drop_other(multis, multi);
    meet_flood_leave(multis->flood);
}

void meet_multis_retire(struct meet_multis *multis,
                        const struct meet_transfer *transfer)
{
    struct meet_multi *multi = multis->current;

    if (!multi || transfer->multi != multi)
        return;
    multis->current = NULL;
    join_others(multis, multi);
}

void meet_multis_leave_failed(struct meet_multis *multis,
                              const struct meet_transfer *transfer,
                              CURLcode result)
{
    const struct meet_progress *progress = &transfer->progress;
    const struct meet_socket *socket;

    if (!progress->too_late && result != CURLE_SEND_ERROR &&
        result != CURLE_RECV_ERROR && result != CURLE_HTTP2)
        return;
    if (!progress->http1) {
        meet_multis_retire(multis, transfer);
        return;
    }
    socket = meet_sockets_get(progress->sockets, progress->socket);
    if (socket)
        meet_socket_shut(socket);
}

void meet_multis_perform(struct meet_multis *multis)
{
    int running;

    meet_flood_enter(multis->flood);
    if (multis->current)
        curl_multi_perform(multis->current->handle, &running);
    for (struct meet_multi *multi = multis->others; multi; multi = multi->next)
        curl_multi_perform(multi->handle, &running);
    meet_flood_leave(multis->flood);
}

/* With as many sockets as it may have, libcurl closes the oldest idle one. */
void meet_multis_perform_replacing(struct meet_multis *multis)
{
    CURLM *handle = multis->current ? multis->current->handle : NULL;

    if (handle)
        curl_multi_setopt(handle, CURLMOPT_MAX_TOTAL_CONNECTIONS, 1L);
    meet_multis_perform(multis);
    if (handle)
        curl_multi_setopt(handle, CURLMOPT_MAX_TOTAL_CONNECTIONS, 0L);
}

static struct meet_transfer *ended(struct meet_multi *multi, CURLcode *result)
{
    struct CURLMsg *message;
    struct meet_transfer *transfer = NULL;
    int left;

    while ((message = curl_multi_info_read(multi->handle, &left))) {
        if (message->msg != CURLMSG_DONE)
            continue; /* no other message exists yet */
        *result = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        return transfer;
    }
    return NULL;
}

struct meet_transfer *meet_multis_ended(struct meet_multis *multis,
                                        CURLcode *result)
{
    struct meet_transfer *transfer =
        multis->current ? ended(multis->current, result) : NULL;

    for (struct meet_multi *multi = multis->others; multi && !transfer;
         multi = multi->next)
        transfer = ended(multi, result);
    return transfer;
}

/* Add a handle's sockets to the sets; return the highest so far. */
static int add_sockets(const struct meet_multi *multi, fd_set *reads,
                       fd_set *writes, int highest)
{
    fd_set errors;
    int last = -1;

    FD_ZERO(&errors);
    curl_multi_fdset(multi->handle, reads, writes, &errors, &last);
    return last > highest ? last : highest;
}

size_t meet_multis_events(struct meet_multis *multis,
                          struct meet_socket_events *events, size_t most)
{
    struct meet_multi *multi = multis->current;
    fd_set reads, writes;
    int highest = -1;
    size_t count = 0;

    FD_ZERO(&reads);
    FD_ZERO(&writes);
    if (multi)
        highest = add_sockets(multi, &reads, &writes, highest);
    for (multi = multis->others; multi; multi = multi->next)
        highest = add_sockets(multi, &reads, &writes, highest);
    for (unsigned fd = 0; (int)fd <= highest && count < most; fd++) {
        bool read = FD_ISSET(fd, &reads), write = FD_ISSET(fd, &writes);

        if (read || write)
            events[count++] = (struct meet_socket_events){(int)fd, read, write};
    }
    return count;
}

long meet_multis_timeout(struct meet_multis *multis)
{
    struct meet_multi *multi = multis->current;
    long soonest = -1, next;

    if (multi)
        curl_multi_timeout(multi->handle, &soonest);
    for (multi = multis->others; multi; multi = multi->next) {
        curl_multi_timeout(multi->handle, &next);
        if (next >= 0 && (soonest < 0 || next < soonest))
            soonest = next;
    }
    return soonest;
}

/* Set what has to be watched of the other handles; return how many sockets, and
   shorten the wait to their timers. */
static unsigned watch_others(const struct meet_multis *multis,
                             struct curl_waitfd sockets[FD_SETSIZE],
                             int *milliseconds)
{
    fd_set reads, writes;
    int highest = -1;
    unsigned count = 0;

    FD_ZERO(&reads);
    FD_ZERO(&writes);
    for (const struct meet_multi *multi = multis->others; multi;
         multi = multi->next) {
        int last = add_sockets(multi, &reads, &writes, -1);
        long soonest = -1;

        curl_multi_timeout(multi->handle, &soonest);
        if (last < 0 && (soonest < 0 || soonest > LONGEST_SLICE))
            soonest = LONGEST_SLICE;
        if (soonest >= 0 && soonest < *milliseconds)
            *milliseconds = (int)soonest;
        if (last > highest)
            highest = last;
    }
    for (unsigned fd = 0; (int)fd <= highest; fd++) {
        short events = (short)((FD_ISSET(fd, &reads) ? CURL_WAIT_POLLIN : 0) |
                               (FD_ISSET(fd, &writes) ? CURL_WAIT_POLLOUT : 0));

        if (events)
            sockets[count++] = (struct curl_waitfd){(int)fd, events, 0};
    }
    return count;
}

void meet_multis_poll(struct meet_multis *multis, int milliseconds)
{
    struct curl_waitfd sockets[FD_SETSIZE];
    unsigned count = 0;

    if (multis->others)
        count = watch_others(multis, sockets, &milliseconds);
    if (multis->current)
        curl_multi_poll(multis->current->handle, sockets, count, milliseconds,
                        NULL);
    else if (multis->others)
        curl_multi_poll(multis->others->handle, sockets, count, milliseconds,
                        NULL);
    else
        poll(NULL, 0, milliseconds);
}

void meet_multis_close(struct meet_multis *multis)
{
    struct meet_multi *multi;

    meet_flood_enter(multis->flood);
    if (multis->current)
        free_multi(multis->current);
    multis->current = NULL;
    multis->streams = NULL;
    while ((multi = multis->others)) {
        multis->others = multi->next;
        free_multi(multi);
    }
    meet_flood_leave(multis->flood);
    meet_flood_free(multis->flood);
    multis->flood = NULL;
}
