/* auth.c - see auth.h. */
#define _GNU_SOURCE /* explicit_bzero, memmem */
#include "auth.h"

#include <stdbool.h>
#include <string.h>

#define LONGEST_KEY       4096
#define SHORTEST_REDACTED 4 /* a shorter one would hide ordinary words */

int meet_auth_check(const char *what, const char *value, size_t length,
                    struct meet_error *err)
{
    if (length == 0 || length > LONGEST_KEY) {
        meet_error_set(err, MEET_CONFIG, "the %s is %s", what,
                       length ? "over 4096 bytes long" : "empty");
        return -1;
    }
    for (size_t i = 0; i < length; i++) {
        if (value[i] <= ' ' || value[i] >= 127) {
            meet_error_set(err, MEET_CONFIG,
                           "the %s has a blank, control or non-ASCII byte "
                           "at position %zu: was it copied with a line end?",
                           what, i + 1);
            return -1;
        }
    }
    return 0;
}

int meet_auth_append(struct meet_headers *headers, const char *key,
                     const char *connection, struct meet_error *err)
{
    static const char scheme[] = "Bearer ";
    struct meet_buffer value;
    int failed;

    meet_buffer_init(&value, sizeof scheme + LONGEST_KEY);
    failed = meet_buffer_append_string(&value, scheme, err) ||
             meet_buffer_append_string(&value, key, err) ||
             meet_headers_append(headers, "Authorization", value.bytes,
                                 value.length, err) ||
             (connection &&
              meet_headers_append(headers, "Maton-Connection", connection,
                                  strlen(connection), err));
    meet_buffer_wipe(&value);
    return failed ? -1 : 0;
}

/* A session token ends at the first byte that a query would escape. */
static bool is_token(unsigned char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z') || (byte && strchr("-._~%+/=", byte));
}

/* Whoever opens a connection's 'url' is signed in (contract: Connections). */
static void redact_tokens(char *text, size_t length)
{
    static const char name[] = "session_token=";
    char *end = text + length, *at = text;

    while ((at = memmem(at, (size_t)(end - at), name, sizeof name - 1))) {
        at += sizeof name - 1;
        while (at < end && is_token((unsigned char)*at))
            *at++ = '*';
    }
}

void meet_auth_redact(char *text, size_t length, const char *key)
{
    size_t size = key ? strlen(key) : 0;
    const char *end = text + length;
    char *found, *next;

    redact_tokens(text, length);
    if (size < SHORTEST_REDACTED)
        return;
    /* Find the next one first: it may begin inside this one. */
    for (found = memmem(text, length, key, size); found; found = next) {
        next = memmem(found + 1, (size_t)(end - found - 1), key, size);
        memset(found, '*',
               next && next < found + size ? (size_t)(next - found) : size);
    }
    /* A truncated text may end within the key. */
    for (size_t left = size - 1; left >= SHORTEST_REDACTED; left--)
        if (left <= length && memcmp(end - left, key, left) == 0)
            memset(text + length - left, '*', left);
}

unsigned long long meet_auth_hash(const char *key, const char *connection)
{
    unsigned long long hash = 14695981039346656037ULL;

    for (; *key; key++)
        hash = (hash ^ (unsigned char)*key) * 1099511628211ULL;
    hash = (hash ^ '\n') * 1099511628211ULL; /* neither can contain it */
    for (; connection && *connection; connection++)
        hash = (hash ^ (unsigned char)*connection) * 1099511628211ULL;
    return hash;
}
