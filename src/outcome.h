/*
 * outcome.h - how an attempt ended: libcurl's result code in the light of what
 * was sent and what has come in.
 * May use libcurl.
 */
#pragma once

#include "transfer.h"

#include <curl/curl.h>

/*
 * Fill 'outcome', and the response's status, after libcurl gave 'result'. A
 * socket on which nothing came in since 'started_at' is shut down where that
 * was a timeout.
 */
void meet_outcome_read(const struct meet_transfer *transfer, CURLcode result,
                       double started_at, struct meet_outcome *outcome);
