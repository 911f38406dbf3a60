/* outcome.c - see outcome.h. */
#include "outcome.h"

#include "clock.h"
#include "library.h"

#include <string.h>

/* What a libcurl result code means, regardless of the attempt's progress. */
struct meaning {
    CURLcode result;
    enum meet_kind kind;
    bool final; /* another attempt ends the same way */
};

static const struct meaning meanings[] = {
    {CURLE_OPERATION_TIMEDOUT, MEET_TIMEOUT, false},
    {CURLE_SSL_CONNECT_ERROR, MEET_TLS, false},
    {CURLE_PEER_FAILED_VERIFICATION, MEET_TLS, true},
    {CURLE_SSL_CACERT_BADFILE, MEET_TLS, true},
    {CURLE_SSL_CERTPROBLEM, MEET_TLS, true},
    {CURLE_SSL_CIPHER, MEET_TLS, true},
    {CURLE_SSL_ENGINE_INITFAILED, MEET_TLS, true},
    {CURLE_SSL_ISSUER_ERROR, MEET_TLS, true},
    {CURLE_PARTIAL_FILE, MEET_DECODE, false},
    {CURLE_BAD_CONTENT_ENCODING, MEET_DECODE, true},
    {CURLE_WEIRD_SERVER_REPLY, MEET_DECODE, true},
    {CURLE_UNSUPPORTED_PROTOCOL, MEET_DECODE, true}, /* HTTP/0.9 and such */
    {CURLE_OUT_OF_MEMORY, MEET_MEMORY, true},
    {CURLE_URL_MALFORMAT, MEET_CONFIG, true},
};

static const struct meaning lost = {CURLE_OK, MEET_TRANSPORT, false};

/* The row of the result code, or the one of kind transport. */
static const struct meaning *find(CURLcode result)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (meanings[i].result == result)
            return &meanings[i];
    return &lost;
}

/* What the result code means, given what has been received. */
static const struct meaning *judge(const struct meet_transfer *transfer,
                                   CURLcode result)
{
    const struct meaning *row = find(result);

    /* Without a status line nothing of an answer was received. */
    if (result == CURLE_PARTIAL_FILE && transfer->response->status == 0)
        return &lost;
    /* libcurl repeated the handshake for a request that had been sent. */
    return row->kind == MEET_TLS && transfer->sends > 0 ? &lost : row;
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

/* How far a failed attempt got. */
static enum meet_ending ending_of(const struct meet_transfer *transfer,
                                  const struct meaning *row)
{
    if (row->final)
        return MEET_ENDED_FAILED;
    if (transfer->sends == 0)
        return MEET_ENDED_NOT_SENT;
    return row->kind == MEET_TIMEOUT ? MEET_ENDED_TIMED_OUT : MEET_ENDED_LOST;
}

/* A callback of ours stopped the attempt and recorded why. */
static void read_stopped(const struct meet_transfer *transfer,
                         struct meet_outcome *outcome)
{
    outcome->error = transfer->stopped;
    outcome->stale = transfer->stale;
    outcome->ending = transfer->stopped.kind != MEET_TRANSPORT
                          ? MEET_ENDED_FAILED
                          : ending_of(transfer, &lost);
}

/*
 * The proxy is none, and libcurl was about to use it: it has not even looked a
 * name up. Its own message would quote the proxy, password and all.
 */
static bool is_bad_proxy(const struct meet_transfer *transfer, CURLcode result)
{
    const struct meet_network *network = transfer->request->network;
    curl_off_t looked_up = 0;

    if (network->direct || transfer->sends > 0 ||
        result == CURLE_COULDNT_RESOLVE_HOST || result == CURLE_OUT_OF_MEMORY)
        return false;
    curl_easy_getinfo(transfer->easy, CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
    return looked_up == 0 && !meet_library_takes_proxy(network->proxy);
}

static void read_failure(const struct meet_transfer *transfer, CURLcode result,
                         struct meet_outcome *outcome)
{
    static const struct meaning bad_proxy = {CURLE_OK, MEET_CONFIG, true};
    const struct meaning *row = judge(transfer, result);
    const char *message =
        transfer->message[0] ? transfer->message : curl_easy_strerror(result);

    if (is_bad_proxy(transfer, result)) {
        row = &bad_proxy;
        message =
            "the proxy, given or from the environment, is not a proxy URL";
    }
    outcome->ending = ending_of(transfer, row);
    meet_error_set(&outcome->error, row->kind, "%s", message);
    outcome->error.origin = MEET_FROM_TRANSPORT;
}

void meet_outcome_read(const struct meet_transfer *transfer, CURLcode result,
                       int64_t started_at, struct meet_outcome *outcome)
{
    long status = 0;

    if (result == CURLE_OPERATION_TIMEDOUT)
        meet_sockets_shut_idle(transfer->sockets, transfer->port, started_at);
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    transfer->response->status = (int)status;
    if (result == CURLE_OK && transfer->in_head)
        result = CURLE_GOT_NOTHING; /* closed within the head */
    if (result == CURLE_OK) {
        meet_response_outcome(transfer->response, meet_clock_wall(), outcome);
        count(transfer, outcome);
        return;
    }
    memset(outcome, 0, sizeof *outcome);
    count(transfer, outcome);
    outcome->server_delay = -1;
    outcome->sent = transfer->sends > 0;
    if (transfer->stopped.kind != MEET_OK)
        read_stopped(transfer, outcome);
    else
        read_failure(transfer, result, outcome);
}
