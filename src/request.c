/* request.c - see request.h. */
#include "request.h"

#include <string.h>

void meet_request_init(struct meet_request *request)
{
    memset(request, 0, sizeof *request);
    meet_buffer_init(&request->url, MEET_LONGEST_URL);
    meet_buffer_init(&request->body, MEET_LONGEST_BODY);
}

void meet_request_deinit(struct meet_request *request)
{
    meet_buffer_deinit(&request->url);
    meet_headers_deinit(&request->headers);
    meet_buffer_deinit(&request->body);
}

int meet_request_copy(struct meet_request *to, const struct meet_request *from,
                      struct meet_error *err)
{
    struct meet_request own = *to;

    *to = *from;
    to->url = own.url;
    to->headers = own.headers;
    to->body = own.body;
    meet_buffer_clear(&to->url);
    return meet_buffer_append(&to->url, meet_buffer_string(&from->url),
                              from->url.length, err);
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

bool meet_request_is_plain(const struct meet_request *request)
{
    return strncmp(meet_buffer_string(&request->url), "http:", 5) == 0;
}

bool meet_request_needs_certificates(const struct meet_request *request)
{
    return !meet_request_is_plain(request) && !request->network->ca_file &&
           !request->network->ca_path;
}
