/* transfer.c - see transfer.h. */
#include "transfer.h"

#include <stdlib.h>
#include <string.h>

/* Set an option and record the first that libcurl rejects. */
#define SET(transfer, option, value) \
    note(transfer, curl_easy_setopt((transfer)->easy, option, value))

static void note(struct meet_transfer *transfer, CURLcode code)
{
    if (transfer->failed == CURLE_OK)
        transfer->failed = code;
}

/* https://curl.se/libcurl/c/CURLOPT_WRITEFUNCTION.html */
static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct meet_transfer *transfer = context;
    struct meet_buffer *body = &transfer->response->body;
    struct meet_error ignored;
    size_t length = size * count;

    if (!transfer->http1) /* HTTP/1 has no other requests on its socket */
        meet_sockets_note_received(transfer->sockets, transfer->port, false);
    if (meet_buffer_append(body, bytes, length, &transfer->stopped) == 0)
        return length;
    if (transfer->stopped.kind == MEET_TOO_LARGE) /* the start is kept */
        meet_buffer_append(body, bytes, body->limit - body->length, &ignored);
    return 0;
}

/* https://curl.se/libcurl/c/CURLOPT_HEADERFUNCTION.html */
static size_t on_header(char *bytes, size_t size, size_t count, void *context)
{
    struct meet_transfer *transfer = context;
    size_t length = size * count;

    if (length > 5 && memcmp(bytes, "HTTP/", 5) == 0) {
        transfer->in_head = true;
        transfer->http1 = bytes[5] == '1';
        meet_sockets_note_received(transfer->sockets, transfer->port,
                                   transfer->http1);
    } else if (length == 1 || bytes[0] == '\r') {
        transfer->in_head = false;
    }
    if (meet_buffer_append(&transfer->response->head, bytes, length,
                           &transfer->stopped) < 0)
        return 0;
    return length;
}

static int abort_stale(struct meet_transfer *transfer, const char *why)
{
    transfer->stale = true;
    meet_error_set(&transfer->stopped, MEET_TRANSPORT, "%s", why);
    transfer->stopped.origin = MEET_FROM_TRANSPORT;
    return CURL_PREREQFUNC_ABORT;
}

/*
 * https://curl.se/libcurl/c/CURLOPT_PREREQFUNCTION.html
 * Called when the socket is ready and the request is about to be sent. libcurl
 * resends a request by itself when its reused socket dies. A write must not be
 * sent twice, and a read not unless the dispatcher says so: the second call
 * ends the attempt.
 */
static int on_ready(void *context, char *address, char *local_address, int port,
                    int local_port)
{
    struct meet_transfer *transfer = context;

    (void)address;
    (void)local_address;
    (void)port;
    if (transfer->sends > 0)
        return abort_stale(transfer, "the socket was lost after the request "
                                     "had been sent");
    if (meet_sockets_has_unread(transfer->sockets, local_port))
        return abort_stale(transfer, "the socket held an answer before the "
                                     "request was sent");
    transfer->port = local_port;
    transfer->sends++;
    return CURL_PREREQFUNC_OK;
}

/* https://curl.se/libcurl/c/CURLOPT_OPENSOCKETFUNCTION.html */
static curl_socket_t on_open(void *context, curlsocktype purpose,
                             struct curl_sockaddr *address)
{
    (void)purpose;
    return meet_sockets_open(context, address->family, address->socktype,
                             address->protocol);
}

/* https://curl.se/libcurl/c/CURLOPT_CLOSESOCKETFUNCTION.html */
static int on_close(void *context, curl_socket_t fd)
{
    return meet_sockets_close(context, fd);
}

struct meet_transfer *meet_transfer_new(struct meet_sockets *sockets)
{
    struct meet_transfer *transfer = calloc(1, sizeof *transfer);

    if (!transfer)
        return NULL;
    transfer->sockets = sockets;
    meet_header_list_init(&transfer->header_list);
    transfer->easy = curl_easy_init();
    if (transfer->easy)
        return transfer;
    free(transfer);
    return NULL;
}

void meet_transfer_free(struct meet_transfer *transfer)
{
    if (!transfer)
        return;
    curl_easy_cleanup(transfer->easy);
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
    transfer->response = NULL;
}

