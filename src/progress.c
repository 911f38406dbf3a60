/* progress.c - see progress.h. */
#include "progress.h"

#include "ascii.h"
#include "clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Fewer than libcurl may keep for one host. */
enum { FEW_SOCKETS = 12 };

/* True when the body is taken while it comes: that of a 200 or 206. */
static bool is_taken(const struct meet_progress *progress)
{
    const struct meet_stream *stream = &progress->response->stream;
    long status = 0;

    if (!stream->wanted || stream->begun)
        return stream->begun;
    curl_easy_getinfo(progress->handle, CURLINFO_RESPONSE_CODE, &status);
    progress->response->status = (int)status; /* its owner looks at once */
    return meet_response_streams(progress->response);
}

/* Bytes that wait for the owner, before libcurl holds the others back. */
enum { MOST_WAITING = 128 * 1024 };

/* Bytes that go to a file in one step: other requests wait meanwhile. */
enum { MOST_A_STEP = 256 * 1024 };

/* True where libcurl is to keep what comes, for a while. */
static bool is_full(const struct meet_response *response, size_t length)
{
    const struct meet_stream *stream = &response->stream;

    if (stream->descriptor > 0)
        return stream->count - stream->seen >= MOST_A_STEP;
    return response->body.length > 0 &&
           response->body.length + length > MOST_WAITING;
}

/* Take bytes of the body, or have libcurl keep them until they are wanted. */
static size_t take(struct meet_progress *progress, const char *bytes,
                   size_t length)
{
    struct meet_stream *stream = &progress->response->stream;
    struct meet_buffer *body = &progress->response->body;

    stream->begun = true;
    body->limit = (size_t)2 * MOST_WAITING; /* not the client's, of answers */
    stream->paused = !stream->flows || is_full(progress->response, length);
    if (stream->paused)
        return CURL_WRITEFUNC_PAUSE;
    meet_sockets_give(progress->sockets, length);
    if (stream->descriptor > 0)
        return meet_stream_write(stream, bytes, length, &progress->stopped) == 0
                   ? length
                   : 0;
    if (meet_buffer_append(body, bytes, length, &progress->stopped) < 0)
        return 0;
    stream->count += (int64_t)length;
    return length;
}

/* https://curl.se/libcurl/c/CURLOPT_WRITEFUNCTION.html */
static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct meet_progress *progress = context;
    struct meet_buffer *body = &progress->response->body;
    struct meet_error ignored;
    size_t length = size * count;

    if (is_taken(progress))
        return take(progress, bytes, length);
    meet_sockets_give(progress->sockets, length);
    if (meet_buffer_append(body, bytes, length, &progress->stopped) == 0)
        return length;
    if (progress->stopped.kind == MEET_TOO_LARGE) /* the start is kept */
        meet_buffer_append(body, bytes, body->limit - body->length, &ignored);
    return 0;
}

/* Stop the attempt: the answer cannot be trusted. */
static void stop(struct meet_progress *progress, const char *why)
{
    meet_error_set(&progress->stopped, MEET_DECODE, "%s", why);
    progress->stopped.origin = MEET_FROM_TRANSPORT;
}

static void begin_head(struct meet_progress *progress, const char *line,
                       size_t length)
{
    struct meet_socket *socket;

    progress->in_head = true;
    progress->length = -1;
    if (line[5] != '1')
        return;
    if (length > 12 && memcmp(line + 9, "101", 3) == 0)
        stop(progress, "the server switched to another protocol unasked");
    if (progress->http1)
        return;
    progress->http1 = true;
    socket = meet_sockets_get(progress->sockets, progress->socket);
    if (socket)
        socket->http1 = true;
}

/* Lengths that differ leave open where the answer ends (RFC 9110 8.6). */
static void check_length(struct meet_progress *progress, const char *line,
                         size_t length)
{
    static const char name[] = "content-length:";
    const char *at = line + sizeof name - 1;

    /* Most lines have no colon there. */
    if (length < sizeof name || at[-1] != ':' ||
        !meet_ascii_starts(line, length, name))
        return;
    do {
        char *end;
        long long value = strtoll(at, &end, 10);

        if (progress->length >= 0 && value != progress->length)
            stop(progress, "the answer has two lengths");
        progress->length = value;
        at = end + strspn(end, " \t");
    } while (*at++ == ',');
}

