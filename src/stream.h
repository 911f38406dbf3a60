/*
 * stream.h - a body that is taken while it arrives: its bytes go to a file, or
 * wait until their owner takes them. POSIX: no Lua, no libcurl.
 */
#pragma once

#include "error.h"

#include <stddef.h>
#include <stdint.h>

struct meet_stream {
    bool wanted;      /* the body of a 200 or 206 is taken while it comes */
    bool begun;       /* some of it has come */
    bool flows;       /* the owner takes it; false: it is held back */
    bool awaited;     /* the owner waits: silence is the server's */
    bool paused;      /* libcurl holds bytes back */
    bool due;         /* the owner is to hear how many bytes a file has */
    bool was_fed;     /* the last step saw that the owner can go on */
    int descriptor;   /* where the bytes go; 0: into the response's body */
    int64_t count;    /* bytes taken */
    int64_t seen;     /* how many they were at the last check */
    int64_t heard_at; /* when the owner heard */
};

/* Nothing is wanted. */
void meet_stream_init(struct meet_stream *stream);

/* Forget the bytes that arrived, for another attempt; the file stays. */
void meet_stream_clear(struct meet_stream *stream);

/* Send the bytes to a copy of the descriptor; -1 sets errno. */
int meet_stream_into(struct meet_stream *stream, int descriptor);

/* Close the copy. May be repeated. */
void meet_stream_deinit(struct meet_stream *stream);

/* Write to the file; -1 with 'err' of kind config. */
int meet_stream_write(struct meet_stream *stream, const char *bytes,
                      size_t length, struct meet_error *err);
