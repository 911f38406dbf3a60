/*
 * headers.c - ordered header fields, and the parser of response lines. Pure:
 * libc only. The list owns its fields; each is one allocation: the line, which
 * ends with the value, and then the name, each with its NUL.
 */
#include "headers.h"

#include "ascii.h"
#include "wipe.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 16 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* tchar of RFC 9110 section 5.6.2. */
static bool is_token_character(char c)
{
    return meet_ascii_is_alphanumeric(c) || c == '-' ||
           (c != '\0' && strchr("!#$%&'*+.^_`|~", c));
}

static bool is_token(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!is_token_character(name[i]))
            return false;
    }
    return length > 0;
}

static bool is_value(const char *value, size_t length)
{
    if (length > 0 && (is_blank(value[0]) || is_blank(value[length - 1])))
        return false;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)value[i];

        if ((byte < 0x20 && byte != '\t') || byte == 0x7F)
            return false;
    }
    return true;
}

/* Wipe and free one field, as a buffer. */
static void free_field(struct meet_header field)
{
    size_t size = strlen(field.line) + 1 + strlen(field.name) + 1;
    struct meet_buffer buffer = {field.line, size, size, size};

    meet_buffer_wipe(&buffer);
}

void meet_headers_truncate(struct meet_headers *headers, size_t count)
{
    while (headers->count > count)
        free_field(headers->fields[--headers->count]);
}

void meet_headers_wipe(struct meet_headers *headers)
{
    for (size_t i = 0; i < headers->count; i++)
        meet_wipe(headers->fields[i].value, strlen(headers->fields[i].value));
}

void meet_headers_deinit(struct meet_headers *headers)
{
    meet_headers_truncate(headers, 0);
    free(headers->fields);
    *headers = (struct meet_headers){0};
}

static int set_no_memory(struct meet_error *err)
{
    meet_error_set(err, MEET_MEMORY, "no memory for a header field");
    return -1;
}

/* Make room for one more field. */
static int reserve(struct meet_headers *headers, struct meet_error *err)
{
    size_t capacity = headers->capacity ? headers->capacity : FIRST_CAPACITY;
    struct meet_header *fields;

    if (headers->count < headers->capacity)
        return 0;
    if (headers->capacity > 0)
        capacity *= 2; /* no overflow: allocations are below SIZE_MAX / 2 */
    fields = realloc(headers->fields, capacity * sizeof *fields);
    if (!fields)
        return set_no_memory(err);
    headers->fields = fields;
    headers->capacity = capacity;
    return 0;
}

/* Append a field that is known to be valid. */
static int append_valid(struct meet_headers *headers, const char *name,
                        size_t name_length, const char *value, size_t length,
                        struct meet_error *err)
{
    struct meet_header field;

    if (reserve(headers, err))
        return -1;
    field.line = malloc(2 * name_length + length + 4);
    if (!field.line)
        return set_no_memory(err);
    field.value = field.line + name_length + (length > 0 ? 2 : 1);
    field.name = field.value + length + 1;
    memcpy(field.line, name, name_length);
    memcpy(field.line + name_length, length > 0 ? ": " : ";", 2);
    if (length > 0)
        memcpy(field.value, value, length);
    field.value[length] = '\0';
    memcpy(field.name, name, name_length);
    field.name[name_length] = '\0';
    headers->fields[headers->count] = field;
    headers->count++;
    return 0;
}

int meet_headers_append(struct meet_headers *headers, const char *name,
                        const char *value, size_t length,
                        struct meet_error *err)
{
    size_t name_length = strlen(name);

    if (!is_token(name, name_length)) {
        meet_error_set(err, MEET_CONFIG, "malformed header field name");
        return -1;
    }
    if (!is_value(value, length)) {
        /* The name is a token, so it is safe to show; the value may not be. */
        meet_error_set(err, MEET_CONFIG,
                       "the value of header field %s has a control byte, or "
                       "a blank at an end",
                       name);
        return -1;
    }
    return append_valid(headers, name, name_length, value, length, err);
}

const char *meet_headers_get(const struct meet_headers *headers,
                             const char *name)
{
    for (size_t i = 0; i < headers->count; i++) {
        if (meet_ascii_equal(headers->fields[i].name, name))
            return headers->fields[i].value;
    }
    return NULL;
}

/*
 * Read the logical line at 'bytes' into 'line', without its end and with each
 * fold (RFC 9112 section 5.2) as one space. '*taken': its length in bytes.
 */
static int read_line(struct meet_buffer *line, const char *bytes, size_t length,
                     size_t *taken, struct meet_error *err)
{
    size_t start = 0;

    meet_buffer_clear(line);
    do {
        const char *feed = memchr(bytes + start, '\n', length - start);
        size_t end = feed ? (size_t)(feed - bytes) : length;
        size_t next = feed ? end + 1 : length;

        if (feed && end > start && bytes[end - 1] == '\r')
            end--;
        while (end > start && is_blank(bytes[end - 1]))
            end--;
        if (start > 0 && meet_buffer_append(line, " ", 1, err))
            return -1;
        while (start > 0 && start < end && is_blank(bytes[start]))
            start++;
        if (meet_buffer_append(line, bytes + start, end - start, err))
            return -1;
        start = next;
    } while (start < length && is_blank(bytes[start]));
    *taken = start;
    return 0;
}

static bool is_status_line(const struct meet_buffer *line)
{
    return line->length >= 5 && memcmp(line->bytes, "HTTP/", 5) == 0;
}

/* Append the field of a line; skip a malformed line. */
static int append_line(struct meet_headers *headers,
                       const struct meet_buffer *line, struct meet_error *err)
{
    const char *colon =
        line->length > 0 ? memchr(line->bytes, ':', line->length) : NULL;
    const char *value;
    size_t length;
    size_t name_length;

    if (!colon)
        return 0;
    name_length = (size_t)(colon - line->bytes);
    value = colon + 1;
    length = line->length - name_length - 1;
    while (length > 0 && is_blank(value[0])) {
        value++;
        length--;
    }
    while (length > 0 && is_blank(value[length - 1]))
        length--;
    if (!is_token(line->bytes, name_length) || !is_value(value, length))
        return 0;
    return append_valid(headers, line->bytes, name_length, value, length, err);
}

int meet_headers_parse(struct meet_headers *headers, const char *bytes,
                       size_t length, struct meet_error *err)
{
    struct meet_buffer line;
    size_t taken;
    int failed = 0;

    /*
     * A logical line is never longer than its bytes (a fold's space replaces a
     * line end), so the limit is never hit.
     */
    meet_buffer_init(&line, length);
    for (size_t i = 0; i < length && !failed; i += taken) {
        failed = read_line(&line, bytes + i, length - i, &taken, err);
        if (failed)
            break;
        if (is_status_line(&line))
            meet_headers_truncate(
                headers, 0); /* of an interim response, a proxy or a redirect */
        else
            failed = append_line(headers, &line, err);
    }
    meet_buffer_wipe(&line);
    return failed;
}
