/*
 * fields.h - the header lines of a request as the list that libcurl takes.
 * May use libcurl. Owns the nodes; the lines stay the request's.
 */
#pragma once

#include "request.h"

#include <curl/curl.h>

struct meet_fields {
    struct curl_slist *nodes; /* for one request after the other */
    size_t capacity;
    char encodings[64]; /* the Accept-Encoding line, or "" */
};

void meet_fields_init(struct meet_fields *fields);
void meet_fields_deinit(struct meet_fields *fields);

/*
 * The lines of the request, with those that libcurl would add by itself. The
 * list holds until the next call; NULL: no memory.
 */
struct curl_slist *meet_fields_list(struct meet_fields *fields,
                                    const struct meet_request *request);
