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

/* Codes that are newer than the oldest headers it is compiled with. */
#define TOO_LARGE    ((CURLcode)100) /* 8.6: a head */
#define ECH_REQUIRED ((CURLcode)101) /* 8.8 */

static const struct meaning meanings[] = {
    {CURLE_OPERATION_TIMEDOUT, MEET_TIMEOUT, false},
    {CURLE_SSL_CONNECT_ERROR, MEET_TLS, false},
    {CURLE_PEER_FAILED_VERIFICATION, MEET_TLS, true},
    {CURLE_SSL_CACERT_BADFILE, MEET_TLS, true},
    {CURLE_SSL_CERTPROBLEM, MEET_TLS, true},
    {CURLE_SSL_CIPHER, MEET_TLS, true},
    {CURLE_SSL_ENGINE_INITFAILED, MEET_TLS, true},
    {CURLE_SSL_ISSUER_ERROR, MEET_TLS, true},
    {CURLE_SSL_ENGINE_NOTFOUND, MEET_TLS, true},
    {CURLE_SSL_ENGINE_SETFAILED, MEET_TLS, true},
    {CURLE_SSL_CRL_BADFILE, MEET_TLS, true},
    {CURLE_SSL_PINNEDPUBKEYNOTMATCH, MEET_TLS, true},
    {CURLE_SSL_INVALIDCERTSTATUS, MEET_TLS, true},
    {CURLE_SSL_CLIENTCERT, MEET_TLS, true},
    {ECH_REQUIRED, MEET_TLS, true},
    {TOO_LARGE, MEET_TOO_LARGE, true},
    {CURLE_PARTIAL_FILE, MEET_DECODE, false},
    {CURLE_BAD_CONTENT_ENCODING, MEET_DECODE, true},
    {CURLE_WRITE_ERROR, MEET_DECODE, true}, /* what follows a gzip body */
    {CURLE_WEIRD_SERVER_REPLY, MEET_DECODE, true},
    {CURLE_UNSUPPORTED_PROTOCOL, MEET_DECODE, true}, /* HTTP/0.9 and such */
    {CURLE_OUT_OF_MEMORY, MEET_MEMORY, true},
    {CURLE_URL_MALFORMAT, MEET_CONFIG, true},
    {CURLE_NOT_BUILT_IN, MEET_CONFIG, true},
};

static const struct meaning lost = {CURLE_OK, MEET_TRANSPORT, false};
static const struct meaning bad_proxy = {CURLE_OK, MEET_CONFIG, true};
static const struct meaning unknown_to_proxy = {CURLE_OK, MEET_TRANSPORT, true};

/* The row of the result code, or the one of kind transport. */
static const struct meaning *find(CURLcode result)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (meanings[i].result == result)
            return &meanings[i];
    return &lost;
}

/*
 * The proxy is none, and libcurl was about to use it: it has not even looked a
 * name up. Its own message would quote the proxy, password and all.
 */
static bool is_bad_proxy(const struct meet_transfer *transfer, CURLcode result)
{
    const struct meet_network *network = transfer->request->network;
    curl_off_t looked_up = 0;

    if (network->direct || transfer->progress.sends > 0 ||
        result == CURLE_COULDNT_RESOLVE_HOST || result == CURLE_OUT_OF_MEMORY)
        return false;
    curl_easy_getinfo(transfer->easy.handle, CURLINFO_NAMELOOKUP_TIME_T,
                      &looked_up);
    return looked_up == 0 && !meet_library_takes_proxy(network->proxy);
}

/* The status of the proxy's refusal to connect, or 0. */
static long refusal_of_proxy(const struct meet_transfer *transfer)
{
    long status = 0;

    if (transfer->progress.sends == 0)
        curl_easy_getinfo(transfer->easy.handle, CURLINFO_HTTP_CONNECTCODE,
                          &status);
    return status / 100 == 2 ? 0 : status;
}

