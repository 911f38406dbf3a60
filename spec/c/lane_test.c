/*
 * lane_test.c - the line of a lane, and that all its gates have to be open.
 */
#include "check.h"
#include "lane.h"
#include "seconds.h"

enum { JOBS = 4, KEY = 0, ACCOUNT = 1, QUOTA = 2 };

struct stage {
    struct meet_lane lane;
    struct meet_line lines[MEET_LANE_GATES];
    struct meet_entrance entrances[MEET_LANE_GATES];
    struct meet_job jobs[JOBS]; /* their places are their sequences */
};

/* Spans of 1, 1 and 60 seconds, as the dispatcher's; the limiter has none. */
static void set(struct stage *stage, unsigned per_second, unsigned per_minute)
{
    const unsigned limits[] = {per_second, 0, per_minute, 0};

    *stage = (struct stage){0};
    meet_lane_init(&stage->lane, &(struct meet_pace){0});
    for (int i = 0; i < MEET_LANE_GATES; i++) {
        meet_entrance_init(&stage->entrances[i], ns(i == QUOTA ? 60 : 1));
        meet_line_init(&stage->lines[i], &stage->entrances[i], limits[i]);
        stage->lane.lines[i] = &stage->lines[i];
        meet_window_grow(&stage->entrances[i].gate.window, limits[i]);
    }
    for (unsigned i = 0; i < JOBS; i++) {
        stage->jobs[i].sequence = i;
        stage->jobs[i].lane = &stage->lane;
    }
}

static void clear(struct stage *stage)
{
    for (int i = 0; i < MEET_LANE_GATES; i++)
        meet_gate_deinit(&stage->entrances[i].gate);
}

/* The places of those who wait, "0123", in the order in which they go. */
static const char *line(struct stage *stage, char *places)
{
    struct meet_job *job;
    size_t count = 0;

    CHECK(stage->lane.length <= JOBS, "length %lu", stage->lane.length);
    while ((job = meet_lane_first(&stage->lane)) && count < JOBS) {
        meet_lane_remove(&stage->lane, job);
        CHECK(!job->place.heap, "it knows that it is out");
        places[count++] = (char)('0' + (job - stage->jobs));
    }
    CHECK(!job && stage->lane.length == 0, "nobody is left");
    places[count] = '\0';
    return places;
}

