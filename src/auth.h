/*
 * auth.h - the key and the connection header; redaction; wiping.
 * Pure. The key goes into the Authorization field and nowhere else.
 */
#pragma once

#include "headers.h"

/*
 * Check a key (or, with 'what' "connection", an id that goes into a header):
 * visible ASCII, not empty, at most 4096 bytes. -1 with kind config; the
 * message names 'what' and never shows the value.
 */
int meet_auth_check(const char *what, const char *value, size_t length,
                    struct meet_error *err);

/* Append "Authorization: Bearer KEY" and, unless NULL, "Maton-Connection". */
int meet_auth_append(struct meet_headers *headers, const char *key,
                     const char *connection, struct meet_error *err);

/*
 * Overwrite each occurrence of 'key' in the text with '*', in place, and a
 * beginning of it at the text's end, where the text may have been cut; likewise
 * what follows "session_token=".
 */
void meet_auth_redact(char *text, size_t length, const char *key);

/*
 * A number that stands for a key, or with a connection for the account behind
 * it, by which the dispatcher groups requests (FNV-1a, 64 bits).
 */
unsigned long long meet_auth_hash(const char *key, const char *connection);
