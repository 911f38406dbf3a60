/*
 * odd_libcurl.c - preloaded into a client under test: a libcurl that differs
 * from the machine's in what ODD says.
 */
#define _GNU_SOURCE
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static int is_odd(const char *how)
{
    const char *odd = getenv("ODD");

    return odd && strcmp(odd, how) == 0;
}

curl_version_info_data *curl_version_info(CURLversion age)
{
    static curl_version_info_data library;
    curl_version_info_data *(*next)(CURLversion);

    *(void **)&next = dlsym(RTLD_NEXT, "curl_version_info");
    library = *next(age);
    if (is_odd("old")) {
        library.version = "7.87.0";
        library.version_num = 0x075700;
    }
    if (is_odd("without compression"))
        library.features = 0;
    if (is_odd("with gzip only"))
        library.features &= ~(CURL_VERSION_BROTLI | CURL_VERSION_ZSTD);
    if (is_odd("without TLS"))
        library.ssl_version = NULL;
    if (is_odd("with GnuTLS"))
        library.ssl_version = "GnuTLS/3.7.9";
    if (is_odd("without a folder"))
        library.capath = NULL;
    if (is_odd("with an empty folder"))
        library.capath = "/nowhere";
    return &library;
}

CURLcode curl_global_init(long flags)
{
    CURLcode (*next)(long);

    if (is_odd("broken"))
        return CURLE_FAILED_INIT;
    *(void **)&next = dlsym(RTLD_NEXT, "curl_global_init");
    return next(flags);
}
