/* ledger.c - see ledger.h. */
#include "ledger.h"

#include <stdlib.h>
#include <string.h>

/* How long others keep their hands off the place of a waiter that is due: it
   may be far away. */
#define GRACE MEET_MILLISECONDS(250)

/* By how much a clock may seem to run faster than the holder's. */
#define LEAP MEET_MILLISECONDS(100)

/* No place and no waiter is further ahead: the longest lease and span. */
#define FURTHEST (2 * MEET_LEDGER_LONGEST)

void meet_ledger_empty(struct meet_ledger *ledger)
{
    struct meet_ledger_head *head = &ledger->head;

    *head = (struct meet_ledger_head){.offset = head->offset,
                                      .greatest = head->greatest,
                                      .marker = MEET_ALWAYS};
}

void meet_ledger_deinit(struct meet_ledger *ledger)
{
    free(ledger->place);
    ledger->place = NULL;
    ledger->capacity = 0;
}

bool meet_ledger_grow(struct meet_ledger *ledger, size_t places)
{
    struct meet_ledger_place *place;

    if (places <= ledger->capacity)
        return true;
    if (places < 2 * ledger->capacity)
        places = 2 * ledger->capacity;
    if (places > SIZE_MAX / sizeof *place)
        return false;
    place = realloc(ledger->place, places * sizeof *place);
    if (!place)
        return false;
    ledger->place = place;
    ledger->capacity = places;
    return true;
}

/* -- soundness -------------------------------------------------------------*/

/* Far from where arithmetic ends. */
static bool is_time(int64_t time)
{
    return time > MEET_ALWAYS / 2 && time < MEET_NEVER / 2;
}

static bool is_near(const struct meet_ledger_head *head, int64_t time)
{
    return time <= meet_ns_add(head->greatest, FURTHEST);
}

static bool is_window_sound(const struct meet_ledger_head *head,
                            const struct meet_ledger_window *window)
{
    return memchr(window->name, '\0', sizeof window->name) &&
           window->span >= 0 && window->span <= MEET_LEDGER_LONGEST &&
           is_near(head, window->paused_until);
}

bool meet_ledger_is_sound(const struct meet_ledger *ledger)
{
    const struct meet_ledger_head *head = &ledger->head;
    bool sound = head->windows <= MEET_LEDGER_WINDOWS &&
                 head->waiters <= MEET_LEDGER_WAITERS &&
                 head->places <= ledger->capacity && is_time(head->greatest) &&
                 is_time(head->offset) && head->marker <= head->greatest;

    for (uint32_t i = 0; sound && i < head->windows; i++)
        sound = is_window_sound(head, &head->window[i]);
    for (uint32_t i = 0; sound && i < head->waiters; i++)
        sound = head->waiter[i].window < head->windows &&
                is_near(head, head->waiter[i].due);
    for (uint64_t i = 0; sound && i < head->places; i++)
        sound = ledger->place[i].window < head->windows &&
                is_near(head, ledger->place[i].free_at);
    return sound;
}

/* -- time ------------------------------------------------------------------*/

/* The clock leapt. What the holder measured counts where nobody asked since it
   did: what was lost in between stays lost, or places are free too early. */
static int64_t after_leap(const struct meet_ledger_head *head,
                          const struct meet_ledger_sight *sight)
{
    return sight->seen == head->greatest
               ? meet_ns_add(sight->seen, meet_ns_later(1, sight->least))
               : meet_ns_add(head->greatest, 1);
}

int64_t meet_ledger_time(struct meet_ledger *ledger, int64_t clock,
                         const struct meet_ledger_sight *sight)
{
    struct meet_ledger_head *head = &ledger->head;
    /* No two steps have one time: by it a holder was the last one, or not. */
    int64_t now = meet_ns_later(meet_ns_add(clock, head->offset),
                                meet_ns_add(head->greatest, 1));
    /* What was seen in another life of the ledger is no time of this one. */
    int64_t seen = meet_ns_earlier(sight->seen, head->greatest);

    if (sight->seen < head->marker)
        seen = head->greatest;
    if (sight->seen != MEET_ALWAYS && head->marker != MEET_ALWAYS &&
        now > meet_ns_add(meet_ns_add(seen, sight->most), LEAP))
        now = after_leap(head, sight);
    head->offset = meet_ns_between(clock, now);
    head->greatest = now;
    return now;
}

/* -- windows ---------------------------------------------------------------*/

