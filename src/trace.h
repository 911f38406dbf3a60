/*
 * trace.h - GOOGLEMEET_TRACE: one line of facts for each attempt, on standard
 * error. No secret can be in it: there is no header field, body or query.
 * May use libcurl.
 */
#pragma once

#include "job.h"
#include "transfer.h"

/*
 * Write the line of the attempt that 'outcome' has just ended at 'now'; the
 * job still is as it was while the attempt was under way.
 */
void meet_trace_write(const struct meet_job *job,
                      const struct meet_transfer *transfer,
                      const struct meet_outcome *outcome, double now);
