/* transfer.c - see transfer.h. */
#include "transfer.h"

#include "library.h"

#include <stdlib.h>
#include <string.h>

#define SET(transfer, option, value) \
    MEET_EASY_SET(&(transfer)->easy, option, value)

/* Bytes that libcurl reads at once. */
#define USUAL_BUFFER  16384L
#define STREAM_BUFFER 131072L

struct meet_transfer *meet_transfer_new(struct meet_sockets *sockets)
{
    struct meet_transfer *transfer = calloc(1, sizeof *transfer);

    if (!transfer)
        return NULL;
    transfer->progress.sockets = sockets;
    meet_header_list_init(&transfer->header_list);
    transfer->easy.handle = curl_easy_init();
    if (transfer->easy.handle)
        return transfer;
    free(transfer);
    return NULL;
}

void meet_transfer_free(struct meet_transfer *transfer)
{
    if (!transfer)
        return;
    curl_easy_cleanup(transfer->easy.handle);
    meet_header_list_deinit(&transfer->header_list);
    free(transfer);
}

void meet_transfer_link(struct meet_transfer *transfer,
                        struct meet_transfer **list)
{
    transfer->previous = NULL;
    transfer->next = *list;
    if (*list)
        (*list)->previous = transfer;
    *list = transfer;
}

void meet_transfer_unlink(struct meet_transfer *transfer,
                          struct meet_transfer **list)
{
    if (transfer->previous)
        transfer->previous->next = transfer->next;
    else
        *list = transfer->next;
    if (transfer->next)
        transfer->next->previous = transfer->previous;
}

void meet_transfer_release(struct meet_transfer *transfer)
{
    transfer->request = NULL;
    transfer->progress.response = NULL;
}