/* The window's number, made if it is new; -1: there is no room for it. */
static int find_window(struct meet_ledger *ledger, const char *name)
{
    struct meet_ledger_head *head = &ledger->head;
    struct meet_ledger_window *window;

    for (uint32_t i = 0; i < head->windows; i++)
        if (strcmp(head->window[i].name, name) == 0)
            return (int)i;
    if (head->windows == MEET_LEDGER_WINDOWS ||
        strlen(name) >= MEET_LEDGER_NAME)
        return -1;
    window = &head->window[head->windows];
    *window = (struct meet_ledger_window){.paused_until = MEET_ALWAYS};
    memcpy(window->name, name, strlen(name));
    return (int)head->windows++;
}

/* Drop the places that are free by now. */
static void drop_free(struct meet_ledger *ledger, int64_t now)
{
    uint64_t kept = 0;

    for (uint64_t i = 0; i < ledger->head.places; i++)
        if (ledger->place[i].free_at > now)
            ledger->place[kept++] = ledger->place[i];
    ledger->head.places = kept;
}

static unsigned taken(const struct meet_ledger *ledger, uint32_t window)
{
    unsigned count = 0;

    for (uint64_t i = 0; i < ledger->head.places; i++)
        count += ledger->place[i].window == window;
    return count;
}

/*
 * When the place may be free at the earliest: one that is not committed yet may
 * be at any moment.
 */
static int64_t freed(const struct meet_ledger_place *place, int64_t span,
                     int64_t now)
{
    return meet_ns_earlier(place->free_at, meet_ns_add(now, span));
}

/* When so many places of the window may be free, of 'all' that are taken. */
static int64_t freed_by(const struct meet_ledger *ledger, uint32_t window,
                        int64_t span, unsigned count, int64_t now)
{
    int64_t by = now;

    for (unsigned found = 0; found < count;) {
        int64_t next = MEET_NEVER;

        for (uint64_t i = 0; i < ledger->head.places; i++) {
            const struct meet_ledger_place *place = &ledger->place[i];
            int64_t at = freed(place, span, now);

            if (place->window == window && at > by)
                next = meet_ns_earlier(next, at);
        }
        if (next == MEET_NEVER)
            break;
        by = next;
        for (uint64_t i = 0; i < ledger->head.places; i++)
            found += ledger->place[i].window == window &&
                     freed(&ledger->place[i], span, now) == by;
    }
    return by;
}

/* -- waiters ---------------------------------------------------------------*/

static struct meet_ledger_waiter *find_waiter(struct meet_ledger *ledger,
                                              uint32_t window, uint64_t holder)
{
    struct meet_ledger_head *head = &ledger->head;

    for (uint32_t i = 0; i < head->waiters; i++)
        if (head->waiter[i].window == window &&
            head->waiter[i].holder == holder)
            return &head->waiter[i];
    return NULL;
}

/* Drop those that did not come back. */
static void drop_waiters(struct meet_ledger *ledger, int64_t now)
{
    struct meet_ledger_head *head = &ledger->head;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < head->waiters; i++)
        if (now <= meet_ns_add(head->waiter[i].due, GRACE))
            head->waiter[kept++] = head->waiter[i];
    head->waiters = kept;
}

/* It has got its place. */
static void drop_waiter(struct meet_ledger *ledger,
                        struct meet_ledger_waiter *waiter)
{
    if (waiter)
        *waiter = ledger->head.waiter[--ledger->head.waiters];
}

/* How many wait in the window since before that; of those, who is due. */
static unsigned ahead(const struct meet_ledger *ledger, uint32_t window,
                      uint64_t holder, int64_t since, bool due, int64_t now)
{
    const struct meet_ledger_head *head = &ledger->head;
    unsigned count = 0;

    for (uint32_t i = 0; i < head->waiters; i++) {
        const struct meet_ledger_waiter *waiter = &head->waiter[i];

        count += waiter->window == window && waiter->holder != holder &&
                 waiter->since < since && (!due || waiter->due <= now);
    }
    return count;
}

static void note_waiter(struct meet_ledger *ledger,
                        struct meet_ledger_waiter *known,
                        const struct meet_ledger_waiter *waiter)
{
    struct meet_ledger_head *head = &ledger->head;

    if (known)
        known->due = waiter->due;
    else if (head->waiters < MEET_LEDGER_WAITERS) /* else without a turn */
        head->waiter[head->waiters++] = *waiter;
}

/* -- the steps -------------------------------------------------------------*/

