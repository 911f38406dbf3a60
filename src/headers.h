/*
 * headers.h - ordered header fields, and the parser of response lines.
 * Pure. Names compare without case (RFC 9110 section 5.1).
 */
#pragma once

#include "buffer.h"

struct meet_header {
    char *line; /* "Name: value", or "Name;" without one: as libcurl takes it */
    char *name; /* one allocation holds all three */
    char *value;
};

struct meet_headers {
    struct meet_header *fields; /* in the order of arrival */
    size_t count;
    size_t capacity;
};

/* Zeroed memory is an empty list. Values are wiped before they are freed. */
void meet_headers_deinit(struct meet_headers *headers);

/* Wipe all values. The fields stay where they are, for who reads them. */
void meet_headers_wipe(struct meet_headers *headers);

/* Drop the fields from 'count' on. */
void meet_headers_truncate(struct meet_headers *headers, size_t count);

/*
 * Append one field. -1 with kind config when the name is not a token of
 * RFC 9110 section 5.6.2 or the value has a control byte other than tab or
 * blanks at its ends; -1 with kind memory.
 */
int meet_headers_append(struct meet_headers *headers, const char *name,
                        const char *value, size_t length,
                        struct meet_error *err);

/* Value of the first field of that name, or NULL. */
const char *meet_headers_get(const struct meet_headers *headers,
                             const char *name);

/*
 * Parse the raw header section of a response into 'headers'. Lines end in LF or
 * CR LF; folded lines are unfolded, status lines and malformed lines skipped; a
 * status line drops the fields before it. -1 with kind memory only.
 */
int meet_headers_parse(struct meet_headers *headers, const char *bytes,
                       size_t length, struct meet_error *err);
