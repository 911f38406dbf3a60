/*
 * permit_test.c - the windows of a job, and until when it may leave.
 */
#include "check.h"
#include "permit.h"
#include "seconds.h"

static void check_limits(void)
{
    static const struct {
        struct meet_pace pace;
        size_t count;
        const char *names[MEET_PERMIT_LIMITS];
    } cases[] = {
        {{.per_second = 10, .per_minute = 600, .quota = MEET_QUOTA_READ},
         2,
         {"second", "reads"}},
        {{.per_second = 10, .per_minute = 9, .quota = MEET_QUOTA_WRITE},
         2,
         {"second", "writes"}},
        {{.per_minute = 9, .quota = MEET_QUOTA_CREATE}, 1, {"creates"}},
        {{.per_second = 10, .quota = MEET_QUOTA_CREATE}, 1, {"second"}},
        {{.per_second = 10, .per_minute = 9}, 1, {"second"}},
        {{.quota = MEET_QUOTA_READ}, 0, {NULL}},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_limit limits[MEET_PERMIT_LIMITS];

        CHECK(meet_permit_limits(&cases[i].pace, limits) == cases[i].count,
              "case %zu: how many", i);
        for (size_t j = 0; j < cases[i].count; j++)
            CHECK_STRING(limits[j].name, cases[i].names[j], "window");
    }
}

/* A lease that ended unused is followed by one of twice the length. */
static void check_ends(void)
{
    struct meet_job job = {.pace.limiter = 1};
    int64_t lease = meet_permit_lease;

    CHECK(meet_permit_ends(&job) == 0, "without a place whenever it likes");
    for (int i = 0; i < 8; i++, lease = lease < ns(32) ? 2 * lease : lease) {
        CHECK(meet_permit_begin(&job) == lease, "lease %d", i);
        job.permit.asked_at = -lease; /* long ago */
        job.permit.state = MEET_PERMIT_HELD;
        CHECK(meet_permit_ends(&job) == 0 && meet_permit_is_over(&job),
              "it is over");
        meet_permit_release(&job);
    }
}

/* The states of a script's limiter, which the binding reports to. */
static void check_states(void)
{
    struct meet_job job = {.pace.limiter = 1};

    meet_permit_commit(&job, ns(1));
    meet_permit_release(&job);
    CHECK(job.permit.state == MEET_PERMIT_NONE, "nothing is held");
    job.permit.state = MEET_PERMIT_HELD;
    meet_permit_commit(&job, ns(0.5));
    CHECK(job.permit.state == MEET_PERMIT_LEFT && job.permit.delay == ns(0.5),
          "it has left");
    meet_permit_release(&job);
    CHECK(job.permit.state == MEET_PERMIT_LEFT && meet_permit_is_due(&job),
          "which needs a report");
    job.permit.state = MEET_PERMIT_HELD;
    meet_permit_release(&job);
    CHECK(job.permit.state == MEET_PERMIT_UNUSED && meet_permit_is_due(&job),
          "and so has a place that is given back");
    job.pauses_quota = true;
    CHECK_STRING(meet_permit_paused(&job), "second", "no quota: the key's");
    job.pace.quota = MEET_QUOTA_WRITE;
    CHECK_STRING(meet_permit_paused(&job), "writes", "Google's");
    job.pauses_quota = false;
    CHECK_STRING(meet_permit_paused(&job), "second", "the gateway's");
}

int main(void)
{
    check_limits();
    check_ends();
    check_states();
    return check_report();
}
