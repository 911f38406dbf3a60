/*
 * buffer.h - growable bytes with an upper bound.
 * Pure: libc only. Zero-initialised memory is an empty buffer that may hold
 * nothing: call meet_buffer_init first. A NUL always follows the last byte.
 */
#pragma once

#include "error.h"

#include <stddef.h>

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

/*
 * Append. 0, or -1 with 'err' of kind too_large (over the limit) or memory; the
 * buffer is then unchanged. 'bytes' must not point into the buffer.
 */
int meet_buffer_append(struct meet_buffer *buffer, const char *bytes,
                       size_t length, struct meet_error *err);
int meet_buffer_append_string(struct meet_buffer *buffer, const char *string,
                              struct meet_error *err);

/* The bytes as a string, "" when empty. Valid until the next change. */
const char *meet_buffer_string(const struct meet_buffer *buffer);
