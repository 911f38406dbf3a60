/*
 * buffer.h - growable bytes with an upper bound.
 * Pure: libc only. Zero-initialised memory is an empty buffer that may hold
 * nothing: call meet_buffer_init first. A NUL always follows the last byte.
 */
#pragma once

#include "error.h"

#include <stddef.h>
#include <string.h>

struct meet_buffer {
    char *bytes; /* NULL until memory is needed */
    size_t length;
    size_t capacity;
    size_t limit; /* most bytes it may hold, without the NUL */
};

/* Make an empty buffer that holds at most 'limit' bytes. Allocates nothing. */
void meet_buffer_init(struct meet_buffer *buffer, size_t limit);

/* Free the bytes; the buffer is then empty and usable. Accepts any state. */
void meet_buffer_deinit(struct meet_buffer *buffer);

/* Overwrite the bytes, then free them: for secrets. */
void meet_buffer_wipe(struct meet_buffer *buffer);

/* Empty the buffer but keep its memory. */
void meet_buffer_clear(struct meet_buffer *buffer);

/* Append what there is room for. */
static inline void meet_buffer_put(struct meet_buffer *buffer,
                                   const char *bytes, size_t length)
{
    char *end = buffer->bytes + buffer->length;

    buffer->length += length;
    end[length] = '\0';
    memcpy(end, bytes, length);
}

/* Append bytes for which there may be no room yet. */
int meet_buffer_append_growing(struct meet_buffer *buffer, const char *bytes,
                               size_t length, struct meet_error *err);

/*
 * Append. 0, or -1 with 'err' of kind too_large (over the limit) or memory; the
 * buffer is then unchanged. 'bytes' must not point into the buffer.
 */
static inline int meet_buffer_append(struct meet_buffer *buffer,
                                     const char *bytes, size_t length,
                                     struct meet_error *err)
{
    /* The capacity respects the limit, so bytes that fit need no check. */
    if (length >= buffer->capacity - buffer->length)
        return meet_buffer_append_growing(buffer, bytes, length, err);
    meet_buffer_put(buffer, bytes, length);
    return 0;
}

int meet_buffer_append_string(struct meet_buffer *buffer, const char *string,
                              struct meet_error *err);

/* The bytes as a string, "" when empty. Valid until the next change. */
const char *meet_buffer_string(const struct meet_buffer *buffer);
