/* trace.c - see trace.h. */
#include "trace.h"

#include "auth.h"
#include "redact.h"

#include <stdio.h>
#include <string.h>

#define LONGEST_PATH 1000 /* of what is shown */

static const char *protocol_of(CURL *easy)
{
    long version = 0;

    curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
    return version == CURL_HTTP_VERSION_1_0   ? "HTTP/1.0"
           : version == CURL_HTTP_VERSION_1_1 ? "HTTP/1.1"
           : version == CURL_HTTP_VERSION_2_0 ? "HTTP/2"
                                              : "no answer";
}

/* Write a phase's milliseconds since the attempt's start, if it was reached. */
static void write_phase(CURL *easy, CURLINFO info, const char *name)
{
    curl_off_t microseconds = 0;

    curl_easy_getinfo(easy, info, &microseconds);
    if (microseconds > 0)
        fprintf(stderr, ", %s %.1f", name, (double)microseconds / 1000);
}

/* Write the peer and the route to it. */
static void write_route(const struct meet_network *network,
                        const struct meet_transfer *transfer, unsigned opened)
{
    CURL *easy = transfer->easy.handle;
    char *address = NULL;
    long port = 0;

    curl_easy_getinfo(easy, CURLINFO_PRIMARY_IP, &address);
    curl_easy_getinfo(easy, CURLINFO_PRIMARY_PORT, &port);
    fprintf(stderr, "; %s", protocol_of(easy));
    if (address && *address)
        fprintf(stderr, ", %s port %ld", address, port);
    fprintf(stderr, ", proxy %s, %s socket", network->direct ? "no" : "yes",
            opened                     ? "new"
            : transfer->progress.sends ? "kept"
                                       : "no");
}

/* Copy the path without the query; a server may have named it by the key. */
static void copy_path(char path[LONGEST_PATH + 1],
                      const struct meet_request *request)
{
    const char *key = meet_auth_sent_key(&request->headers);
    size_t length = meet_request_path_length(request);

    length = length < LONGEST_PATH ? length : LONGEST_PATH;
    memcpy(path, meet_buffer_string(&request->url) + request->path_offset,
           length);
    path[length] = '\0';
    if (key)
        meet_redact(path, length, key, strlen(key));
    meet_redact_fields(path, length);
}

void meet_trace_write(const struct meet_job *job,
                      const struct meet_transfer *transfer,
                      const struct meet_outcome *outcome, int64_t now)
{
    const struct meet_request *request = &job->request;
    CURL *easy = transfer->easy.handle;
    char path[LONGEST_PATH + 1];
    enum meet_kind kind = meet_job_kind_of(job, outcome, now);

    if (kind == MEET_OK)
        kind = meet_error_kind_of_status(job->response.status);
    copy_path(path, request);
    fprintf(stderr, "googlemeet: %s %s: attempt %u after %.3f s, %d %s",
            request->verb, path, job->attempts,
            meet_ns_seconds(meet_ns_between(job->queued_at, job->started_at)),
            job->response.status, meet_error_kind_name(kind));
    write_route(request->network, transfer, outcome->sockets_opened);
    fprintf(stderr, "; ms: total %.1f",
            meet_ns_seconds(meet_ns_between(job->started_at, now)) * 1000);
    write_phase(easy, CURLINFO_NAMELOOKUP_TIME_T, "name");
    write_phase(easy, CURLINFO_CONNECT_TIME_T, "connect");
    write_phase(easy, CURLINFO_APPCONNECT_TIME_T, "tls");
    write_phase(easy, CURLINFO_PRETRANSFER_TIME_T, "ready");
    write_phase(easy, CURLINFO_STARTTRANSFER_TIME_T, "first byte");
    fputc('\n', stderr);
}
