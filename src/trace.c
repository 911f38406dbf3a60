/* trace.c - see trace.h. */
#include "trace.h"

#include "auth.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST_LINE = 1024 };

/* The key that the request carries, or NULL. */
static const char *key_of(const struct meet_request *request)
{
    static const char scheme[] = "Bearer ";
    const char *value =
        request ? meet_headers_get(&request->headers, "Authorization") : NULL;

    return value && strncmp(value, scheme, sizeof scheme - 1) == 0
               ? value + sizeof scheme - 1
               : NULL;
}

/* A head is sent in as many pieces as the socket takes it in. */
static bool begins_request(const char *bytes, size_t length,
                           const struct meet_request *request)
{
    size_t verb = request ? strlen(request->verb) : 0;

    return verb > 0 && length > verb && bytes[verb] == ' ' &&
           memcmp(bytes, request->verb, verb) == 0;
}

/* How a line of that type begins, or 0: it is not shown. */
static char mark_of(curl_infotype type, const char *bytes, size_t length,
                    const struct meet_request *request)
{
    if (type == CURLINFO_TEXT)
        return '*';
    if (type == CURLINFO_HEADER_IN)
        return '<';
    if (type == CURLINFO_HEADER_OUT && begins_request(bytes, length, request))
        return '>';
    return 0;
}

void meet_trace_write(curl_infotype type, const char *bytes, size_t length,
                      const struct meet_request *request)
{
    char mark = mark_of(type, bytes, length, request);
    char line[LONGEST_LINE + 1];
    size_t end = 0;

    if (!mark)
        return;
    while (end < length && end < LONGEST_LINE && bytes[end] != '\r' &&
           bytes[end] != '\n') {
        /* A terminal may be looking on. */
        line[end] = bytes[end];
        if ((unsigned char)(bytes[end] - ' ') > '~' - ' ')
            line[end] = '?';
        end++;
    }
    meet_auth_redact(line, end, key_of(request));
    line[end] = '\0';
    fprintf(stderr, "googlemeet: %c %s\n", mark, line);
}
