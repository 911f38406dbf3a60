/*
 * library.h - the libcurl of the process: its start, what it was built with.
 * May use libcurl.
 */
#pragma once

#include "error.h"

/*
 * Start libcurl unless it runs: from any thread, as often as one likes. It is
 * never stopped, since others in the process may use it. What it frees is
 * overwritten, unless another started it first; so this code has to stay where
 * it is (nodelete). -1 with 'err' filled: it is too old or does not start.
 */
int meet_library_start(struct meet_error *err);

/*
 * libcurl's built-in certificate folder where it serves, for the caller to
 * free, or NULL: only OpenSSL looks certificates up by hash instead of reading
 * the whole bundle.
 */
char *meet_library_folder(void);
