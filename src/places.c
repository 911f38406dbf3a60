/* places.c - see places.h. */
#include "places.h"

/* For a socket and a resolver's thread, or for certificates. */
enum { ENOUGH = 3 };

bool meet_places_are_few(void)
{
    return meet_sockets_lack(ENOUGH);
}

bool meet_places_lack_descriptor(const struct meet_transfer *transfer,
                                 CURLcode result)
{
    if (transfer->progress.sends > 0 ||
        transfer->progress.stopped.kind != MEET_OK)
        return false;
    return transfer->progress.starved ||
           (result != CURLE_OK && result != CURLE_COULDNT_CONNECT &&
            result != CURLE_OPERATION_TIMEDOUT &&
            result != CURLE_OUT_OF_MEMORY && meet_places_are_few());
}

bool meet_places_has_socket(const struct meet_transfer *transfer)
{
    return transfer->multi && !transfer->progress.starved &&
           (transfer->progress.opened || transfer->progress.sends > 0);
}

bool meet_places_any_unread(const struct meet_transfer *list, int64_t now)
{
    for (const struct meet_transfer *each = list; each; each = each->next) {
        const struct meet_progress *progress = &each->progress;
        const struct meet_job *job = each->job;
        const struct meet_socket *socket =
            meet_sockets_get(progress->sockets, progress->socket);

        if (socket && job->gives_up_at <= now && meet_socket_has_unread(socket))
            return true;
    }
    return false;
}

bool meet_places_any_runs(const struct meet_transfer *list)
{
    while (list && !list->multi)
        list = list->next;
    return list;
}

void meet_places_wait(struct meet_multis *multis,
                      struct meet_transfer *transfer)
{
    transfer->progress.starved = true;
    transfer->replaces = !transfer->replaces;
    meet_multis_remove(multis, transfer);
}

bool meet_places_wait_after(struct meet_multis *multis,
                            const struct meet_transfer *list,
                            struct meet_transfer *transfer, CURLcode result)
{
    if (!meet_places_lack_descriptor(transfer, result))
        return false;
    meet_places_wait(multis, transfer);
    if (meet_places_any_runs(list))
        return true;
    meet_multis_close(multis);
    return false;
}

bool meet_places_any_connects(const struct meet_transfer *list)
{
    while (list && (!list->multi || list->progress.request > 0))
        list = list->next;
    return list;
}

int64_t meet_places_next_wakeup(const struct meet_transfer *list,
                                int64_t looks_at)
{
    int64_t soonest = MEET_NEVER;

    for (; list; list = list->next) {
        const struct meet_job *job = list->job;

        soonest = meet_ns_earlier(soonest, job->gives_up_at);
        if (!list->multi) /* it waits for a descriptor */
            soonest = meet_ns_earlier(soonest, looks_at);
    }
    return soonest;
}

struct meet_job *meet_places_first_waiting(const struct meet_transfer *list)
{
    struct meet_job *job = NULL;

    for (; list; list = list->next)
        if (!list->multi)
            job = list->job;
    return job;
}

struct meet_job *meet_places_in_the_way(const struct meet_transfer *list)
{
    struct meet_job *held = NULL;
    unsigned count = 0;
    bool waits = false, none_left = false;

    for (; list; list = list->next) {
        struct meet_job *job = list->job;

        count += !list->streams;
        none_left = none_left || !list->multi;
        if (!meet_places_has_socket(list))
            waits = waits || !job->background;
        else if (job->background)
            held = job;
    }
    return waits && (none_left || count > MEET_MOST_SOCKETS) ? held : NULL;
}
