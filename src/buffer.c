/*
 * buffer.c - growable bytes with an upper bound.
 * Pure: libc only. The buffer owns its bytes.
 */
#include "buffer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 128 };

static void overwrite(char *bytes, size_t length)
{
    /* A volatile pointer, so that no compiler drops the call as useless. */
    void *(*volatile set)(void *, int, size_t) = memset;

    set(bytes, 0, length);
}

void meet_buffer_init(struct meet_buffer *buffer, size_t limit)
{
    *buffer = (struct meet_buffer){.limit = limit};
}

void meet_buffer_deinit(struct meet_buffer *buffer)
{
    free(buffer->bytes);
    meet_buffer_init(buffer, buffer->limit);
}

void meet_buffer_wipe(struct meet_buffer *buffer)
{
    /* The whole capacity: a clear may have left bytes beyond the length. */
    if (buffer->bytes)
        overwrite(buffer->bytes, buffer->capacity);
    meet_buffer_deinit(buffer);
}

void meet_buffer_clear(struct meet_buffer *buffer)
{
    buffer->length = 0;
    if (buffer->bytes)
        buffer->bytes[0] = '\0';
}

/* The next capacity for 'needed' bytes, the NUL included. */
static size_t grown_capacity(const struct meet_buffer *buffer, size_t needed)
{
    /* Cannot overflow: no allocation exceeds SIZE_MAX / 2. */
    size_t capacity = buffer->capacity * 2;
    size_t most = buffer->limit < SIZE_MAX ? buffer->limit + 1 : SIZE_MAX;

    if (capacity < FIRST_CAPACITY)
        capacity = FIRST_CAPACITY;
    if (capacity < needed)
        capacity = needed;
    return capacity < most ? capacity : most;
}

/* Grow to at least 'needed' bytes, the NUL included. */
static int grow(struct meet_buffer *buffer, size_t needed,
                struct meet_error *err)
{
    size_t capacity = grown_capacity(buffer, needed);
    char *bytes = malloc(capacity);

    if (!bytes) {
        meet_error_set(err, MEET_MEMORY, "no memory for %zu bytes", capacity);
        return -1;
    }
    /* Not realloc: it would leave a copy of a secret in freed memory. */
    if (buffer->bytes) {
        memcpy(bytes, buffer->bytes, buffer->length);
        overwrite(buffer->bytes, buffer->capacity);
        free(buffer->bytes);
    }
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return 0;
}

/* Make room for 'length' more bytes. */
static int make_room(struct meet_buffer *buffer, size_t length,
                     struct meet_error *err)
{
    if (length > buffer->limit - buffer->length) {
        meet_error_set(err, MEET_TOO_LARGE, "over the limit of %zu bytes",
                       buffer->limit);
        return -1;
    }
    if (length > SIZE_MAX - 1 - buffer->length) {
        meet_error_set(err, MEET_MEMORY, "no memory for %zu more bytes",
                       length);
        return -1;
    }
    return grow(buffer, buffer->length + length + 1, err);
}

int meet_buffer_append_growing(struct meet_buffer *buffer, const char *bytes,
                               size_t length, struct meet_error *err)
{
    if (length == 0)
        return 0;
    if (make_room(buffer, length, err) < 0)
        return -1;
    meet_buffer_put(buffer, bytes, length);
    return 0;
}

int meet_buffer_append_string(struct meet_buffer *buffer, const char *string,
                              struct meet_error *err)
{
    return meet_buffer_append(buffer, string, strlen(string), err);
}

const char *meet_buffer_string(const struct meet_buffer *buffer)
{
    return buffer->bytes ? buffer->bytes : "";
}