static void check_line(void)
{
    static const struct {
        const char *inserted;
        const char *removed;
        const char *again; /* inserted after that */
        const char *left;
    } cases[] = {
        {"", "", "", ""},
        {"2", "", "", "2"},
        {"0123", "", "", "0123"},
        {"3210", "", "", "0123"}, /* order of submission, not of arrival */
        {"1302", "", "", "0123"},
        {"230", "", "", "023"},
        {"0123", "0", "", "123"},
        {"0123", "3", "", "012"},
        {"0123", "12", "", "03"},
        {"0123", "3210", "", ""},
        {"0123", "0123", "", ""},
        {"0123", "0", "0", "0123"}, /* tried again: its old place */
        {"0123", "01", "10", "0123"},
        {"0123", "01", "1", "123"},
        {"012", "1", "31", "0123"},
        {"0123", "0123", "20", "02"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;

        set(&stage, 0, 0);
        for (const char *at = cases[i].inserted; *at; at++)
            meet_lane_insert(&stage.lane, &stage.jobs[*at - '0']);
        for (const char *at = cases[i].removed; *at; at++) {
            struct meet_job *job = &stage.jobs[*at - '0'];

            meet_lane_remove(&stage.lane, job);
            CHECK(!job->place.heap, "case %zu: %c is out", i, *at);
        }
        for (const char *at = cases[i].again; *at; at++)
            meet_lane_insert(&stage.lane, &stage.jobs[*at - '0']);
        CHECK_STRING(line(&stage, (char[JOBS + 1]){0}), cases[i].left, "line");
    }
}

static bool is_open(const struct meet_lane *lane, int64_t now)
{
    return !meet_lane_hold(lane, 0, now).line;
}

static void check_gates(void)
{
    static const struct {
        unsigned per_second, per_minute;
        unsigned left; /* that many attempts left at 5 */
        double paused_until[MEET_LANE_GATES];
        unsigned long ahead;
        double now;
        bool open;
        double opens;
    } cases[] = {
        {0, 0, 3, {-1, -1, -1}, 9, 5, true, 5},
        {2, 0, 1, {-1, -1, -1}, 0, 5, true, 5},
        {2, 0, 2, {-1, -1, -1}, 0, 5, false, 6},
        {2, 0, 2, {-1, -1, -1}, 0, 6, true, 6},
        {2, 0, 2, {-1, -1, -1}, 3, 5, false, 7},
        {0, 2, 2, {-1, -1, -1}, 0, 5, false, 65},
        {0, 2, 2, {-1, -1, -1}, 0, 65, true, 65},
        {2, 2, 2, {-1, -1, -1}, 0, 6, false, 65}, /* the slower one */
        {2, 3, 2, {-1, -1, -1}, 0, 6, true, 6},
        {2, 3, 2, {-1, -1, -1}, 1, 5, false, 65},
        {2, 600, 2, {-1, -1, -1}, 1, 5, false, 6},
        {2, 600, 1, {7, -1, -1}, 0, 5, false, 7}, /* of the key */
        {2, 600, 1, {-1, 7, -1}, 0, 5, false, 7}, /* of the account */
        {2, 600, 1, {-1, 7, -1}, 0, 7, true, 7},
        {2, 600, 1, {8, 7, -1}, 0, 7, false, 8},
        {2, 600, 2, {5.5, -1, -1}, 0, 5.75, false, 6},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;
        double opens;

        set(&stage, cases[i].per_second, cases[i].per_minute);
        for (unsigned j = 0; j < cases[i].left; j++) {
            meet_lane_reserve(&stage.lane, &stage.jobs[j]);
            meet_lane_commit(&stage.lane, &stage.jobs[j], ns(5));
        }
        for (int j = 0; j < MEET_LANE_GATES; j++)
            meet_gate_pause(&stage.entrances[j].gate,
                            ns(cases[i].paused_until[j]));
        opens = in_seconds(
            meet_lane_hold(&stage.lane, cases[i].ahead, ns(cases[i].now))
                .until);
        CHECK(is_open(&stage.lane, ns(cases[i].now)) == cases[i].open,
              "case %zu: open", i);
        CHECK(opens == cases[i].opens, "case %zu: %g expected, got %g", i,
              cases[i].opens, opens);
        clear(&stage);
    }
}

static void check_reserved(const struct stage *stage, unsigned reserved,
                           const char *what)
{
    for (int i = 0; i < MEET_LANE_GATES; i++)
        CHECK(stage->entrances[i].gate.reserved == reserved,
              "%s: gate %d has %u", what, i, stage->entrances[i].gate.reserved);
}

/* A job has one place in each gate, and loses it once. */
static void check_places(void)
{
    struct stage stage;
    struct meet_job *job = &stage.jobs[0];

    set(&stage, 1, 1);
    meet_lane_reserve(&stage.lane, job);
    CHECK(job->has_reservation && !stage.jobs[1].has_reservation, "its own");
    check_reserved(&stage, 1, "reserved");
    CHECK(!is_open(&stage.lane, ns(5)), "for it alone");
    meet_lane_release(&stage.lane, job);
    check_reserved(&stage, 0, "released");
    meet_lane_release(&stage.lane, job);
    meet_lane_commit(&stage.lane, job, ns(5));
    check_reserved(&stage, 0, "released twice");
    CHECK(!job->has_reservation && is_open(&stage.lane, ns(5)),
          "as if it had never started");
    meet_lane_reserve(&stage.lane, job);
    meet_lane_commit(&stage.lane, job, ns(5));
    CHECK(!job->has_reservation, "left");
    meet_lane_commit(&stage.lane, job, ns(6));
    meet_lane_release(&stage.lane, job);
    check_reserved(&stage, 0, "left once");
    CHECK(in_seconds(
              meet_gate_opens(&stage.entrances[KEY].gate, 1, 0, ns(5))) == 6 &&
              in_seconds(meet_gate_opens(&stage.entrances[QUOTA].gate, 1, 0,
                                         ns(5))) == 65,
          "at the predicted time");
    clear(&stage);
}

/* Two lanes of one key: each counts the other's attempts. */
static void check_shared_gate(void)
{
    struct stage one, other;

    set(&one, 2, 0);
    set(&other, 3, 0);
    meet_window_grow(&one.entrances[KEY].gate.window, 3);
    other.lines[KEY].entrance = &one.entrances[KEY];
    meet_lane_reserve(&one.lane, &one.jobs[0]);
    meet_lane_reserve(&other.lane, &other.jobs[0]);
    CHECK(!is_open(&one.lane, ns(5)), "two places are all that it has");
    CHECK(is_open(&other.lane, ns(5)), "its limit is three");
    meet_lane_commit(&other.lane, &other.jobs[0], ns(5));
    meet_lane_commit(&one.lane, &one.jobs[0], ns(5.5));
    CHECK(!is_open(&one.lane, ns(5.75)), "both have left");
    CHECK(in_seconds(meet_lane_hold(&one.lane, 0, ns(5.75)).until) == 6,
          "the other's, too");
    CHECK(is_open(&other.lane, ns(5.75)), "a third place");
    clear(&one);
    clear(&other);
}

int main(void)
{
    check_line();
    check_gates();
    check_places();
    check_shared_gate();
    return check_report();
}
