/*
 * secrets.h - blanks a client's secrets in texts of servers, proxies and
 * libcurl. Free of Lua and libcurl.
 */
#pragma once

#include "client.h"

/*
 * Overwrite with '*' the secrets in a text from a server, a proxy or libcurl:
 * keys, including the request's (NULL: none), the proxy's password, and values
 * of secret fields.
 */
void meet_secrets_redact(const struct meet_client *client,
                         const struct meet_request *request, char *text,
                         size_t length);

/*
 * The same for a response's header section or body, as far as an error may show
 * it: its first MEET_SECRETS_BODY bytes.
 */
void meet_secrets_redact_body(const struct meet_client *client,
                              const struct meet_request *request,
                              struct meet_buffer *body);

/* No API has a longer error, and searching takes about 40 ns a byte. */
#define MEET_SECRETS_BODY ((size_t)256 * 1024)

/*
 * Make a job that is not under way hold no key: redact its response and wipe
 * its header fields.
 */
void meet_secrets_wipe_job(const struct meet_client *client,
                           struct meet_job *job);
