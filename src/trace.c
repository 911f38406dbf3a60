/* trace.c - see trace.h. */
#define _GNU_SOURCE /* memrchr */
#include "trace.h"

#include "auth.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

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

static void blank(char *from, const char *end)
{
    while (from < end)
        *from++ = '*';
}

/* The value of a field that is sent over HTTP/2: "[name: value]". */
static void blank_field(char *line, char *end)
{
    char *value = strstr(line, ": ");
    const char *open =
        value ? memrchr(line, '[', (size_t)(value - line)) : NULL;

    if (open && open[1] != ':') /* no pseudo-field */
        blank(value + 2, end[-1] == ']' ? end - 1 : end);
}

/* What is quoted and has an "@" is the URL of a proxy, with its password. */
static void blank_proxy(char *line, char *end)
{
    char *open = memchr(line, '\'', (size_t)(end - line));

    if (open && memchr(open, '@', (size_t)(end - open)))
        blank(open + 1, end[-1] == '\'' ? end - 1 : end);
}

static void blank_cookie(char *line, char *end)
{
    static const char name[] = "set-cookie:";

    if (strncasecmp(line, name, sizeof name - 1) == 0)
        blank(line + sizeof name - 1, end);
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
    line[end] = '\0';
    meet_auth_redact(line, end, key_of(request));
    if (type == CURLINFO_TEXT) {
        blank_field(line, line + end);
        blank_proxy(line, line + end);
    } else {
        blank_cookie(line, line + end);
    }
    fprintf(stderr, "googlemeet: %c %s\n", mark, line);
}