/* https://curl.se/libcurl/c/CURLOPT_HEADERFUNCTION.html */
static size_t on_header(char *bytes, size_t size, size_t count, void *context)
{
    struct meet_progress *progress = context;
    struct meet_buffer *head = &progress->response->head;
    size_t length = size * count, before = head->length;
    const char *line;

    meet_sockets_give(progress->sockets, length);
    if (meet_buffer_append(head, bytes, length, &progress->stopped) < 0)
        return 0;
    line = head->bytes + before; /* terminated */
    if (length > 5 && memcmp(line, "HTTP/", 5) == 0)
        begin_head(progress, line, length);
    else if (length == 1 || line[0] == '\r')
        progress->in_head = false;
    else
        check_length(progress, line, length);
    return progress->stopped.kind == MEET_OK ? length : 0;
}

/* Stop the attempt before it is sent, or sent again. */
static void hold_back(struct meet_progress *progress, const char *why)
{
    meet_error_set(&progress->stopped, MEET_TRANSPORT, "%s", why);
    progress->stopped.origin = MEET_FROM_TRANSPORT;
}

/*
 * libcurl is about to send a request again unasked, on another socket. A
 * write must not be sent twice, and a read not unless the dispatcher says so.
 * On HTTP/2 the server refused the stream, or went away before it while others
 * were left, and has not processed it (RFC 9113 6.8, 8.7). Any libcurl also
 * does so when HTTP/1.1 is asked for, and one without RTSP when a reused socket
 * dies, which is no attempt.
 */
static void refuse_second_send(struct meet_progress *progress)
{
    if (progress->stopped.kind != MEET_OK)
        return; /* asked once more, for another address */
    progress->refused =
        !progress->resends && !progress->http1 && !progress->message[0];
    progress->uncounted = progress->resends && !progress->opened;
    hold_back(progress,
              progress->refused ? "the server refused the request's stream"
              : progress->resends
                  ? "the socket was lost after the request had been sent"
                  : "the server takes no request over HTTP/2");
}

/* Why a request cannot be sent on the socket; NULL: it can. */
static const char *fault_of(struct meet_progress *progress,
                            const struct meet_socket *socket)
{
    if (progress->http1 && meet_socket_has_unread(socket))
        return "the socket held an answer before the request was sent";
    /* libcurl 8.23 does not look at one that was used within a second. */
    progress->too_late = !progress->opened && meet_socket_has_ended(socket);
    return progress->too_late
               ? "the socket had ended before the request was sent"
               : NULL;
}

static int64_t time_of(const struct meet_progress *progress, CURLINFO info)
{
    curl_off_t microseconds = 0;

    curl_easy_getinfo(progress->handle, info, &microseconds);
    return meet_ns_multiply(1000, microseconds);
}

/*
 * How long the way to the server is, there and back, as the making of the
 * socket has shown. The way to a proxy says nothing, but the handshake behind
 * it does. On HTTP/2 others are about to be sent on the socket in the same
 * step, so it has to be known by now, though this one may not be sent.
 */
static void measure(struct meet_progress *progress, struct meet_socket *socket)
{
    int64_t delay = 0;

    if (progress->opened) {
        int64_t connected = time_of(progress, CURLINFO_CONNECT_TIME_T);

        delay = progress->proxied
                    ? time_of(progress, CURLINFO_APPCONNECT_TIME_T) - connected
                    : connected - time_of(progress, CURLINFO_NAMELOOKUP_TIME_T);
    }
    if (delay > 0 && socket)
        socket->delay = delay;
    progress->delay = socket ? socket->delay : meet_ns_later(0, delay);
}

/*
 * https://curl.se/libcurl/c/CURLOPT_PREREQFUNCTION.html
 * Called when the socket is ready and the request is about to be sent.
 */
