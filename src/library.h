/*
 * library.h - the process's libcurl: starts it, and reports how it was built.
 * May use libcurl.
 */
#pragma once

#include "error.h"

/*
 * Start libcurl unless it is running; callable from any thread, repeatedly. It
 * is never stopped, since others in the process may use it. -1 with 'err'
 * filled if it is too old or does not start.
 */
int meet_library_start(struct meet_error *err);

/*
 * True if it may read of a TLS socket for as long as there is anything, and
 * give none of it: HTTP/2 frames before 8.8; with GnuTLS, all that comes while
 * it closes the socket.
 */
bool meet_library_reads_on(void);

/* False for a small build, which refuses to be asked for HTTP/2. */
bool meet_library_has_http2(void);

/*
 * libcurl's built-in certificate folder if it is hashed, or NULL; the caller
 * frees it. Only OpenSSL looks certificates up by hash instead of reading the
 * whole bundle.
 */
char *meet_library_folder(void);

/* True for a proxy that libcurl can use, or where memory has run out. */
bool meet_library_takes_proxy(const char *proxy);

/*
 * False for a proxy whose user or password holds a control character, encoded:
 * libcurl ignores such a proxy silently.
 */
bool meet_library_keeps_proxy(const char *proxy);

/*
 * Overwrite what libcurl has freed, as far as malloc returns it: libcurl does
 * not wipe the requests that it built, including the key.
 */
void meet_library_scrub(void);
