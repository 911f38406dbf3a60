/*
 * fields.c - see fields.h.
 *
 * libcurl formats what comes of CURLOPT_USERAGENT and CURLOPT_ACCEPT_ENCODING
 * byte by byte and twice, a line of the list once: the difference is a tenth of
 * all the instructions of a small GET.
 */
#include "fields.h"

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

void meet_fields_init(struct meet_fields *fields)
{
    *fields = (struct meet_fields){0};
    write_encodings(fields->encodings, sizeof fields->encodings);
}

void meet_fields_deinit(struct meet_fields *fields)
{
    free(fields->nodes);
}

/* Room for 'count' nodes. */
static int reserve(struct meet_fields *fields, size_t count)
{
    struct curl_slist *nodes;

    if (count <= fields->capacity)
        return 0;
    nodes = realloc(fields->nodes, count * sizeof *nodes);
    if (!nodes)
        return -1;
    fields->nodes = nodes;
    fields->capacity = count;
    return 0;
}

struct curl_slist *meet_fields_list(struct meet_fields *fields,
                                    const struct meet_request *request)
{
    const struct meet_headers *headers = &request->headers;
    struct curl_slist *node;

    if (reserve(fields, headers->count + MOST_ADDED) < 0)
        return NULL;
    node = fields->nodes;
    for (size_t i = 0; i < headers->count; i++)
        node++->data = headers->fields[i].line;
    node++->data = (char *)request->network->agent_line;
    if (fields->encodings[0])
        node++->data = fields->encodings;
    if (request->has_body) {
        node++->data = (char *)"Expect:"; /* no wait before the body, */
        if (!meet_headers_get(headers, "Content-Type"))
            node++->data = (char *)"Content-Type:"; /* which is no form */
    }
    for (struct curl_slist *last = --node; node >= fields->nodes; node--)
        node->next = node == last ? NULL : node + 1;
    return fields->nodes;
}
