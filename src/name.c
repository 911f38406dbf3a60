/* name.c - see name.h. */
#include "name.h"

#include "ascii.h"

#include <string.h>

/* Longest id that the contract's strict patterns allow. */
#define LONGEST_ID 256

/* Longest meeting code, by Google's reference. */
#define LONGEST_CODE 128

bool meet_name_is_meeting_code(const char *text, size_t length)
{
    int groups = 1;
    size_t letters = 0; /* of the last group */

    for (size_t i = 0; i < length && length <= LONGEST_CODE; i++) {
        if (meet_ascii_is_letter(text[i])) {
            letters++;
        } else if (text[i] == '-' && letters > 0) {
            groups++;
            letters = 0;
        } else {
            return false;
        }
    }
    return groups == 3 && letters > 0;
}

/* Visible ASCII except the characters with a special meaning in a path. */
static bool is_id_byte(char c)
{
    switch (c) {
    case '/':
    case '?':
    case '#':
    case '%':
    case '\\':
    case '"':
    case '<':
    case '>':
    case ':':
        return false;
    default:
        return c > ' ' && c < 127;
    }
}

static bool is_id(const char *text, size_t length)
{
    if (length == 0 || length > LONGEST_ID)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_id_byte(text[i]))
            return false;
    return text[0] != '.' || (length > 1 && memcmp(text, "..", 2) != 0);
}

/* True when 'text' starts with 'prefix' in any case; skips it. */
static bool skip_prefix(const char **text, size_t *length, const char *prefix)
{
    if (!meet_ascii_starts(*text, *length, prefix))
        return false;
    *text += strlen(prefix);
    *length -= strlen(prefix);
    return true;
}

/* Skip "https://meet.google.com/"; true when 'text' was such a URL. */
static bool skip_meet_host(const char **text, size_t *length)
{
    if (!skip_prefix(text, length, "https://"))
        skip_prefix(text, length, "http://");
    return skip_prefix(text, length, "meet.google.com/");
}

/* Length of the path up to a query, a fragment or a trailing '/'. */
static size_t url_path_length(const char *text, size_t length)
{
    size_t end = 0;

    while (end < length && text[end] != '?' && text[end] != '#')
        end++;
    if (end > 0 && text[end - 1] == '/')
        end--;
    return end;
}

static int append_space(struct meet_buffer *name, const char *id, size_t length,
                        bool *code, struct meet_error *err)
{
    char lower[LONGEST_CODE];

    if (!meet_name_is_meeting_code(id, length))
        return meet_buffer_append(name, id, length, err);
    *code = true;
    for (size_t i = 0; i < length; i++)
        lower[i] = (char)meet_ascii_lower(id[i]);
    return meet_buffer_append(name, lower, length, err);
}

static int fail(const char *pattern, const char *text, size_t length,
                struct meet_error *err)
{
    int shown = length < 80 ? (int)length : 80;
    const char *also = "";

    for (int i = 0; i < shown; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 127)
            shown = 0; /* no control bytes in messages */
    if (strcmp(pattern, "spaces/*") == 0)
        also = ", an id, a meeting code or a https://meet.google.com/ URL "
               "with a meeting code (lookup and nickname links cannot be "
               "resolved)";
    else if (strchr(pattern, '*') == strrchr(pattern, '*'))
        also = " or an id";
    meet_error_set(err, MEET_CONFIG,
                   "malformed resource name '%.*s': expected %s%s", shown, text,
                   strcmp(pattern, "*") == 0 ? "a connection's id" : pattern,
                   strcmp(pattern, "*") == 0 ? "" : also);
    return -1;
}

/* Append 'text' if it is a full name in the pattern's collections. */
static int append_full(struct meet_buffer *name, const char *pattern,
                       const char *text, size_t length, bool *code,
                       struct meet_error *err)
{
    const char *rest = text, *end = text + length;

    for (const char *p = pattern; *p; p++) {
        const char *slash;
        size_t collection = strcspn(p, "*");
        bool space;

        if (collection > (size_t)(end - rest) ||
            memcmp(rest, p, collection) != 0)
            return fail(pattern, text, length, err);
        if (meet_buffer_append(name, rest, collection, err) < 0)
            return -1;
        rest += collection;
        p += collection;
        space = p - pattern == 7 && memcmp(pattern, "spaces/", 7) == 0;
        slash = memchr(rest, '/', (size_t)(end - rest));
        if (!slash || !p[1])
            slash = end;
        if (!is_id(rest, (size_t)(slash - rest)))
            return fail(pattern, text, length, err);
        if (space ? append_space(name, rest, (size_t)(slash - rest), code, err)
                  : meet_buffer_append(name, rest, (size_t)(slash - rest), err))
            return -1;
        rest = slash;
    }
    return 0;
}

int meet_name_resolve(struct meet_buffer *name, const char *pattern,
                      const char *text, size_t length, bool *code,
                      struct meet_error *err)
{
    const char *id = text;
    size_t size = length;
    bool spaces = strcmp(pattern, "spaces/*") == 0;
    const char *star = strchr(pattern, '*');

    *code = false;
    if (!star || strrchr(pattern, '*')[1]) {
        meet_error_set(err, MEET_CONFIG, "the pattern '%s' does not end in '*'",
                       pattern);
        return -1;
    }
    if (spaces && skip_meet_host(&id, &size)) {
        size = url_path_length(id, size);
        if (!meet_name_is_meeting_code(id, size))
            return fail(pattern, text, length, err);
    } else if (memchr(text, '/', length) || strchr(star + 1, '*')) {
        return append_full(name, pattern, text, length, code, err);
    }
    if (!is_id(id, size))
        return fail(pattern, text, length, err);
    if (meet_buffer_append(name, pattern, (size_t)(star - pattern), err) < 0)
        return -1;
    return spaces ? append_space(name, id, size, code, err)
                  : meet_buffer_append(name, id, size, err);
}
