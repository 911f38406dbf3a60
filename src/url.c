/*
 * url.c - percent coding, query building, checks of base URLs and paths. Pure:
 * libc only. A message never repeats the URL, which may contain a password.
 */
#include "url.h"

#include "ascii.h"

#include <arpa/inet.h>
#include <string.h>

enum { MAX_PORT = 65535, MAX_PORT_DIGITS = 5, MAX_HOST = 253, MAX_LABEL = 63 };

/* Part of a caller's string; not NUL-terminated. */
struct part {
    const char *at;
    size_t length;
};

static bool is_control(unsigned char byte)
{
    return byte < 0x20 || byte == 0x7F;
}

/* True when 'part' is 'text', ignoring case. */
static bool is_text(struct part part, const char *text)
{
    return part.length == strlen(text) &&
           meet_ascii_starts(part.at, part.length, text);
}

static bool has_control(struct part part)
{
    for (size_t i = 0; i < part.length; i++) {
        if (is_control((unsigned char)part.at[i]))
            return true;
    }
    return false;
}

static int fail(struct meet_error *err, const char *what, const char *why)
{
    meet_error_set(err, MEET_CONFIG, "%s %s", what, why);
    return -1;
}

/* Truncate the URL to 'length' bytes, so that a failure changes nothing. */
static void cut(struct meet_buffer *url, size_t length)
{
    url->length = length;
    if (url->bytes)
        url->bytes[length] = '\0';
}

/* Letters, digits and "-._~": unreserved in RFC 3986 section 2.3. */
static bool is_unreserved(char c)
{
    static const unsigned set[8] = {0, 0x03FF6000, 0x87FFFFFE, 0x47FFFFFE};

    return set[(unsigned char)c / 32] >> (unsigned char)c % 32 & 1;
}

static int append_escape(struct meet_buffer *url, char c,
                         struct meet_error *err)
{
    static const char hex[] = "0123456789ABCDEF";
    char escape[3] = {'%', hex[(unsigned char)c >> 4], hex[c & 15]};

    return meet_buffer_append(url, escape, sizeof escape, err);
}

int meet_url_append_encoded(struct meet_buffer *url, const char *bytes,
                            size_t length, struct meet_error *err)
{
    size_t before = url->length, run;
    int failed = 0;

    for (size_t i = 0; i < length && !failed; i += run) {
        for (run = 0; i + run < length && is_unreserved(bytes[i + run]);)
            run++;
        failed = meet_buffer_append(url, bytes + i, run, err);
        if (!failed && i + run < length)
            failed = append_escape(url, bytes[i + run++], err);
    }
    if (failed)
        cut(url, before);
    return failed;
}

int meet_url_append_query(struct meet_buffer *url, const char *name,
                          const char *value, size_t length,
                          struct meet_error *err)
{
    size_t before = url->length;
    bool has_query = before > 0 && memchr(url->bytes, '?', before);

    if (has_control((struct part){name, strlen(name)}))
        return fail(err, "query name", "must not have a control byte");
    if (has_control((struct part){value, length}))
        return fail(err, "query value", "must not have a control byte");
    if (meet_buffer_append(url, has_query ? "&" : "?", 1, err) ||
        meet_url_append_encoded(url, name, strlen(name), err) ||
        meet_buffer_append(url, "=", 1, err) ||
        meet_url_append_encoded(url, value, length, err)) {
        cut(url, before);
        return -1;
    }
    return 0;
}

/* Why a base URL or path must not contain this raw byte, or NULL. */
static const char *why_not_raw(char c)
{
    if (is_control((unsigned char)c))
        return "must not have a control byte";
    switch (c) {
    case ' ':
        return "must not have a space";
    case '\\':
        return "must not have a backslash";
    case '?':
        return "must not have a query";
    case '#':
        return "must not have a fragment";
    default:
        return NULL;
    }
}

static int check_raw(struct part part, const char *what, struct meet_error *err)
{
    for (size_t i = 0; i < part.length; i++) {
        const char *why = why_not_raw(part.at[i]);

        if (why)
            return fail(err, what, why);
    }
    return 0;
}

/*
 * Read and percent-decode the first byte of 'rest'. Return the number of
 * characters read, 0 when a '%' is malformed.
 */
static size_t read_decoded(struct part rest, char *byte)
{
    int high, low;

    *byte = rest.at[0];
    if (*byte != '%')
        return 1;
    if (rest.length < 3)
        return 0;
    high = meet_ascii_hex(rest.at[1]);
    low = meet_ascii_hex(rest.at[2]);
    if (high < 0 || low < 0)
        return 0;
    *byte = (char)(unsigned char)(high * 16 + low);
    return 3;
}

/* What a path's segment contains so far. */
struct segment {
    size_t dots;
    bool other; /* anything but dots */
};

static bool is_dot_segment(struct segment segment)
{
    return !segment.other && (segment.dots == 1 || segment.dots == 2);
}

/* Why 'path' is invalid, or NULL. Its raw bytes have been checked. */
static const char *why_not_path(struct part path)
{
    struct segment segment = {0};

    for (size_t i = 0, taken; i < path.length; i += taken) {
        char byte;

        taken =
            read_decoded((struct part){path.at + i, path.length - i}, &byte);
        if (taken == 0)
            return "must have two hex digits after '%'";
        if (is_control((unsigned char)byte))
            return "must not have an encoded control byte";
        if (i > 0 && path.at[i] == '/' && path.at[i - 1] == '/')
            return "must not have an empty segment";
        /* Servers that decode before they split would see %2F and %5C. */
        if (byte == '/' || byte == '\\') {
            if (is_dot_segment(segment))
                return "must not have a '.' or '..' segment";
            segment = (struct segment){0};
        } else if (byte == '.') {
            segment.dots++;
        } else {
            segment.other = true;
        }
    }
    return is_dot_segment(segment) ? "must not have a '.' or '..' segment"
                                   : NULL;
}

