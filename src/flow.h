/*
 * flow.h - streams under way: how long a server may be silent, and whose owner
 * can go on. May use libcurl.
 */
#pragma once

#include "job.h"
#include "transfer.h"

/*
 * Look at the streams among them, after libcurl was at work: where bytes have
 * come, the timeout begins anew. True when an owner can go on since.
 */
bool meet_flow_look(struct meet_transfer *list, int64_t now);

/* The owner takes what comes from now on, and waits: the timeout begins. */
void meet_flow_take(struct meet_job *job, int64_t now);

/* The owner waits no more: no time runs but the deadline's. */
void meet_flow_rest(struct meet_job *job);

/* True for a file that has had as much as it may in a step, and goes on in the
   next one. */
static inline bool meet_flow_goes_on(const struct meet_stream *stream)
{
    return stream->flows && stream->paused && stream->descriptor > 0;
}

/* Have libcurl give what it holds back. */
CURLcode meet_flow_resume(struct meet_transfer *transfer);
