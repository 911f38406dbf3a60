/*
 * url_fuzz.c - the URL checks accept only what they promise, and what is
 * encoded decodes to itself.
 */
#include "url.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static bool has_any(const char *text, size_t length, const char *bytes)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (byte < 0x20 || byte == 0x7F || strchr(bytes, text[i]))
            return true;
    }
    return false;
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    demand((c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f'));
    return (c | 0x20) - 'a' + 10;
}

/* Decode in place; the new length. */
static size_t decode(char *text, size_t length)
{
    size_t out = 0;

    for (size_t in = 0; in < length; in++) {
        if (text[in] == '%') {
            demand(length - in >= 3);
            text[in + 2] =
                (char)(digit(text[in + 1]) * 16 + digit(text[in + 2]));
            in += 2;
        }
        text[out++] = text[in];
    }
    return out;
}

/* A path that passed must not climb, read as it is or decoded. */
static void demand_good_path(const char *path, size_t length)
{
    char *copy = malloc(length + 2);
    size_t decoded;

    demand(copy && !has_any(path, length, " \\?#"));
    memcpy(copy, path, length);
    decoded = decode(copy, length);
    demand(!has_any(copy, decoded, ""));
    for (size_t i = 0; i < decoded; i++) {
        if (copy[i] == '\\')
            copy[i] = '/';
    }
    copy[decoded] = '/';
    copy[decoded + 1] = '\0';
    demand(!strstr(copy, "/../") && !strstr(copy, "/./"));
    free(copy);
}

static void fuzz_checks(const char *text, size_t size)
{
    struct meet_error err = {.kind = MEET_OK};

    if (meet_url_check_path(text, size, &err) == 0) {
        demand(text[0] == '/' && (size < 2 || text[1] != '/'));
        demand_good_path(text, size);
    } else {
        demand(err.kind == MEET_CONFIG && err.message[0]);
    }
    if (meet_url_check_base(text, size, &err) == 0) {
        const char *host = memchr(text, '/', size);
        size_t left = size - (size_t)(host - text) - 2;
        const char *path = memchr(host + 2, '/', left);

        demand(host[1] == '/' && left > 0);
        if (path)
            demand_good_path(path, size - (size_t)(path - text));
        left = path ? (size_t)(path - host) - 2 : left;
        demand(!has_any(host + 2, left, "@ \\?#%"));
    } else {
        demand(err.kind == MEET_CONFIG && err.message[0]);
    }
}

static void fuzz_encoding(const char *text, size_t size)
{
    struct meet_buffer url;
    struct meet_error err;
    int status;

    meet_buffer_init(&url, 200);
    status = meet_url_append_encoded(&url, text, size, &err);
    demand(status == 0 ? url.length >= size : url.length == 0);
    if (url.length > 0) {
        demand(!has_any(url.bytes, url.length, " /\\?#&=@:"));
        demand(decode(url.bytes, url.length) == size);
        demand(memcmp(url.bytes, text, size) == 0);
    }
    meet_buffer_clear(&url);
    status = meet_url_append_query(&url, "name", text, size, &err);
    demand(status == 0 ? url.length >= size + 6 : url.length == 0);
    meet_buffer_deinit(&url);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_checks((const char *)data, size);
    fuzz_encoding((const char *)data, size);
    return 0;
}
