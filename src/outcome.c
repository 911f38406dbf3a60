/* outcome.c - see outcome.h. */
#include "outcome.h"

#include "clock.h"
#include "code.h"

#include <string.h>

static const struct meet_code long_line = {CURLE_OK, MEET_TOO_LARGE, true};
static const struct meet_code bad_proxy = {CURLE_OK, MEET_CONFIG, true};

/*
 * libcurl says "out of memory" of a line of the head over 100 KB, too (until
 * 8.6): it was that where there is memory for one.
 */
static bool is_long_line(const struct meet_transfer *transfer, CURLcode code)
{
    struct meet_error err;
    struct meet_buffer line;
    bool has_memory;

    if (code != CURLE_OUT_OF_MEMORY || transfer->sends == 0 ||
        (transfer->response->head.length > 0 && !transfer->in_head))
        return false;
    meet_buffer_init(&line, CURL_MAX_HTTP_HEADER);
    has_memory = meet_buffer_reserve(&line, CURL_MAX_HTTP_HEADER, &err) == 0;
    meet_buffer_deinit(&line);
    return has_memory;
}

/* libcurl's own words name the proxy, password and all. */
static bool is_bad_proxy(const struct meet_transfer *transfer)
{
    static const char words[] = "Unsupported proxy";

    return strncmp(transfer->message, words, sizeof words - 1) == 0;
}

/* What the code means, in the light of what has come in. */
static const struct meet_code *judge(const struct meet_transfer *transfer,
                                     CURLcode code)
{
    const struct meet_code *lost = meet_code_find(CURLE_RECV_ERROR);
    const struct meet_code *row = meet_code_find(code);

    if (is_long_line(transfer, code))
        return &long_line;
    if (is_bad_proxy(transfer))
        return &bad_proxy;
    /* An answer that has not begun is no part of one. */
    if (code == CURLE_PARTIAL_FILE && transfer->response->status == 0)
        return lost;
    /* libcurl shook hands once more, for a request that had been sent. */
    return row->kind == MEET_TLS && transfer->sends > 0 ? lost : row;
}

static void count(const struct meet_transfer *transfer,
                  struct meet_outcome *outcome)
{
    long sockets = 0, sent = 0;
    curl_off_t body = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_NUM_CONNECTS, &sockets);
    curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &sent);
    curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_DOWNLOAD_T, &body);
    outcome->sockets_opened = (unsigned)sockets;
    outcome->bytes_sent = (double)sent;
    outcome->bytes_received =
        (double)transfer->response->head.length + (double)body;
}

void meet_outcome_read(const struct meet_transfer *transfer, CURLcode code,
                       double started_at, struct meet_outcome *outcome)
{
    const struct meet_code *row;
    long status = 0;

    if (code == CURLE_OPERATION_TIMEDOUT)
        meet_sockets_shut_silent(transfer->sockets, transfer->port, started_at);

    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    transfer->response->status = (int)status;
    if (code == CURLE_OK && transfer->in_head)
        code = CURLE_GOT_NOTHING; /* to libcurl the end of the head */
    if (code == CURLE_OK) {
        meet_response_outcome(transfer->response, meet_clock_wall(), outcome);
        count(transfer, outcome);
        return;
    }
    row = judge(transfer, code);
    memset(outcome, 0, sizeof *outcome);
    count(transfer, outcome);
    outcome->advice = -1;
    outcome->sent = transfer->sends > 0;
    outcome->ending = !outcome->sent              ? MEET_ENDED_NOT_SENT
                      : row->kind == MEET_TIMEOUT ? MEET_ENDED_TIMED_OUT
                                                  : MEET_ENDED_LOST;
    if (transfer->stopped.kind != MEET_OK) {
        outcome->error = transfer->stopped;
        outcome->stale = transfer->stale;
        if (transfer->stopped.kind != MEET_TRANSPORT)
            outcome->ending = MEET_ENDED_FAILED;
        return;
    }
    if (row->final)
        outcome->ending = MEET_ENDED_FAILED;
    meet_error_set(&outcome->error, row->kind, "%s",
                   row == &long_line      ? "a line of the head is too long"
                   : row == &bad_proxy    ? "the proxy, given or from the "
                                            "environment, is no URL of one"
                   : transfer->message[0] ? transfer->message
                                          : curl_easy_strerror(code));
    outcome->error.origin = MEET_FROM_TRANSPORT;
}