/* What the result code means, given what has been received. */
static const struct meaning *judge(const struct meet_transfer *transfer,
                                   CURLcode result)
{
    const struct meaning *row = find(result);

    if (is_bad_proxy(transfer, result))
        return &bad_proxy;
    if (refusal_of_proxy(transfer) == 407)
        return &unknown_to_proxy; /* and may lock the account in the end */
    /* Without a status line nothing of an answer was received; a stream goes
       on behind what has come. */
    if (result == CURLE_PARTIAL_FILE &&
        (transfer->progress.response->status == 0 ||
         transfer->progress.response->stream.wanted))
        return &lost;
    /* libcurl repeated the handshake for a request that had been sent. */
    return row->kind == MEET_TLS && transfer->progress.sends > 0 ? &lost : row;
}

static void count(const struct meet_transfer *transfer,
                  struct meet_outcome *outcome)
{
    long sockets = 0, sent = 0;
    curl_off_t body = 0;

    curl_easy_getinfo(transfer->easy.handle, CURLINFO_NUM_CONNECTS, &sockets);
    curl_easy_getinfo(transfer->easy.handle, CURLINFO_REQUEST_SIZE, &sent);
    curl_easy_getinfo(transfer->easy.handle, CURLINFO_SIZE_DOWNLOAD_T, &body);
    outcome->sockets_opened = (unsigned)sockets;
    outcome->bytes_sent = (double)sent;
    outcome->bytes_received =
        (double)transfer->progress.response->head.length + (double)body;
}

/* How far a failed attempt got. */
static enum meet_ending ending_of(const struct meet_transfer *transfer,
                                  const struct meaning *row)
{
    if (row->final)
        return MEET_ENDED_FAILED;
    if (transfer->progress.sends == 0)
        return MEET_ENDED_NOT_SENT;
    return row->kind == MEET_TIMEOUT ? MEET_ENDED_TIMED_OUT : MEET_ENDED_LOST;
}

/* A callback of ours stopped the attempt and recorded why. */
static void read_stopped(const struct meet_transfer *transfer,
                         struct meet_outcome *outcome)
{
    outcome->error = transfer->progress.stopped;
    outcome->uncounted = transfer->progress.uncounted;
    if (transfer->progress.stopped.kind != MEET_TRANSPORT) {
        outcome->ending = MEET_ENDED_FAILED;
    } else if (transfer->progress
                   .refused) { /* not processed: as if it had not left */
        outcome->ending = MEET_ENDED_NOT_SENT;
        outcome->sent = false;
    } else {
        outcome->ending = ending_of(transfer, &lost);
    }
}

static void read_two_answers(struct meet_outcome *outcome)
{
    outcome->ending = MEET_ENDED_LOST;
    meet_error_set(&outcome->error, MEET_DECODE,
                   "the server sent more than one answer");
    outcome->error.origin = MEET_FROM_TRANSPORT;
}

static void read_starved(struct meet_outcome *outcome)
{
    outcome->ending = MEET_ENDED_NOT_SENT;
    outcome->uncounted = true; /* one may have become free meanwhile */
    meet_error_set(&outcome->error, MEET_CONFIG,
                   "no file descriptor is left for a socket: allow the process "
                   "more (ulimit -n), or have fewer calls under way");
}

/* A reused socket died before anything of an answer came in. */
static bool is_stale(const struct meet_transfer *transfer, CURLcode result)
{
    return transfer->progress.sends > 0 && !transfer->progress.opened &&
           transfer->progress.response->head.length == 0 &&
           (result == CURLE_GOT_NOTHING || result == CURLE_SEND_ERROR ||
            result == CURLE_RECV_ERROR);
}

static void read_failure(const struct meet_transfer *transfer, CURLcode result,
                         struct meet_outcome *outcome)
{
    const struct meaning *row = judge(transfer, result);
    const char *message = transfer->progress.message[0]
                              ? transfer->progress.message
                              : curl_easy_strerror(result);
    long refusal = refusal_of_proxy(transfer);

