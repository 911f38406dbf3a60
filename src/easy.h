/*
 * easy.h - libcurl's easy handle, and the first option that it rejected. May
 * use libcurl.
 */
#pragma once

#include <curl/curl.h>

struct meet_easy {
    CURL *handle;
    CURLcode failed; /* CURLE_OK: none so far */
};

static inline void meet_easy_note(struct meet_easy *easy, CURLcode code)
{
    if (easy->failed == CURLE_OK)
        easy->failed = code;
}

/* Set an option and record the first that libcurl rejects. */
#define MEET_EASY_SET(easy, option, value) \
    meet_easy_note(easy, curl_easy_setopt((easy)->handle, option, value))
