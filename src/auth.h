/*
 * auth.h - the key and the connection as header fields.
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

/* The key in the Authorization field, or NULL. */
const char *meet_auth_sent_key(const struct meet_headers *headers);

/*
 * Hash of a key, or of a key and a connection: an account. The dispatcher
 * groups requests by it (FNV-1a, 64 bits).
 */
unsigned long long meet_auth_hash(const char *key, const char *connection);
