/*
 * header_list.c - see header_list.h.
 *
 * libcurl formats the lines of CURLOPT_USERAGENT and CURLOPT_ACCEPT_ENCODING
 * byte by byte and twice, but a line of the list once: that saves a tenth of
 * the instructions of a small GET.
 */
#include "header_list.h"

#include <stdio.h>
#include <stdlib.h>

/* User-Agent, Accept-Encoding, and two with a body. */
enum { MOST_ADDED = 4 };

/* As libcurl itself would write it for CURLOPT_ACCEPT_ENCODING "". */
static void write_encodings(char *line, size_t size)
{
    int features = curl_version_info(CURLVERSION_NOW)->features;
    char list[32];

    snprintf(list, sizeof list, "%s%s%s",
             features & CURL_VERSION_LIBZ ? ", deflate, gzip" : "",
             features & CURL_VERSION_BROTLI ? ", br" : "",
             features & CURL_VERSION_ZSTD ? ", zstd" : "");
    if (list[0])
        snprintf(line, size, "Accept-Encoding:%s", list + 1);
}

void meet_header_list_init(struct meet_header_list *list)
{
    *list = (struct meet_header_list){0};
    write_encodings(list->encodings, sizeof list->encodings);
}

void meet_header_list_deinit(struct meet_header_list *list)
{
    free(list->nodes);
}

/* Room for 'count' nodes. */
static int reserve(struct meet_header_list *list, size_t count)
{
    struct curl_slist *nodes;

    if (count <= list->capacity)
        return 0;
    nodes = realloc(list->nodes, count * sizeof *nodes);
    if (!nodes)
        return -1;
    list->nodes = nodes;
    list->capacity = count;
    return 0;
}

struct curl_slist *meet_header_list_make(struct meet_header_list *list,
                                         const struct meet_request *request,
                                         bool packed)
{
    const struct meet_headers *headers = &request->headers;
    struct curl_slist *node;

    if (reserve(list, headers->count + MOST_ADDED) < 0)
        return NULL;
    node = list->nodes;
    for (size_t i = 0; i < headers->count; i++)
        node++->data = headers->fields[i].line;
    node++->data = (char *)request->network->agent_line;
    if (!packed)
        node++->data = (char *)"Accept-Encoding: identity";
    else if (list->encodings[0])
        node++->data = list->encodings;
    if (request->has_body) {
        node++->data = (char *)"Expect:"; /* no wait before the body */
        if (!meet_headers_get(headers, "Content-Type"))
            node++->data = (char *)"Content-Type:"; /* which is not a form */
    }
    for (struct curl_slist *last = --node; node >= list->nodes; node--)
        node->next = node == last ? NULL : node + 1;
    return list->nodes;
}