    if (row == &bad_proxy)
        message =
            "the proxy (the option 'proxy', or https_proxy or all_proxy in the "
            "environment) is not a proxy URL";
    outcome->ending = ending_of(transfer, row);
    outcome->uncounted = is_stale(transfer, result);
    meet_error_set(&outcome->error, row->kind, "%s", message);
    if (refusal > 0)
        meet_error_set(
            &outcome->error, row->kind,
            "the proxy refused to connect, with status %ld%s", refusal,
            row == &unknown_to_proxy ? ": give a user and a password in its URL"
                                     : "");
    outcome->error.origin = MEET_FROM_TRANSPORT;
}

/* An outcome of an attempt without a whole answer. */
static void begin(const struct meet_transfer *transfer,
                  struct meet_outcome *outcome)
{
    memset(outcome, 0, sizeof *outcome);
    count(transfer, outcome);
    outcome->server_delay = -1;
    outcome->sent = transfer->progress.sends > 0;
}

static void read_status(const struct meet_transfer *transfer)
{
    long status = 0;

    curl_easy_getinfo(transfer->easy.handle, CURLINFO_RESPONSE_CODE, &status);
    transfer->progress.response->status = (int)status;
}

/* Bytes of a stream that broke off are with its owner, who asks for the rest:
   another attempt would begin anew. */
static void end_stream(const struct meet_transfer *transfer,
                       struct meet_outcome *outcome)
{
    if (!transfer->progress.response->stream.begun)
        return;
    outcome->ending = MEET_ENDED_FAILED;
    outcome->uncounted = false;
}

void meet_outcome_read(const struct meet_transfer *transfer, CURLcode result,
                       struct meet_outcome *outcome)
{
    read_status(transfer);
    if (result == CURLE_OK && transfer->progress.in_head)
        result = CURLE_GOT_NOTHING; /* closed within the head */
    if (result == CURLE_OK && transfer->progress.response->status == 0)
        result = CURLE_GOT_NOTHING; /* as an HTTP/2 socket died */
    if (result == CURLE_OK) {
        meet_response_outcome(transfer->progress.response, meet_clock_wall(),
                              outcome);
        count(transfer, outcome);
        if (meet_progress_has_more(&transfer->progress))
            read_two_answers(outcome);
        return;
    }
    begin(transfer, outcome);
    if (transfer->progress.stopped.kind != MEET_OK)
        read_stopped(transfer, outcome);
    else if (transfer->progress.starved)
        read_starved(outcome);
    else
        read_failure(transfer, result, outcome);
    end_stream(transfer, outcome);
}

bool meet_outcome_is_known(const struct meet_transfer *transfer,
                           CURLcode result)
{
    return result == CURLE_OK || (transfer->progress.stopped.kind != MEET_OK
                                      ? !transfer->progress.uncounted
                                      : judge(transfer, result)->final);
}

/* What it waited for. */
static const char *progress(const struct meet_transfer *transfer)
{
    if (transfer->progress.response->status > 0)
        return "the answer was not complete in time";
    if (transfer->progress.sends > 0)
        return "no answer came in time";
    if (transfer->progress.starved)
        return "no file descriptor was free in time: allow the process more "
               "(ulimit -n), or have fewer calls under way";
    return transfer->progress.opened ? "no connection was made in time"
                                     : "no socket was free in time";
}

void meet_outcome_late(const struct meet_transfer *transfer,
                       struct meet_outcome *outcome)
{
    read_status(transfer);
    begin(transfer, outcome);
    outcome->ending = transfer->progress.sends > 0 ? MEET_ENDED_TIMED_OUT
                                                   : MEET_ENDED_NOT_SENT;
    meet_error_set(&outcome->error, MEET_TIMEOUT, "%s", progress(transfer));
    outcome->error.origin = MEET_FROM_TRANSPORT;
    end_stream(transfer, outcome);
}