static int check_segments(struct part path, const char *what,
                          struct meet_error *err)
{
    const char *why = why_not_path(path);

    return why ? fail(err, what, why) : 0;
}

int meet_url_check_path(const char *path, size_t length, struct meet_error *err)
{
    struct part part = {path, length};

    if (length == 0 || path[0] != '/')
        return fail(err, "path", "must begin with '/'");
    if (check_raw(part, "path", err))
        return -1;
    return check_segments(part, "path", err);
}

/* True when 'text' is an address of 'family'; stores its bytes in 'address'. */
static bool read_address(int family, struct part text,
                         unsigned char address[16])
{
    char copy[INET6_ADDRSTRLEN];

    if (text.length >= sizeof copy)
        return false;
    memcpy(copy, text.at, text.length);
    copy[text.length] = '\0';
    return inet_pton(family, copy, address) == 1;
}

/* Labels of letters, digits, '-' and '_'; one dot may follow the last. */
static bool is_host_name(struct part host)
{
    size_t label = 0; /* length of the label so far */

    if (host.length == 0 || host.length > MAX_HOST)
        return false;
    for (size_t i = 0; i < host.length; i++) {
        char c = host.at[i];

        if (c == '.') {
            if (label == 0)
                return false;
            label = 0;
            continue;
        }
        label++;
        if (label > MAX_LABEL ||
            (!meet_ascii_is_alphanumeric(c) && c != '-' && c != '_'))
            return false;
    }
    return true;
}

static bool is_host(struct part host)
{
    unsigned char address[16];

    if (host.length < 2 || host.at[0] != '[')
        return is_host_name(host);
    return host.at[host.length - 1] == ']' &&
           read_address(AF_INET6, (struct part){host.at + 1, host.length - 2},
                        address);
}

/*
 * Only unambiguous spellings: "127.1", "0177.0.0.1" and "2130706433" mean the
 * loopback to some resolvers only.
 */
static bool is_loopback(struct part host)
{
    unsigned char address[16];

    if (is_text(host, "localhost") || is_text(host, "[::1]"))
        return true;
    return read_address(AF_INET, host, address) && address[0] == 127;
}

static bool is_port(struct part port)
{
    long number = 0;

    if (port.length == 0 || port.length > MAX_PORT_DIGITS)
        return false;
    for (size_t i = 0; i < port.length; i++) {
        if (!meet_ascii_is_digit(port.at[i]))
            return false;
        number = number * 10 + (port.at[i] - '0');
    }
    return number >= 1 && number <= MAX_PORT;
}

/* Length of the host in an authority: up to the port's ':', or all of it. */
static size_t host_length(struct part authority)
{
    const char *from = authority.at, *colon;
    size_t left = authority.length;

    /* The colons inside an IPv6 literal do not start the port. */
    if (left > 0 && *from == '[') {
        const char *closing = memchr(from, ']', left);

        if (!closing)
            return authority.length;
        left -= (size_t)(closing - from);
        from = closing;
    }
    colon = left > 0 ? memchr(from, ':', left) : NULL;
    return colon ? (size_t)(colon - authority.at) : authority.length;
}

static int check_authority(struct part authority, bool secure,
                           struct meet_error *err)
{
    struct part host = {authority.at, host_length(authority)};

    if (authority.length > 0 && memchr(authority.at, '@', authority.length))
        return fail(err, "base URL", "must not have a user or password");
    if (!is_host(host))
        return fail(err, "base URL", "must have a valid host");
    if (host.length < authority.length &&
        !is_port((struct part){authority.at + host.length + 1,
                               authority.length - host.length - 1}))
        return fail(err, "base URL", "must have a port of 1 to 65535");
    if (!secure && !is_loopback(host))
        return fail(err, "base URL",
                    "must begin with https:// (http is for loopback only)");
    return 0;
}

/* Length of the scheme with "://", 0 when it is neither http nor https. */
static size_t scheme_length(struct part url, bool *secure)
{
    static const char *const schemes[] = {"http://", "https://"};

    for (size_t i = 0; i < 2; i++) {
        *secure = i == 1;
        if (meet_ascii_starts(url.at, url.length, schemes[i]))
            return strlen(schemes[i]);
    }
    return 0;
}

int meet_url_check_base(const char *url, size_t length, struct meet_error *err)
{
    struct part rest = {url, length}, authority;
    const char *slash;
    bool secure;
    size_t scheme;

    if (check_raw(rest, "base URL", err))
        return -1;
    scheme = scheme_length(rest, &secure);
    if (scheme == 0)
        return fail(err, "base URL", "must begin with https://");
    rest = (struct part){url + scheme, length - scheme};
    slash = rest.length > 0 ? memchr(rest.at, '/', rest.length) : NULL;
    authority.at = rest.at;
    authority.length = slash ? (size_t)(slash - rest.at) : rest.length;
    if (check_authority(authority, secure, err))
        return -1;
    rest.at += authority.length;
    rest.length -= authority.length;
    return check_segments(rest, "base URL", err);
}
