/*
 * lane.h - jobs of one key, account, quota, limits and limiter, waiting in
 * order of submission, and the gates that they pass. Pure.
 *
 * A gate is shared, also by lanes of different limits. It opens the same for
 * all lanes of one limit: those are a line.
 */
#pragma once

#include "gate.h"
#include "heap.h"
#include "job.h"
#include "table.h"

/* The last one has no window: it is shut while the limiter that several
   processes share has no place. */
enum meet_gate_kind {
    MEET_OF_KEY,
    MEET_OF_ACCOUNT,
    MEET_OF_QUOTA,
    MEET_OF_LIMITER
};

enum { MEET_LANE_GATES = 4 };

/* A gate, and who waits at it. */
struct meet_entrance {
    struct meet_gate gate;
    struct meet_heap closed; /* lines it holds back; largest limit first */
    struct meet_heap looks;  /* at queued jobs, by 'look_at' */
    int64_t due; /* when the first of them opens; without any: unneeded */
    struct meet_heap_node place; /* by 'due' */
    unsigned long lines;         /* that there are */
    enum meet_gate_kind kind;
    unsigned long long id;
    enum meet_quota quota;
    struct meet_error *fault; /* why the limiter cannot be asked; or NULL */
    struct meet_table_node node;
};

struct meet_line {
    struct meet_entrance *entrance;
    unsigned limit;              /* 0: none */
    struct meet_heap waiting;    /* lanes, by their first jobs */
    struct meet_heap_node place; /* at its entrance, or among the open */
    unsigned long lanes;         /* that there are */
    struct meet_table_node node;
};

struct meet_lane {
    struct meet_pace pace; /* unique to the lane */
    struct meet_line *lines[MEET_LANE_GATES];
    struct meet_heap ready; /* jobs, by sequence */
    unsigned long length;   /* of these */
    struct meet_line *line; /* where it waits; NULL: nothing is ready */
    struct meet_heap_node place;
    unsigned long jobs;    /* queued or started */
    struct meet_link link; /* among the idle ones */
    struct meet_table_node node;
};

/* What holds a job back. */
struct meet_hold {
    struct meet_line *line; /* at the gate that opens last, or NULL: nothing */
    int64_t until;          /* the earliest time at which it may start */
};

void meet_entrance_init(struct meet_entrance *entrance, int64_t span);
void meet_line_init(struct meet_line *line, struct meet_entrance *entrance,
                    unsigned limit);
void meet_lane_init(struct meet_lane *lane, const struct meet_pace *pace);

/* Order of entrances in a heap: by 'due'. */
meet_heap_order meet_entrance_before;

/* Order of looks at jobs in a heap: by 'look_at'. */
meet_heap_order meet_look_before;

/* The first job that is ready, or NULL. */
struct meet_job *meet_lane_first(const struct meet_lane *lane);

/* Insert the job by its sequence; remove it. */
void meet_lane_insert(struct meet_lane *lane, struct meet_job *job);
void meet_lane_remove(struct meet_lane *lane, struct meet_job *job);

/* For a job with 'ahead' jobs before it; with none, for the first one. */
struct meet_hold meet_lane_hold(const struct meet_lane *lane,
                                unsigned long ahead, int64_t now);

/* Reserve the job's place at every gate; commit it; release it. */
void meet_lane_reserve(struct meet_lane *lane, struct meet_job *job);
void meet_lane_commit(struct meet_lane *lane, struct meet_job *job,
                      int64_t now);
void meet_lane_release(struct meet_lane *lane, struct meet_job *job);
