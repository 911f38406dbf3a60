/* name.c - see name.h. */
#include "name.h"

#include "ascii.h"

#include <string.h>

/* Longest id that the contract's strict patterns allow. */
#define LONGEST_ID 256

/* Longest meeting code, by Google's reference. */
#define LONGEST_CODE 128

/* Bytes of a malformed name in a message, and the room that they take. */
enum { MOST_SHOWN = 80, SHOWN_ROOM = 4 * MOST_SHOWN + 1 };

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

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void trim_blanks(const char **text, size_t *length)
{
    for (; *length > 0 && is_blank(**text); ++*text)
        --*length;
    while (*length > 0 && is_blank((*text)[*length - 1]))
        --*length;
}

/* Cut what is around a link in a mail or a text: blanks, <>, a full stop. */
static void trim(const char **text, size_t *length)
{
    trim_blanks(text, length);
    if (*length > 0 && (*text)[*length - 1] == '.')
        --*length;
    if (*length > 1 && **text == '<' && (*text)[*length - 1] == '>') {
        ++*text;
        *length -= 2;
        trim_blanks(text, length);
    }
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

/* The letter that escapes a control byte; 'x': two hex digits follow. */
static char escape_of(unsigned char byte)
{
    switch (byte) {
    case '\r':
        return 'r';
    case '\n':
        return 'n';
    case '\t':
        return 't';
    default:
        return byte < ' ' || byte == 127 ? 'x' : '\0';
    }
}

/* The start of a text, its control bytes escaped, such as a line end. */
static void show(const char *text, size_t length, char shown[SHOWN_ROOM])
{
    static const char hex[] = "0123456789ABCDEF";
    char *to = shown;

    if (length > MOST_SHOWN) /* cut between two characters of UTF-8 */
        for (length = MOST_SHOWN; length > 0 && (text[length] & 0xC0) == 0x80;)
            length--;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        char escape = escape_of(byte);

        if (escape) {
            *to++ = '\\';
            *to++ = escape;
        }
        if (escape == 'x') {
            *to++ = hex[byte >> 4];
            *to++ = hex[byte & 15];
        }
        if (!escape)
            *to++ = text[i];
    }
    *to = '\0';
}

static int fail(const char *pattern, const char *text, size_t length,
                struct meet_error *err)
{
    char shown[SHOWN_ROOM];
    const char *also = "";

    show(text, length, shown);
    if (strcmp(pattern, "spaces/*") == 0)
        also = ", an id, a meeting code or a https://meet.google.com/ URL "
               "with a meeting code (lookup and nickname links cannot be "
               "resolved)";
    else if (strchr(pattern, '*') == strrchr(pattern, '*'))
        also = " or an id";
    meet_error_set(err, MEET_CONFIG,
                   "malformed resource name '%s': expected %s%s", shown,
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

/* Narrow the text to the code of a link, or to a code; false: it is neither. */
static bool take_code(const char **text, size_t *length)
{
    const char *code = *text, *path;
    size_t size = *length, rest;

    trim(&code, &size);
    path = code;
    rest = size;
    if (skip_meet_host(&path, &rest)) {
        code = path;
        size = url_path_length(path, rest);
    } else if (!meet_name_is_meeting_code(code, size)) {
        return false;
    }
    *text = code;
    *length = size;
    return true;
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
    if (spaces && take_code(&id, &size)) {
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