/* Options that are the same for all clients. */
static void set_constants(struct meet_transfer *transfer)
{
    SET(transfer, CURLOPT_NOSIGNAL, 1L);
    SET(transfer, CURLOPT_FOLLOWLOCATION, 0L);
    SET(transfer, CURLOPT_SSL_VERIFYPEER, 1L);
    SET(transfer, CURLOPT_SSL_VERIFYHOST, 2L);
    /* Even if the machine's settings allow less (RFC 8996). */
    SET(transfer, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    /* Out of memory, 7.88's Curl_ssl_addsessionid frees a name twice. */
    SET(transfer, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    SET(transfer, CURLOPT_TCP_KEEPALIVE, 1L);
    SET(transfer, CURLOPT_QUICK_EXIT, 1L);
    SET(transfer, CURLOPT_PRIVATE, transfer);
    meet_progress_watch(&transfer->progress, &transfer->easy);
}

/*
 * Options for a body that is taken while it comes, or for any other. A stream
 * has a separate socket, whose back-pressure is TCP's: on a shared one, a slow
 * owner would hold others back. Media are packed already, and ranges count
 * the bytes that are sent.
 */
static void set_stream(struct meet_transfer *transfer, bool streams)
{
    long version = streams ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS;

    transfer->streams = streams;
    if (meet_library_has_http2())
        SET(transfer, CURLOPT_HTTP_VERSION, version);
    SET(transfer, CURLOPT_ACCEPT_ENCODING, streams ? NULL : "");
    SET(transfer, CURLOPT_FRESH_CONNECT, streams ? 1L : 0L);
    SET(transfer, CURLOPT_FORBID_REUSE, streams ? 1L : 0L);
    SET(transfer, CURLOPT_BUFFERSIZE, streams ? STREAM_BUFFER : USUAL_BUFFER);
}

/*
 * Restore libcurl's defaults with a new handle: curl_easy_reset does not report
 * that memory ran out, and leaves a handle without a receive buffer.
 */
static int set_defaults(struct meet_transfer *transfer)
{
    CURL *fresh;

    if (transfer->network_serial == 0)
        return 0;
    fresh = curl_easy_init();
    if (!fresh)
        return -1;
    curl_easy_cleanup(transfer->easy.handle);
    transfer->easy.handle = fresh;
    return 0;
}

/* "*": ignore the environment's proxy too. */
static void set_proxy(struct meet_transfer *transfer,
                      const struct meet_network *network)
{
    if (network->direct) {
        SET(transfer, CURLOPT_NOPROXY, "*");
        return;
    }
    SET(transfer, CURLOPT_USERAGENT, network->user_agent); /* in CONNECT */
    SET(transfer, CURLOPT_PROXY, network->proxy);
    if (network->no_proxy)
        SET(transfer, CURLOPT_NOPROXY, network->no_proxy);
}

/* Set the options of the request's client. */
static void set_network(struct meet_transfer *transfer, const char *folder)
{
    const struct meet_network *network = transfer->request->network;
    bool plain = network->plain;

    transfer->network_serial = network->serial;
    transfer->progress.plain = plain;
    transfer->progress.proxied = !network->direct;
    transfer->folder = false;
    set_constants(transfer);
    set_stream(transfer, false);
    SET(transfer, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
    SET(transfer, CURLOPT_PIPEWAIT, plain ? 0L : 1L); /* http is HTTP/1.1 */
    set_proxy(transfer, network);
    if (network->ca_file || network->ca_path) {
        SET(transfer, CURLOPT_CAINFO, network->ca_file);
        SET(transfer, CURLOPT_CAPATH, network->ca_path);
    } else if (folder) {
        /* Reading the whole bundle costs about 40 ms at every start. */
        SET(transfer, CURLOPT_CAINFO, (char *)NULL);
        SET(transfer, CURLOPT_CAPATH, folder);
        transfer->folder = true;
    }
}

static void set_verb(struct meet_transfer *transfer)
{
    const struct meet_request *request = transfer->request;

    if (request->has_body) {
        SET(transfer, CURLOPT_POSTFIELDSIZE_LARGE,
            (curl_off_t)request->body.length);
        SET(transfer, CURLOPT_POSTFIELDS, meet_buffer_string(&request->body));
    } else {
        SET(transfer, CURLOPT_HTTPGET, 1L); /* drops an earlier body */
    }
    SET(transfer, CURLOPT_CUSTOMREQUEST,
        meet_request_is_read(request) ? NULL : request->verb);
}

static void set_request(struct meet_transfer *transfer)
{
    SET(transfer, CURLOPT_URL, meet_buffer_string(&transfer->request->url));
    SET(transfer, CURLOPT_CONNECTTIMEOUT_MS,
        (long)meet_ns_milliseconds(transfer->request->connect_timeout));
    set_verb(transfer);
}

static int fail(CURLcode code, struct meet_error *err)
{
    meet_error_set(err, code == CURLE_OUT_OF_MEMORY ? MEET_MEMORY : MEET_CONFIG,
                   "the request could not be set up: %s",
                   curl_easy_strerror(code));
    return -1;
}

static int fail_proxy(struct meet_error *err)
{
    meet_error_set(err, MEET_CONFIG,
                   "the proxy's user or password, given or from the "
                   "environment, has a control character");
    return -1;
}

int meet_transfer_start(struct meet_transfer *transfer,
                        const struct meet_request *request,
                        struct meet_response *response, const char *folder,
                        struct meet_error *err)
{
    struct curl_slist *lines;

    transfer->request = request;
    transfer->easy.failed = CURLE_OK;
    meet_progress_begin(&transfer->progress, response);
    if (transfer->network_serial != request->network->serial ||
        transfer->folder != (folder != NULL)) {
        if (!request->network->direct &&
            !meet_library_keeps_proxy(request->network->proxy))
            return fail_proxy(err);
        if (set_defaults(transfer) < 0)
            return fail(CURLE_OUT_OF_MEMORY, err);
        set_network(transfer, folder);
    }
    if (transfer->streams != response->stream.wanted)
        set_stream(transfer, response->stream.wanted);
    set_request(transfer);
    lines = meet_header_list_make(&transfer->header_list, request,
                                  !transfer->streams);
    if (!lines)
        return fail(CURLE_OUT_OF_MEMORY, err);
    SET(transfer, CURLOPT_HTTPHEADER, lines);
    return transfer->easy.failed == CURLE_OK ? 0
                                             : fail(transfer->easy.failed, err);
}
