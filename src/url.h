/*
 * url.h - percent coding, query building, checks of base URLs and paths. Pure.
 * Rejects control bytes: a CR LF in a URL would start a second request.
 */
#pragma once

#include "buffer.h"

/* Append, with all but the unreserved bytes (RFC 3986 section 2.3) as %XX. */
int meet_url_append_encoded(struct meet_buffer *url, const char *bytes,
                            size_t length, struct meet_error *err);

/*
 * Append "?name=value" or, when 'url' has a query already, "&name=value";
 * both encoded. -1 with kind config when either holds a control byte.
 */
int meet_url_append_query(struct meet_buffer *url, const char *name,
                          const char *value, size_t length,
                          struct meet_error *err);

/*
 * Check a base URL: https, or http with a loopback host (localhost,
 * 127.0.0.0/8, [::1]); no user, query, fragment or control byte; an optional
 * port of 1 to 65535; an optional path without "." and ".." segments. 0, or -1
 * with kind config.
 */
int meet_url_check_base(const char *url, size_t length, struct meet_error *err);

/*
 * Check a path that a caller gives: begins with one '/', no "." or ".."
 * segment (their encoded forms %2e included), no control byte, space,
 * backslash, '?', '#' or empty segment ("//" would name another host), '%'
 * only before two hex digits. 0, or -1 with kind config.
 */
int meet_url_check_path(const char *path, size_t length,
                        struct meet_error *err);
