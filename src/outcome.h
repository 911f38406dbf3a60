/*
 * outcome.h - how an attempt ended: libcurl's result code, refined by what was
 * sent and received. May use libcurl.
 */
#pragma once

#include "transfer.h"

#include <curl/curl.h>

/* Fill 'outcome', and the response's status, after libcurl returned 'result'.
 */
void meet_outcome_read(const struct meet_transfer *transfer, CURLcode result,
                       struct meet_outcome *outcome);

/*
 * True if the result says for sure how the attempt ended, whatever its time:
 * with an answer, by a callback of ours that counts, or as any other attempt
 * would end.
 */
bool meet_outcome_is_known(const struct meet_transfer *transfer,
                           CURLcode result);

/* Fill 'outcome', of kind timeout: libcurl has not ended the attempt in time.
 */
void meet_outcome_late(const struct meet_transfer *transfer,
                       struct meet_outcome *outcome);
