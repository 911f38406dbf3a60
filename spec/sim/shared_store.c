/*
 * shared_store.c - the store of the simulated processes: a ledger, a clock that
 * is set now and then, and what may happen to both.
 */
#include "shared.h"

#include <string.h>

static struct {
    struct meet_ledger ledger, saved;
    int64_t set_by, ppm; /* the clock: beside true time, and drift */
    int64_t leap;        /* forward, that is to come */
    bool is_set;         /* since the last message */
} store;

static void copy(struct meet_ledger *to, const struct meet_ledger *from)
{
    if (!meet_ledger_grow(to, (size_t)from->head.places + 1))
        shared_fail("no memory");
    to->head = from->head;
    if (from->head.places > 0)
        memcpy(to->place, from->place,
               (size_t)from->head.places * sizeof *to->place);
}

void store_begin(void)
{
    memset(&store, 0, sizeof store);
    store.ppm = (int64_t)draw_below(201) - 100;
    store.set_by = draw_length(0, 1e6);
    shared.store_life = 1;
    meet_ledger_empty(&store.ledger);
    store_save();
}

void store_end(void)
{
    meet_ledger_deinit(&store.ledger);
    meet_ledger_deinit(&store.saved);
}

void store_save(void)
{
    copy(&store.saved, &store.ledger);
}

/* A snapshot has the marker of another life, which counts as none. */
void store_lose(bool restore)
{
    if (restore) {
        copy(&store.ledger, &store.saved);
        store.ledger.head.marker = MEET_ALWAYS;
    } else {
        store.ledger.head.offset = store.ledger.head.greatest = 0;
        meet_ledger_empty(&store.ledger);
    }
    shared.store_life++;
    rules_lost();
}

/*
 * Forward it leaps when somebody comes next who knows the time: a ledger has
 * to believe one who comes for the first time.
 */
void store_set_clock(int64_t by)
{
    if (by > 0)
        store.leap += by;
    else
        store.set_by += by;
    store.is_set = true;
}

bool store_is_paused(const char *window)
{
    const struct meet_ledger_head *head = &store.ledger.head;

    for (uint32_t i = 0; i < head->windows; i++)
        if (strcmp(head->window[i].name, window) == 0)
            return head->window[i].paused_until > head->greatest;
    return false;
}

static int64_t tell_time(const struct meet_ledger_sight *sight)
{
    if (sight->seen != MEET_ALWAYS && store.ledger.head.marker != MEET_ALWAYS) {
        store.set_by += store.leap;
        store.leap = 0;
    }
    if (store.is_set || store.ledger.head.marker == MEET_ALWAYS)
        rules_troubled(); /* its time stood still, or its hold begins */
    store.is_set = false;
    return meet_ledger_time(
        &store.ledger,
        shared.now + shared.now / 1000000 * store.ppm + store.set_by, sight);
}

static int64_t reserve(const struct event *event, int64_t now)
{
    const struct meet_pace pace = {.quota = event->quota,
                                   .per_second = PER_SECOND,
                                   .per_minute =
                                       shared.per_minute[event->quota]};
    struct meet_limit limits[MEET_PERMIT_LIMITS];
    struct meet_claim claim = {.id = event->message.id,
                               .holder = event->message.holder,
                               .process = event->process,
                               .limits = limits,
                               .count = meet_permit_limits(&pace, limits),
                               .lease = meet_permit_lease};
    int64_t wait = meet_ledger_reserve(&store.ledger, &claim, now);

    if (wait < 0)
        shared_fail("the ledger has no room");
    if (wait == 0)
        rules_granted(limits, claim.count);
    else
        rules_denied(limits, claim.count, wait);
    return wait;
}

void store_execute(const struct event *event)
{
    const struct message *message = &event->message;
    const struct process *process = &shared.processes[event->process];
    int64_t now = tell_time(&message->sight);
    struct event *answer;

    if (message->kind == COMMIT) {
        meet_ledger_commit(&store.ledger, message->id, message->length, now);
    } else if (message->kind == RELEASE) {
        meet_ledger_release(&store.ledger, message->id);
    } else if (message->kind == PAUSE) {
        meet_ledger_pause(&store.ledger, message->window, now + message->length,
                          now);
        rules_paused(message->window, message->length);
    } else {
        shared.asks++;
        answer = shared_push(shared.now + draw_length(process->store_way,
                                                      process->store_way * 1.5),
                             ANSWER);
        answer->process = event->process;
        answer->caller = event->caller;
        answer->run = event->run;
        answer->life = event->life;
        answer->message = *message;
        answer->message.wait = reserve(event, now);
        answer->message.seen = now;
        answer->message.life = shared.store_life;
    }
    if (!meet_ledger_is_sound(&store.ledger))
        shared_fail("the ledger is none any more");
}