/* Options that never change. */
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
    SET(transfer, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    SET(transfer, CURLOPT_ACCEPT_ENCODING, "");
    SET(transfer, CURLOPT_TCP_KEEPALIVE, 1L);
    SET(transfer, CURLOPT_QUICK_EXIT, 1L);
    SET(transfer, CURLOPT_ERRORBUFFER, transfer->message);
    SET(transfer, CURLOPT_PRIVATE, transfer);
    SET(transfer, CURLOPT_WRITEFUNCTION, on_body);
    SET(transfer, CURLOPT_WRITEDATA, transfer);
    SET(transfer, CURLOPT_HEADERFUNCTION, on_header);
    SET(transfer, CURLOPT_HEADERDATA, transfer);
    SET(transfer, CURLOPT_PREREQFUNCTION, on_ready);
    SET(transfer, CURLOPT_PREREQDATA, transfer);
    SET(transfer, CURLOPT_OPENSOCKETFUNCTION, on_open);
    SET(transfer, CURLOPT_OPENSOCKETDATA, transfer->sockets);
    SET(transfer, CURLOPT_CLOSESOCKETFUNCTION, on_close);
    SET(transfer, CURLOPT_CLOSESOCKETDATA, transfer->sockets);
    SET(transfer, CURLOPT_PIPEWAIT, 1L);
    SET(transfer, CURLOPT_PROTOCOLS_STR, "https");
}

/*
 * Restore libcurl's defaults with a new handle: curl_easy_reset does not report
 * that memory ran out, and leaves a handle without a receive buffer.
 */
static int set_defaults(struct meet_transfer *transfer)
{
    CURL *fresh;

    if (!transfer->used)
        return 0;
    fresh = curl_easy_init();
    if (!fresh)
        return -1;
    curl_easy_cleanup(transfer->easy);
    transfer->easy = fresh;
    transfer->used = false;
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

/* Set the options of this client. */
static void set_network(struct meet_transfer *transfer,
                        const struct meet_network *network, const char *folder)
{
    transfer->used = true;
    transfer->plain = false;
    transfer->folder = false;
    set_constants(transfer);
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

static void set_request(struct meet_transfer *transfer, int64_t timeout)
{
    const char *url = meet_buffer_string(&transfer->request->url);
    bool plain = meet_request_is_plain(transfer->request);

    if (plain && !transfer->plain) { /* the same for all requests of a client */
        SET(transfer, CURLOPT_PROTOCOLS_STR, "http");
        SET(transfer, CURLOPT_PIPEWAIT, 0L); /* it is HTTP/1.1 */
    }
    transfer->plain = plain;
    SET(transfer, CURLOPT_URL, url);
    SET(transfer, CURLOPT_TIMEOUT_MS, (long)meet_ns_milliseconds(timeout));
    SET(transfer, CURLOPT_CONNECTTIMEOUT_MS,
        (long)meet_ns_milliseconds(transfer->request->connect_timeout));
    set_verb(transfer);
}

/* Report that it cannot start; the handle's state is unknown. */
static int fail(struct meet_transfer *transfer, CURLcode code,
                struct meet_error *err)
{
    transfer->network_serial = 0;
    meet_error_set(err, code == CURLE_OUT_OF_MEMORY ? MEET_MEMORY : MEET_CONFIG,
                   "the request could not be set up: %s",
                   curl_easy_strerror(code));
    return -1;
}

/* Reset the state of the last attempt. */
static void begin(struct meet_transfer *transfer,
                  const struct meet_request *request,
                  struct meet_response *response)
{
    transfer->request = request;
    transfer->response = response;
    transfer->failed = CURLE_OK;
    transfer->sends = 0;
    transfer->stale = false;
    transfer->port = 0;
    transfer->http1 = transfer->in_head = false;
    transfer->stopped.kind = MEET_OK;
    transfer->message[0] = '\0';
}

int meet_transfer_start(struct meet_transfer *transfer,
                        const struct meet_request *request,
                        struct meet_response *response, int64_t timeout,
                        const char *folder, struct meet_error *err)
{
    struct curl_slist *lines;

    begin(transfer, request, response);
    if (transfer->network_serial != request->network->serial ||
        transfer->folder != (folder != NULL)) {
        if (set_defaults(transfer) < 0)
            return fail(transfer, CURLE_OUT_OF_MEMORY, err);
        set_network(transfer, request->network, folder);
    }
    transfer->network_serial = request->network->serial;
    set_request(transfer, timeout);
    lines = meet_header_list_make(&transfer->header_list, request);
    if (!lines)
        return fail(transfer, CURLE_OUT_OF_MEMORY, err);
    SET(transfer, CURLOPT_HTTPHEADER, lines);
    return transfer->failed == CURLE_OK ? 0
                                        : fail(transfer, transfer->failed, err);
}
