/* transfer.c - see transfer.h. */
#include "transfer.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Fewer than libcurl may keep for one host. */
enum { FEW_SOCKETS = 12 };

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

    if (meet_buffer_append(body, bytes, length, &transfer->stopped) == 0)
        return length;
    if (transfer->stopped.kind == MEET_TOO_LARGE) /* the start is kept */
        meet_buffer_append(body, bytes, body->limit - body->length, &ignored);
    return 0;
}

/* Stop the attempt: the answer cannot be trusted. */
static void stop(struct meet_transfer *transfer, const char *why)
{
    meet_error_set(&transfer->stopped, MEET_DECODE, "%s", why);
    transfer->stopped.origin = MEET_FROM_TRANSPORT;
}

static void begin_head(struct meet_transfer *transfer, const char *line,
                       size_t length)
{
    struct meet_socket *socket;

    transfer->in_head = true;
    transfer->length = -1;
    if (line[5] != '1')
        return;
    if (length > 12 && memcmp(line + 9, "101", 3) == 0)
        stop(transfer, "the server switched to another protocol unasked");
    if (transfer->http1)
        return;
    transfer->http1 = true;
    socket = meet_sockets_find(transfer->sockets, transfer->port);
    if (socket)
        socket->http1 = true;
}

/* Lengths that differ leave open where the answer ends (RFC 9110 8.6). */
static void check_length(struct meet_transfer *transfer, const char *line)
{
    static const char name[] = "content-length:";
    const char *at = line + sizeof name - 1;

    if ((line[0] != 'c' && line[0] != 'C') ||
        strncasecmp(line, name, sizeof name - 1) != 0)
        return;
    do {
        char *end;
        long long value = strtoll(at, &end, 10);

        if (transfer->length >= 0 && value != transfer->length)
            stop(transfer, "the answer has two lengths");
        transfer->length = value;
        at = end + strspn(end, " \t");
    } while (*at++ == ',');
}

/* https://curl.se/libcurl/c/CURLOPT_HEADERFUNCTION.html */
static size_t on_header(char *bytes, size_t size, size_t count, void *context)
{
    struct meet_transfer *transfer = context;
    struct meet_buffer *head = &transfer->response->head;
    size_t length = size * count, before = head->length;
    const char *line;

    if (meet_buffer_append(head, bytes, length, &transfer->stopped) < 0)
        return 0;
    line = meet_buffer_string(head) + before; /* terminated */
    if (length > 5 && memcmp(line, "HTTP/", 5) == 0)
        begin_head(transfer, line, length);
    else if (length == 1 || line[0] == '\r')
        transfer->in_head = false;
    else
        check_length(transfer, line);
    return transfer->stopped.kind == MEET_OK ? length : 0;
}

/* Stop the attempt before it is sent, or sent again. */
static void hold_back(struct meet_transfer *transfer, const char *why)
{
    meet_error_set(&transfer->stopped, MEET_TRANSPORT, "%s", why);
    transfer->stopped.origin = MEET_FROM_TRANSPORT;
}

/*
 * libcurl is about to send a request again by itself, on another socket. A
 * write must not be sent twice, and a read not unless the dispatcher says so.
 * On HTTP/2 the server refused the stream, or went away before it, and has not
 * processed it (RFC 9113 6.8, 8.7). A libcurl without RTSP also does so when a
 * reused socket dies.
 */
static void refuse_second_send(struct meet_transfer *transfer)
{
    transfer->refused =
        !transfer->resends && !transfer->http1 && !transfer->message[0];
    transfer->stale = !transfer->refused;
    hold_back(transfer,
              transfer->refused
                  ? "the server refused the request's stream"
                  : "the socket was lost after the request had been sent");
}

/*
 * https://curl.se/libcurl/c/CURLOPT_PREREQFUNCTION.html
 * Called when the socket is ready and the request is about to be sent.
 */
static int on_ready(void *context, char *address, char *local_address, int port,
                    int local_port)
{
    struct meet_transfer *transfer = context;
    struct meet_socket *socket;

    (void)address;
    (void)local_address;
    (void)port;
    if (transfer->sends > 0) {
        refuse_second_send(transfer);
        return CURL_PREREQFUNC_ABORT;
    }
    socket = meet_sockets_find(transfer->sockets, local_port);
    if (socket)
        socket->http1 = socket->http1 || transfer->plain;
    transfer->http1 = !socket || socket->http1;
    if (socket && transfer->http1 && meet_socket_has_unread(socket)) {
        transfer->stale = true;
        hold_back(transfer, "the socket held an answer before the request was "
                            "sent");
        return CURL_PREREQFUNC_ABORT;
    }
    transfer->port = local_port;
    transfer->sends++;
    return CURL_PREREQFUNC_OK;
}

