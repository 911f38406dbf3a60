/*
 * trace.h - GOOGLEMEET_TRACE: one line for each attempt on standard error. It
 * cannot contain a secret: no header field, body or query. May use libcurl.
 */
#pragma once

#include "job.h"
#include "transfer.h"

/*
 * Write the line of the attempt that just ended at 'now' with 'outcome'; the
 * job is still as it was during the attempt.
 */
void meet_trace_write(const struct meet_job *job,
                      const struct meet_transfer *transfer,
                      const struct meet_outcome *outcome, int64_t now);