/* How long to wait for a place in the window; 0: there is one. */
static int64_t wait_for(struct meet_ledger *ledger,
                        const struct meet_claim *claim,
                        const struct meet_limit *limit, uint32_t window,
                        int64_t now)
{
    struct meet_ledger_waiter *known =
        find_waiter(ledger, window, claim->holder);
    struct meet_ledger_waiter waiter = {
        .holder = claim->holder,
        .since = known ? known->since : now,
        .window = window,
    };
    unsigned used = taken(ledger, window), lacks;

    ledger->head.window[window].span = limit->span;
    if (ledger->head.window[window].paused_until > now)
        return ledger->head.window[window].paused_until - now;
    if (used + ahead(ledger, window, claim->holder, waiter.since, true, now) <
        limit->limit)
        return 0;
    lacks = used + 1 +
            ahead(ledger, window, claim->holder, waiter.since, false, now) -
            limit->limit;
    waiter.due = freed_by(ledger, window, limit->span, lacks, now);
    if (waiter.due == now) /* all that is free is for others who are due */
        waiter.due = now + GRACE;
    note_waiter(ledger, known, &waiter);
    return waiter.due - now;
}

/* Without a marker nothing of what is there can be relied on. */
static void begin(struct meet_ledger *ledger, int64_t now)
{
    if (ledger->head.marker != MEET_ALWAYS)
        return;
    meet_ledger_empty(ledger);
    ledger->head.marker = now;
}

/* Nobody starts until all that was given before has ended. */
static int64_t wait_for_others(struct meet_ledger *ledger,
                               const struct meet_claim *claim, int64_t now)
{
    int64_t span = claim->count > 0 ? MEET_NEVER : 0;

    begin(ledger, now);
    for (size_t i = 0; i < claim->count; i++)
        span = meet_ns_earlier(span, claim->limits[i].span);
    return meet_ns_between(now, ledger->head.marker + claim->lease + span);
}

/* The numbers of the claim's windows; false: there are too many. */
static bool find_windows(struct meet_ledger *ledger,
                         const struct meet_claim *claim, uint32_t *windows)
{
    if (claim->count > MEET_LEDGER_WINDOWS)
        return false;
    for (size_t i = 0; i < claim->count; i++) {
        int window = find_window(ledger, claim->limits[i].name);

        if (window < 0)
            return false;
        windows[i] = (uint32_t)window;
    }
    return true;
}

int64_t meet_ledger_reserve(struct meet_ledger *ledger,
                            const struct meet_claim *claim, int64_t now)
{
    uint32_t windows[MEET_LEDGER_WINDOWS];
    int64_t wait = wait_for_others(ledger, claim, now);

    if (!find_windows(ledger, claim, windows))
        return -1;
    if (wait > 0)
        return wait;
    drop_free(ledger, now);
    drop_waiters(ledger, now);
    for (size_t i = 0; i < claim->count; i++)
        wait = meet_ns_later(
            wait, wait_for(ledger, claim, &claim->limits[i], windows[i], now));
    if (wait > 0)
        return wait;
    if (!meet_ledger_grow(ledger, (size_t)ledger->head.places + claim->count))
        return -1;
    for (size_t i = 0; i < claim->count; i++) {
        ledger->place[ledger->head.places++] = (struct meet_ledger_place){
            .id = claim->id,
            .free_at = now + claim->lease + claim->limits[i].span,
            .window = windows[i],
            .process = claim->process,
        };
        drop_waiter(ledger, find_waiter(ledger, windows[i], claim->holder));
    }
    return 0;
}

void meet_ledger_commit(struct meet_ledger *ledger, uint64_t id, int64_t delay,
                        int64_t now)
{
    for (uint64_t i = 0; i < ledger->head.places; i++) {
        struct meet_ledger_place *place = &ledger->place[i];
        int64_t span = ledger->head.window[place->window].span;

        if (place->id == id)
            place->free_at =
                meet_ns_earlier(place->free_at, now + span + delay);
    }
}

void meet_ledger_release(struct meet_ledger *ledger, uint64_t id)
{
    uint64_t kept = 0;

    for (uint64_t i = 0; i < ledger->head.places; i++)
        if (ledger->place[i].id != id)
            ledger->place[kept++] = ledger->place[i];
    ledger->head.places = kept;
}

bool meet_ledger_pause(struct meet_ledger *ledger, const char *window,
                       int64_t until, int64_t now)
{
    int64_t *paused_until;
    int number;

    begin(ledger, now);
    number = find_window(ledger, window);
    if (number < 0)
        return false;
    paused_until = &ledger->head.window[number].paused_until;
    *paused_until = meet_ns_later(
        *paused_until,
        meet_ns_earlier(until, meet_ns_add(now, MEET_LEDGER_LONGEST)));
    return true;
}
