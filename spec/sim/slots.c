/*
 * slots.c - passes a schedule's actions on a job to the dispatcher and to the
 * rules. The schedule chooses what and when.
 */
#include "sim.h"

struct slot *slots_take(void)
{
    struct slot *slot = sim.slots;

    while (slot < sim.slots + SLOTS && slot->used)
        slot++;
    if (slot == sim.slots + SLOTS)
        return NULL;
    *slot = (struct slot){.run = slot->run, .used = true};
    meet_request_init(&slot->job.request);
    meet_response_init(&slot->job.response, 1000);
    slot->job.stats = &sim.stats;
    slot->not_before = sim.now;
    if (slot >= sim.slots + sim.high)
        sim.high = (unsigned)(slot - sim.slots) + 1;
    return slot;
}

void slots_submit(struct slot *slot, enum meet_quota quota)
{
    slot->job.pace = (struct meet_pace){
        .key = slot->key + 1,
        .account = (slot->key + 1) * 100ULL + slot->account,
        .quota = quota,
        .per_second = PER_SECOND,
        .per_minute = rules_per_minute[quota],
    };
    sim.submitted++;
    meet_dispatch_submit(&sim.dispatch, &slot->job, sim.now);
    rules_submitted(slot);
}

struct slot *slots_start(void)
{
    struct slot *slot = (struct slot *)(void *)meet_dispatch_next_attempt(
        &sim.dispatch, sim.now);

    if (!slot)
        return NULL;
    rules_started(slot);
    slot->started = true;
    slot->left = slot->silent = false;
    return slot;
}

struct arrival slots_leave(struct slot *slot)
{
    slot->left = true;
    rules_left(slot);
    if (!meet_request_is_read(&slot->job.request))
        slot->may_have_happened = true;
    return (struct arrival){slot->key, slot->account, slot->job.pace.quota,
                            slot->started_at};
}

void slots_foreground(struct slot *slot, int64_t deadline)
{
    meet_dispatch_foreground(&sim.dispatch, &slot->job, sim.now, deadline);
    rules_foreground(slot);
}

void slots_finish(struct slot *slot, const struct meet_outcome *outcome,
                  double random)
{
    rules_finishing(slot, outcome, random);
    slot->started = false;
    meet_dispatch_finish(&sim.dispatch, &slot->job, outcome, sim.now, random);
    rules_finished(slot, outcome);
}

void slots_settle(void)
{
    if (meet_dispatch_next_wakeup(&sim.dispatch, sim.now) <= sim.now)
        sim_fail("it asks to be woken at once, again and again");
    for (unsigned i = 0; i < sim.high; i++) {
        struct slot *slot = &sim.slots[i];

        if (!slot->used || slot->job.state != MEET_JOB_DONE)
            continue;
        sim.done++;
        meet_request_deinit(&slot->job.request);
        meet_response_deinit(&slot->job.response);
        slot->used = slot->started = false;
        slot->run++;
    }
    while (sim.high > 0 && !sim.slots[sim.high - 1].used)
        sim.high--;
}
