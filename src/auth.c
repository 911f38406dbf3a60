/* auth.c - see auth.h. */
#include "auth.h"

#include "ascii.h"

#include <string.h>

#define LONGEST_KEY 4096

int meet_auth_check(const char *what, const char *value, size_t length,
                    struct meet_error *err)
{
    if (length == 0 || length > LONGEST_KEY) {
        meet_error_set(err, MEET_CONFIG, "the %s is %s", what,
                       length ? "over 4096 bytes long" : "empty");
        return -1;
    }
    if (meet_ascii_starts(value, length, "Bearer ")) {
        meet_error_set(err, MEET_CONFIG,
                       "the %s begins with 'Bearer ': leave that word out",
                       what);
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

const char *meet_auth_sent_key(const struct meet_headers *headers)
{
    static const char scheme[] = "Bearer ";
    const char *value = meet_headers_get(headers, "Authorization");

    return value && strncmp(value, scheme, sizeof scheme - 1) == 0
               ? value + sizeof scheme - 1
               : NULL;
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
