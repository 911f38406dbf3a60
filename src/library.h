/*
 * library.h - the libcurl of the process: its start, what it was built with.
 * May use libcurl.
 */
#pragma once

#include "error.h"

/*
 * Start libcurl unless it runs: from any thread, any number of times. It is
 * never stopped, since others in the process may use it. -1 with 'err' filled:
 * it is too old or does not start.
 */
int meet_library_start(struct meet_error *err);

/*
 * libcurl's built-in certificate folder where it serves, for the caller to
 * free, or NULL: only OpenSSL looks certificates up by hash instead of reading
 * the whole bundle.
 */
char *meet_library_folder(void);

/*
 * True for a proxy that libcurl can use. It is asked beforehand, because
 * libcurl's own message quotes the proxy, password and all.
 */
bool meet_library_takes_proxy(const char *proxy);
