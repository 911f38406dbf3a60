/*
 * header_list.h - the header lines of a request as the list that libcurl takes.
 * May use libcurl. Owns the nodes; the request owns the lines.
 */
#pragma once

#include "request.h"

#include <curl/curl.h>

struct meet_header_list {
    struct curl_slist *nodes; /* reused for each request */
    size_t capacity;
    char encodings[64]; /* the Accept-Encoding line, or "" */
};

void meet_header_list_init(struct meet_header_list *list);
void meet_header_list_deinit(struct meet_header_list *list);

/*
 * The lines of the request, and those that libcurl would add itself; 'packed':
 * the body may come in any coding that libcurl reads. Valid until the next
 * call; NULL: no memory.
 */
struct curl_slist *meet_header_list_make(struct meet_header_list *list,
                                         const struct meet_request *request,
                                         bool packed);
