/* error_body.c - see error_body.h. */
#include "error_body.h"

#include "date.h"

#include <string.h>

/* The position of the scan in the text. */
struct scan {
    const char *at, *end;
    int depth;
    bool in_error; /* the last top-level name was "error" */
};

/* One string without its quotes; escapes are not decoded. */
struct string {
    const char *start;
    size_t length;
};

static bool equals(const struct string *string, const char *word)
{
    return string->length == strlen(word) &&
           memcmp(string->start, word, string->length) == 0;
}

/* Read from after an opening quote to after the closing one. */
static struct string read_string(struct scan *scan)
{
    struct string string = {scan->at, 0};

    while (scan->at < scan->end && *scan->at != '"')
        scan->at += *scan->at == '\\' && scan->end - scan->at > 1 ? 2 : 1;
    string.length = (size_t)(scan->at - string.start);
    if (scan->at < scan->end)
        scan->at++;
    return string;
}

static void skip_blanks(struct scan *scan)
{
    while (scan->at < scan->end && strchr(" \t\r\n", *scan->at) && *scan->at)
        scan->at++;
}

/* Skip blanks; when 'c' follows, skip it and return true. */
static bool take(struct scan *scan, char c)
{
    skip_blanks(scan);
    if (scan->at == scan->end || *scan->at != c)
        return false;
    scan->at++;
    return true;
}

/* A string was read: if it is a name, check its value. */
static void read_field(struct scan *scan, const struct string *name,
                       struct meet_error_body *found)
{
    struct string value;

    int64_t delay;

    if (!take(scan, ':'))
        return;
    if (scan->depth == 1)
        scan->in_error = equals(name, "error");
    skip_blanks(scan);
    if (scan->depth == 2 && scan->in_error &&
        (equals(name, "details") || equals(name, "errors")) &&
        scan->at < scan->end && *scan->at == '[')
        found->google = true;
    if (!take(scan, '"'))
        return;
    value = read_string(scan);
    if (scan->depth == 2 && scan->in_error && equals(name, "status"))
        found->google = true;
    if (scan->depth == 4 && scan->in_error && equals(name, "reason"))
        found->limited = found->limited ||
                         equals(&value, "rateLimitExceeded") ||
                         equals(&value, "userRateLimitExceeded");
    if (!equals(name, "retryDelay"))
        return;
    delay = meet_date_duration(value.start, value.length);
    if (delay >= 0)
        found->delay = delay;
}

void meet_error_body_read(const char *body, size_t length,
                          struct meet_error_body *found)
{
    struct scan scan = {body, body + length, 0, false};

    *found = (struct meet_error_body){.delay = -1};
    skip_blanks(&scan);
    if (scan.at == scan.end || *scan.at != '{')
        return;
    while (scan.at < scan.end) {
        char c = *scan.at++;

        if (c == '{' || c == '[')
            scan.depth++;
        else if (c == '}' || c == ']')
            scan.depth--;
        else if (c == '"') {
            struct string name = read_string(&scan);

            read_field(&scan, &name, found);
        }
    }
}