/* https://curl.se/libcurl/c/CURLOPT_OPENSOCKETFUNCTION.html */
static curl_socket_t on_open(void *context, curlsocktype purpose,
                             struct curl_sockaddr *address)
{
    struct meet_transfer *transfer = context;
    int fd;

    (void)purpose;
    if (transfer->sends > 0) {
        refuse_second_send(transfer);
        return CURL_SOCKET_BAD;
    }
    transfer->opened = true;
    fd = meet_sockets_open(transfer->sockets, address->family,
                           address->socktype, address->protocol);
    if (fd < 0 && (errno == EMFILE || errno == ENFILE))
        transfer->starved = true;
    return fd;
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

/* True if it closes the socket: HTTP/1.0, or "Connection: close". */
static bool says_close(const struct meet_response *response)
{
    struct meet_headers headers = {0};
    struct meet_error err;
    const char *head = meet_buffer_string(&response->head), *field = NULL;
    bool close;

    if (meet_headers_parse(&headers, head, response->head.length, &err) == 0)
        field = meet_headers_get(&headers, "Connection");
    close = strncmp(head, "HTTP/1.1", 8) != 0 ||
            (field && strcasecmp(field, "keep-alive") != 0);
    meet_headers_deinit(&headers);
    return close;
}

bool meet_transfer_has_more(const struct meet_transfer *transfer)
{
    const struct meet_socket *socket;

    if (!transfer->http1)
        return false;
    socket = meet_sockets_find(transfer->sockets, transfer->port);
    if (socket) /* under TLS the bytes may be its goodbye */
        return transfer->plain && meet_socket_has_unread(socket);
    /* With few sockets libcurl closes none to make room. */
    return transfer->length >= 0 && transfer->response->status < 300 &&
           transfer->sockets->count < FEW_SOCKETS &&
           meet_sockets_was_cut(transfer->sockets, transfer->port) &&
           !says_close(transfer->response);
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
    SET(transfer, CURLOPT_OPENSOCKETDATA, transfer);
    SET(transfer, CURLOPT_CLOSESOCKETFUNCTION, on_close);
    SET(transfer, CURLOPT_CLOSESOCKETDATA, transfer->sockets);
    SET(transfer, CURLOPT_PIPEWAIT, 1L);
    SET(transfer, CURLOPT_PROTOCOLS_STR, "https");
    /* Without this libcurl sends again what it sent on a reused socket that
       died: only a refused stream then leads to a second send. */
    transfer->resends =
        curl_easy_setopt(transfer->easy, CURLOPT_RTSP_REQUEST,
                         (long)CURL_RTSPREQ_RECEIVE) != CURLE_OK;
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

static long milliseconds(double seconds)
{
    return (long)ceil(seconds * 1000);
}

static void set_request(struct meet_transfer *transfer)
{
    const char *url = meet_buffer_string(&transfer->request->url);
    bool plain = meet_request_is_plain(transfer->request);

    if (plain && !transfer->plain) { /* the same for all requests of a client */
        SET(transfer, CURLOPT_PROTOCOLS_STR, "http");
        SET(transfer, CURLOPT_PIPEWAIT, 0L); /* it is HTTP/1.1 */
    }
    transfer->plain = plain;
    SET(transfer, CURLOPT_URL, url);
    SET(transfer, CURLOPT_CONNECTTIMEOUT_MS,
        milliseconds(transfer->request->connect_timeout));
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
    transfer->stale = transfer->refused = false;
    transfer->port = 0;
    transfer->opened = transfer->starved = false;
    transfer->http1 = transfer->in_head = false;
    transfer->length = -1;
    transfer->stopped.kind = MEET_OK;
    transfer->message[0] = '\0';
}

int meet_transfer_start(struct meet_transfer *transfer,
                        const struct meet_request *request,
                        struct meet_response *response, const char *folder,
                        struct meet_error *err)
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
    set_request(transfer);
    lines = meet_header_list_make(&transfer->header_list, request);
    if (!lines)
        return fail(transfer, CURLE_OUT_OF_MEMORY, err);
    SET(transfer, CURLOPT_HTTPHEADER, lines);
    return transfer->failed == CURLE_OK ? 0
                                        : fail(transfer, transfer->failed, err);
}
