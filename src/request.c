/* request.c - see request.h. */
#include "request.h"

#include <string.h>

void meet_request_init(struct meet_request *request)
{
    memset(request, 0, sizeof *request);
    meet_buffer_init(&request->url, MEET_LONGEST_URL);
    meet_buffer_init(&request->body, MEET_LONGEST_BODY);
    meet_buffer_init(&request->connection, MEET_LONGEST_ID);
}

void meet_request_deinit(struct meet_request *request)
{
    meet_buffer_deinit(&request->url);
    meet_headers_deinit(&request->headers);
    meet_buffer_deinit(&request->body);
    meet_buffer_deinit(&request->connection);
}

int meet_request_copy(struct meet_request *to, const struct meet_request *from,
                      struct meet_error *err)
{
    *to = *from;
    meet_buffer_init(&to->url, from->url.limit);
    to->headers = (struct meet_headers){0};
    meet_buffer_init(&to->body, from->body.limit);
    meet_buffer_init(&to->connection, from->connection.limit);
    if (meet_buffer_append(&to->url, meet_buffer_string(&from->url),
                           from->url.length, err) < 0)
        return -1;
    return meet_buffer_append(&to->connection,
                              meet_buffer_string(&from->connection),
                              from->connection.length, err);
}

const char *meet_request_verb(const char *name)
{
    static const char *const verbs[] = {"GET", "POST", "PUT", "PATCH",
                                        "DELETE"};

    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(name, verbs[i]) == 0)
            return verbs[i];
    return NULL;
}

bool meet_request_is_read(const struct meet_request *request)
{
    return strcmp(request->verb, "GET") == 0;
}

size_t meet_request_path_length(const struct meet_request *request)
{
    return strcspn(meet_buffer_string(&request->url) + request->path_offset,
                   "?");
}

bool meet_request_needs_certificates(const struct meet_request *request)
{
    return !request->network->plain && !request->network->ca_file &&
           !request->network->ca_path;
}
