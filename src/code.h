/*
 * code.h - what a result code of libcurl means, apart from whether the request
 * had been sent.
 */
#pragma once

#include "error.h"

#include <curl/curl.h>
#include <stdbool.h>

struct meet_code {
    CURLcode code;
    enum meet_kind kind;
    bool final; /* another attempt ends the same way */
};

/* The row of the code; what has none is of kind transport. Never NULL. */
const struct meet_code *meet_code_find(CURLcode code);
