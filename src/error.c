/*
 * error.c - error kinds and the fixed-size error value.
 * Pure: libc only. Nothing here allocates or fails.
 */
#include "error.h"

#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const kind_names[MEET_KINDS] = {
    [MEET_OK] = "ok",
    [MEET_TRANSPORT] = "transport",
    [MEET_TLS] = "tls",
    [MEET_TIMEOUT] = "timeout",
    [MEET_DEADLINE] = "deadline",
    [MEET_AUTH] = "auth",
    [MEET_CONNECTION] = "connection",
    [MEET_PERMISSION] = "permission",
    [MEET_NOT_FOUND] = "not_found",
    [MEET_CONFLICT] = "conflict",
    [MEET_INVALID] = "invalid",
    [MEET_RATE_LIMITED] = "rate_limited",
    [MEET_SERVER] = "server",
    [MEET_DECODE] = "decode",
    [MEET_TOO_LARGE] = "too_large",
    [MEET_CANCELLED] = "cancelled",
    [MEET_MEMORY] = "memory",
    [MEET_CONFIG] = "config",
};

static const char *const origin_names[] = {
    [MEET_FROM_CLIENT] = "client",
    [MEET_FROM_TRANSPORT] = "transport",
    [MEET_FROM_GATEWAY] = "gateway",
    [MEET_FROM_GOOGLE] = "google",
};

/* Drop a UTF-8 character that was cut at the end of 'text'. */
static void drop_broken_character(char *text, size_t length)
{
    size_t size = 1; /* of what begins with the last lead byte */

    while (size < 4 && ((unsigned char)text[length - size] & 0xC0) == 0x80)
        size++;
    text += length - size;
    if ((unsigned char)*text >= 0xC0 && meet_utf8_size(text, size) == 0)
        *text = '\0';
}

void meet_error_set(struct meet_error *err, enum meet_kind kind,
                    const char *format, ...)
{
    /* Format into a local first: an argument may be err's old message. */
    char message[sizeof err->message];
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (length < 0)
        message[0] = '\0';
    else if ((size_t)length >= sizeof message)
        drop_broken_character(message, sizeof message - 1);
    err->kind = kind;
    err->origin = MEET_FROM_CLIENT;
    memcpy(err->message, message, strlen(message) + 1);
    err->hint[0] = '\0';
}

void meet_error_advise(struct meet_error *err, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(err->hint, sizeof err->hint, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof err->hint)
        drop_broken_character(err->hint, sizeof err->hint - 1);
}

const char *meet_error_kind_name(enum meet_kind kind)
{
    if ((unsigned)kind >= MEET_KINDS)
        return "unknown";
    return kind_names[kind];
}

const char *meet_error_origin_name(enum meet_origin origin)
{
    if ((unsigned)origin >= sizeof origin_names / sizeof origin_names[0])
        return "unknown";
    return origin_names[origin];
}

enum meet_kind meet_error_kind_of_status(int status)
{
    switch (status) {
    case 401:
        return MEET_AUTH;
    case 403:
        return MEET_PERMISSION;
    case 404:
        return MEET_NOT_FOUND;
    case 409:
        return MEET_CONFLICT;
    case 429:
        return MEET_RATE_LIMITED;
    default:
        break;
    }
    if (status >= 200 && status <= 299)
        return MEET_OK;
    /*
     * Statuses that the API never ends with are answers of something in its
     * place, so that the server was not reached: a redirect (none is followed),
     * a proxy that wants a password, a portal that wants a login.
     */
    if (status < 400 || status == 407 || status == 511)
        return MEET_TRANSPORT;
    return status >= 500 ? MEET_SERVER : MEET_INVALID;
}

const char *meet_error_hint(enum meet_kind kind, bool lapsed)
{
    switch (kind) {
    case MEET_TRANSPORT:
        return "check the network and the base URL";
    case MEET_TLS:
        return "check the machine's certificates and date, or set 'ca_file'";
    case MEET_TIMEOUT:
        return "the server was too slow: try again, or raise 'timeout'";
    case MEET_DEADLINE:
        return "try again later, or raise 'deadline'";
    case MEET_AUTH:
        return "verify the key (do not print it): client.connections:list() "
               "succeeds if it is valid";
    case MEET_CONNECTION:
        return "pass the id of an ACTIVE connection as the option "
               "'connection': client.connections:list() lists them; "
               "client.connections:connect or connections:create() creates "
               "one, also to replace a FAILED one";
    case MEET_PERMISSION:
        return "the connected account must own the space, or have been in "
               "the conference, and the connection must carry the scope";
    case MEET_NOT_FOUND:
        return "check the name; conference records are deleted 30 days "
               "after the end";
    case MEET_CONFLICT:
        return "it exists already or was changed meanwhile: read it again";
    case MEET_INVALID:
        return "correct the request; 'details' may name the field";
    case MEET_RATE_LIMITED:
        return "wait 'retry_after' seconds, or a minute where it is nil, "
               "then try again";
    case MEET_SERVER:
        return lapsed
                   ? "try again; if it persists, the consent may have lapsed, "
                     "as it does after a month or so: create a new connection, "
                     "wait until it is ACTIVE, then delete the old one; "
                     "client:doctor() can check"
                   : "try again later";
    case MEET_DECODE:
        return "check the base URL; 'body', if set, holds the start of the "
               "response";
    case MEET_TOO_LARGE:
        return "ask for less, or raise 'max_response_bytes'";
    case MEET_CANCELLED:
        return "make the call again, on an open client, if it is still wanted";
    case MEET_MEMORY:
        return "free some memory";
    case MEET_CONFIG:
    case MEET_OK:
    case MEET_KINDS:
    default:
        return "correct what the message names";
    }
}
