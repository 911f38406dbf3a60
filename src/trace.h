/*
 * trace.h - what libcurl says of its work, on standard error and without
 * secrets.
 * May use libcurl. Owns nothing.
 */
#pragma once

#include "request.h"

#include <curl/curl.h>

/*
 * Write a line: of connecting and TLS, of the head that is received, and the
 * first line of the head that is sent. The others hold the key, and bodies are
 * people's. The values of fields that HTTP/2 sends, cookies, and proxies with a
 * login are blanked, and the key and tokens wherever the server has them.
 * 'request' is the one that it is about, or NULL.
 */
void meet_trace_write(curl_infotype type, const char *bytes, size_t length,
                      const struct meet_request *request);
