/*
 * odd_libcurl.c - preloaded into a client under test: a libcurl that differs
 * from the machine's in what ODD says.
 */
#define _GNU_SOURCE
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
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
    if (is_odd("without HTTP/2"))
        library.features &= ~CURL_VERSION_HTTP2;
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

/* Without HTTP/2 nobody may ask for it. */
CURLcode(curl_easy_setopt)(CURL *easy, CURLoption option, ...)
{
    CURLcode (*next)(CURL *, CURLoption, ...);
    bool is_big = option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB;
    curl_off_t number = 0;
    void *value = NULL;
    va_list values;

    *(void **)&next = dlsym(RTLD_NEXT, "curl_easy_setopt");
    va_start(values, option);
    if (is_big)
        number = va_arg(values, curl_off_t);
    else
        value = va_arg(values, void *);
    va_end(values);
    if (option == CURLOPT_HTTP_VERSION && is_odd("without HTTP/2") &&
        (intptr_t)value >= CURL_HTTP_VERSION_2_0)
        return CURLE_UNSUPPORTED_PROTOCOL;
    return is_big ? next(easy, option, number) : next(easy, option, value);
}
