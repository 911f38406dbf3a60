/*
 * outcome.h - how an attempt ended: libcurl's result code, refined by what was
 * sent and received. May use libcurl.
 */
#pragma once

#include "transfer.h"

#include <curl/curl.h>

/*
 * Fill 'outcome', and the response's status, after libcurl returned 'result'.
 * After a timeout, shut down the socket if it received nothing since
 * 'started_at'.
 */
void meet_outcome_read(const struct meet_transfer *transfer, CURLcode result,
                       int64_t started_at, struct meet_outcome *outcome);
