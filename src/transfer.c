/* transfer.c - see transfer.h. */
#define _GNU_SOURCE /* explicit_bzero */
#include "transfer.h"

#include "clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Set an option and remember the first that libcurl refuses. */
#define SET(transfer, option, value)                                       \
    do {                                                                   \
        CURLcode set_ = curl_easy_setopt((transfer)->easy, option, value); \
        if (set_ != CURLE_OK && (transfer)->failed == CURLE_OK)            \
            (transfer)->failed = set_;                                     \
    } while (0)

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

/* https://curl.se/libcurl/c/CURLOPT_HEADERFUNCTION.html */
static size_t on_header(char *bytes, size_t size, size_t count, void *context)
{
    struct meet_transfer *transfer = context;

    if (meet_buffer_append(&transfer->response->head, bytes, size * count,
                           &transfer->stopped) < 0)
        return 0;
    return size * count;
}

/*
 * https://curl.se/libcurl/c/CURLOPT_PREREQFUNCTION.html
 * Called when the socket is ready and the request is about to leave. libcurl
 * sends a request again by itself when a reused socket dies under it. What
 * writes must not be sent twice, and what reads must not be sent without the
 * dispatcher's word: the second time ends the attempt.
 */
static int on_ready(void *context, char *address, char *local_address, int port,
                    int local_port)
{
    struct meet_transfer *transfer = context;

    (void)address;
    (void)local_address;
    (void)port;
    (void)local_port;
    if (transfer->sends > 0) {
        transfer->stale = true;
        meet_error_set(&transfer->stopped, MEET_TRANSPORT,
                       "the socket was lost after the request had been sent");
        transfer->stopped.origin = MEET_FROM_TRANSPORT;
        return CURL_PREREQFUNC_ABORT;
    }
    transfer->sends++;
    transfer->sent_at = meet_clock_now();
    return CURL_PREREQFUNC_OK;
}

struct meet_transfer *meet_transfer_new(void)
{
    struct meet_transfer *transfer = calloc(1, sizeof *transfer);

    if (!transfer)
        return NULL;
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
    meet_transfer_release(transfer);
    free(transfer);
}