static int on_ready(void *context, char *address, char *local_address, int port,
                    int local_port)
{
    struct meet_progress *progress = context;
    struct meet_socket *socket;
    const char *fault;

    (void)address;
    (void)local_address;
    if (progress->sends > 0) {
        refuse_second_send(progress);
        return CURL_PREREQFUNC_ABORT;
    }
    socket = meet_sockets_find(progress->sockets, local_port, port);
    if (socket)
        socket->http1 = socket->http1 || progress->plain;
    progress->http1 = !socket || socket->http1;
    measure(progress, socket);
    fault = socket ? fault_of(progress, socket) : NULL;
    if (!fault && progress->arrives_by > 0 &&
        meet_clock_boot() + progress->delay >= progress->arrives_by)
        fault = "the limiter's place expires before the request would arrive";
    if (fault) {
        progress->uncounted = true;
        hold_back(progress, fault);
        return CURL_PREREQFUNC_ABORT;
    }
    progress->socket = socket ? socket->serial : 0;
    progress->request = socket ? ++socket->requests : 0;
    progress->sends++;
    return CURL_PREREQFUNC_OK;
}

/* https://curl.se/libcurl/c/CURLOPT_OPENSOCKETFUNCTION.html */
static curl_socket_t on_open(void *context, curlsocktype purpose,
                             struct curl_sockaddr *address)
{
    struct meet_progress *progress = context;
    int fd;

    (void)purpose;
    if (progress->sends > 0) {
        refuse_second_send(progress);
        return CURL_SOCKET_BAD;
    }
    progress->opened = true;
    fd = meet_sockets_open(progress->sockets, address->family,
                           address->socktype, address->protocol);
    if (fd < 0 && (errno == EMFILE || errno == ENFILE))
        progress->starved = true;
    return fd;
}

/* https://curl.se/libcurl/c/CURLOPT_CLOSESOCKETFUNCTION.html */
static int on_close(void *context, curl_socket_t fd)
{
    return meet_sockets_close(context, fd);
}

void meet_progress_watch(struct meet_progress *progress, struct meet_easy *easy)
{
    CURLcode failed;

    progress->handle = easy->handle;
    MEET_EASY_SET(easy, CURLOPT_ERRORBUFFER, progress->message);
    MEET_EASY_SET(easy, CURLOPT_WRITEFUNCTION, on_body);
    MEET_EASY_SET(easy, CURLOPT_WRITEDATA, progress);
    MEET_EASY_SET(easy, CURLOPT_HEADERFUNCTION, on_header);
    MEET_EASY_SET(easy, CURLOPT_HEADERDATA, progress);
    MEET_EASY_SET(easy, CURLOPT_PREREQFUNCTION, on_ready);
    MEET_EASY_SET(easy, CURLOPT_PREREQDATA, progress);
    MEET_EASY_SET(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
    MEET_EASY_SET(easy, CURLOPT_OPENSOCKETDATA, progress);
    MEET_EASY_SET(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
    MEET_EASY_SET(easy, CURLOPT_CLOSESOCKETDATA, progress->sockets);
    /* Without this libcurl sends again what it sent on a reused socket that
       died: only a refused stream then leads to a second send. */
    failed = easy->failed;
    MEET_EASY_SET(easy, CURLOPT_RTSP_REQUEST, (long)CURL_RTSPREQ_RECEIVE);
    progress->resends = easy->failed != failed;
    easy->failed = failed;
}

void meet_progress_begin(struct meet_progress *progress,
                         struct meet_response *response)
{
    progress->response = response;
    progress->sends = 0;
    progress->uncounted = progress->refused = progress->too_late = false;
    progress->socket = 0;
    progress->request = 0;
    progress->arrives_by = progress->delay = 0;
    progress->opened = progress->starved = false;
    progress->http1 = progress->in_head = false;
    progress->length = -1;
    progress->stopped.kind = MEET_OK;
    progress->message[0] = '\0';
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
            (field && !meet_ascii_equal(field, "keep-alive"));
    meet_headers_deinit(&headers);
    return close;
}

bool meet_progress_has_more(const struct meet_progress *progress)
{
    const struct meet_socket *socket, *dropped;

    if (!progress->http1 || progress->socket == 0 ||
        progress->response->stream.wanted) /* its socket is used once */
        return false;
    socket = meet_sockets_get(progress->sockets, progress->socket);
    if (socket) /* under TLS the bytes may be its goodbye */
        return progress->plain && socket->requests == progress->request &&
               meet_socket_has_unread(socket);
    dropped = meet_sockets_get_dropped(progress->sockets, progress->socket);
    /* With few sockets libcurl closes none to make room. */
    return dropped && dropped->requests == progress->request &&
           progress->length >= 0 && progress->response->status < 300 &&
           progress->sockets->count < FEW_SOCKETS &&
           !says_close(progress->response);
}
