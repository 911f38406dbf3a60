/* library.c - see library.h. */
#include "library.h"

#include "certificates.h"
#include "memory.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

/* PREREQFUNCTION 7.80, thread-safe global init 7.84, QUICK_EXIT 7.87, writing
 * to a TLS peer without SIGPIPE 7.88; and that is the oldest the specs saw. */
#define OLDEST_LIBCURL 0x075800

int meet_library_start(struct meet_error *err)
{
    const curl_version_info_data *library = curl_version_info(CURLVERSION_NOW);

    if (library->version_num < OLDEST_LIBCURL)
        meet_error_set(err, MEET_CONFIG,
                       "libcurl %s is too old: 7.88.0 or newer is needed",
                       library->version);
    else if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, meet_memory_free,
                                  meet_memory_realloc, strdup,
                                  calloc) != CURLE_OK)
        meet_error_set(err, MEET_CONFIG, "libcurl does not start");
    else
        return 0;
    return -1;
}

char *meet_library_folder(void)
{
    const curl_version_info_data *library = curl_version_info(CURLVERSION_NOW);
    const char *backend = library->ssl_version, *path = library->capath;

    if (!backend || strncmp(backend, "OpenSSL/", 8) != 0)
        return NULL;
    return path && meet_certificates_hashed(path) ? strdup(path) : NULL;
}