void meet_transfer_release(struct meet_transfer *transfer)
{
    for (struct curl_slist *field = transfer->fields; field;
         field = field->next)
        explicit_bzero(field->data, strlen(field->data));
    curl_slist_free_all(transfer->fields);
    transfer->fields = NULL;
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
    SET(transfer, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    SET(transfer, CURLOPT_PIPEWAIT, 1L);
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
    SET(transfer, CURLOPT_LOW_SPEED_LIMIT, 1L);
    SET(transfer, CURLOPT_PROTOCOLS_STR, "https");
}

/* Back to libcurl's defaults, then what this client asks for. */
static void set_network(struct meet_transfer *transfer,
                        const struct meet_network *network, const char *folder)
{
    curl_easy_reset(transfer->easy);
    transfer->verb = "GET";
    transfer->plain = false;
    transfer->folder = false;
    set_constants(transfer);
    SET(transfer, CURLOPT_USERAGENT, network->user_agent);
    if (network->proxy)
        SET(transfer, CURLOPT_PROXY, network->proxy);
    if (network->no_proxy)
        SET(transfer, CURLOPT_NOPROXY, network->no_proxy);
    if (network->ca_file || network->ca_path) {
        SET(transfer, CURLOPT_CAINFO, network->ca_file);
        SET(transfer, CURLOPT_CAPATH, network->ca_path);
    } else if (folder) {
        /* Reading the whole bundle costs some 40 ms at every start. */
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
    } else if (strcmp(transfer->verb, request->verb) == 0 &&
               meet_request_is_read(request)) {
        return;
    } else {
        SET(transfer, CURLOPT_HTTPGET, 1L); /* drops an earlier body */
    }
    SET(transfer, CURLOPT_CUSTOMREQUEST,
        meet_request_is_read(request) ? NULL : request->verb);
    transfer->verb = request->verb;
}

static int append_field(struct meet_transfer *transfer, const char *line)
{
    struct curl_slist *fields = curl_slist_append(transfer->fields, line);

    if (!fields)
        return -1;
    transfer->fields = fields;
    return 0;
}

/* An empty value is written "Name;" in libcurl's list. */
static int append_header(struct meet_transfer *transfer,
                         const struct meet_header *header)
{
    size_t name = strlen(header->name), value = strlen(header->value);
    char *line = malloc(name + value + 3);
    int failed;

    if (!line)
        return -1;
    memcpy(line, header->name, name);
    memcpy(line + name, value ? ": " : ";", value ? 3 : 2);
    if (value)
        memcpy(line + name + 2, header->value, value + 1);
    failed = append_field(transfer, line);
    explicit_bzero(line, name + value + 3);
    free(line);
    return failed;
}

static int set_fields(struct meet_transfer *transfer)
{
    const struct meet_headers *headers = &transfer->request->headers;

    for (size_t i = 0; i < headers->count; i++)
        if (append_header(transfer, &headers->fields[i]) < 0)
            return -1;
    /* Without a body libcurl must not add one's fields; with one no wait. */
    if (transfer->request->has_body && append_field(transfer, "Expect:") < 0)
        return -1;
    SET(transfer, CURLOPT_HTTPHEADER, transfer->fields);
    return 0;
}

static void set_request(struct meet_transfer *transfer, double timeout)
{
    const char *url = meet_buffer_string(&transfer->request->url);
    bool plain = strncmp(url, "http:", 5) == 0;

    if (plain != transfer->plain) {
        SET(transfer, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
        SET(transfer, CURLOPT_PIPEWAIT, plain ? 0L : 1L); /* no HTTP/2 there */
    }
    transfer->plain = plain;
    SET(transfer, CURLOPT_URL, url);
    SET(transfer, CURLOPT_TIMEOUT_MS, (long)ceil(timeout * 1000));
    SET(transfer, CURLOPT_CONNECTTIMEOUT_MS,
        (long)ceil(transfer->request->connect_timeout * 1000));
    SET(transfer, CURLOPT_LOW_SPEED_TIME,
        timeout > 0 ? (long)ceil(timeout) + 1 : 0L);
    set_verb(transfer);
}

int meet_transfer_start(struct meet_transfer *transfer,
                        const struct meet_request *request,
                        struct meet_response *response, double timeout,
                        const char *folder, struct meet_error *err)
{
    meet_transfer_release(transfer);
    transfer->request = request;
    transfer->response = response;
    transfer->failed = CURLE_OK;
    transfer->sends = 0;
    transfer->stale = false;
    transfer->stopped.kind = MEET_OK;
    transfer->message[0] = '\0';
    if (transfer->network_serial != request->network->serial ||
        transfer->folder != (folder && !request->network->ca_file &&
                             !request->network->ca_path))
        set_network(transfer, request->network, folder);
    transfer->network_serial = request->network->serial;
    set_request(transfer, timeout);
    if (set_fields(transfer) < 0) {
        meet_error_set(err, MEET_MEMORY, "no memory for the header fields");
        return -1;
    }
    if (transfer->failed != CURLE_OK) {
        meet_error_set(err, MEET_CONFIG, "libcurl refused an option: %s",
                       curl_easy_strerror(transfer->failed));
        transfer->network_serial = 0; /* the handle is not as we think */
        return -1;
    }
    return 0;
}

/* What a result code means, apart from whether the request had been sent. */
struct code_row {
    CURLcode code;
    enum meet_kind kind;
    bool final; /* another attempt ends the same way */
};

static const struct code_row code_rows[] = {
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
    {CURLE_COULDNT_RESOLVE_PROXY, MEET_TRANSPORT, false},
};

static const struct code_row *find_row(CURLcode code)
{
    static const struct code_row other = {CURLE_OK, MEET_TRANSPORT, false};

    for (size_t i = 0; i < sizeof code_rows / sizeof *code_rows; i++)
        if (code_rows[i].code == code)
            return &code_rows[i];
    return &other;
}

static void count(const struct meet_transfer *transfer,
                  struct meet_outcome *outcome)
{
    long sockets = 0, sent = 0, received = 0;
    curl_off_t body = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_NUM_CONNECTS, &sockets);
    curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &sent);
    curl_easy_getinfo(transfer->easy, CURLINFO_HEADER_SIZE, &received);
    curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_DOWNLOAD_T, &body);
    outcome->sockets_opened = (unsigned)sockets;
    outcome->bytes_sent = (double)sent;
    outcome->bytes_received = (double)received + (double)body;
}

void meet_transfer_outcome(const struct meet_transfer *transfer, CURLcode code,
                           struct meet_outcome *outcome)
{
    const struct code_row *row = find_row(code);
    long status = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    transfer->response->status = (int)status;
    if (code == CURLE_OK) {
        meet_response_outcome(transfer->response, meet_clock_wall(), outcome);
        count(transfer, outcome);
        return;
    }
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
                   transfer->message[0] ? transfer->message
                                        : curl_easy_strerror(code));
    outcome->error.origin = MEET_FROM_TRANSPORT;
}
