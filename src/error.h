/*
 * error.h - error kinds and the fixed-size error value.
 * Pure: libc only. Everything has a fixed size, so reporting an error needs
 * no memory and cannot fail. An error never holds a credential.
 */
#pragma once

#include <stdbool.h>

enum meet_kind {
    MEET_OK,
    MEET_TRANSPORT,
    MEET_TLS,
    MEET_TIMEOUT,
    MEET_DEADLINE,
    MEET_AUTH,
    MEET_CONNECTION,
    MEET_PERMISSION,
    MEET_NOT_FOUND,
    MEET_CONFLICT,
    MEET_INVALID,
    MEET_RATE_LIMITED,
    MEET_SERVER,
    MEET_DECODE,
    MEET_TOO_LARGE,
    MEET_CANCELLED,
    MEET_MEMORY,
    MEET_CONFIG,
    MEET_KINDS /* how many there are */
};

enum meet_origin {
    MEET_FROM_CLIENT,
    MEET_FROM_TRANSPORT,
    MEET_FROM_GATEWAY,
    MEET_FROM_GOOGLE
};

struct meet_error {
    enum meet_kind kind;
    enum meet_origin origin;
    char message[512]; /* NUL-terminated, cut if longer */
    char hint[256];    /* likewise; "": the kind's own */
};

/* Fill 'err'; the message is printf-like and cut to fit. Origin: client. */
void meet_error_set(struct meet_error *err, enum meet_kind kind,
                    const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Set the hint of this error, in place of the kind's. */
void meet_error_advise(struct meet_error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The name scripts see: "not_found", "google". Static strings. */
const char *meet_error_kind_name(enum meet_kind kind);
const char *meet_error_origin_name(enum meet_origin origin);

/* What to do next; 'lapsed': a consent may have lapsed. A static string. */
const char *meet_error_hint(enum meet_kind kind, bool lapsed);

/* Kind of a final HTTP status; MEET_OK for 200 to 299. */
enum meet_kind meet_error_kind_of_status(int status);
