/*
 * versions.c - what is below the tests, as columns of the table: libcurl with
 * its TLS and HTTP/2, Lua, the compiler.
 */
#include <curl/curl.h>
#include <lua.h>
#include <stdio.h>
#include <string.h>

#ifdef __clang__
#define COMPILER ""
#else
#define COMPILER "gcc "
#endif

int main(void)
{
    const curl_version_info_data *library = curl_version_info(CURLVERSION_NOW);

    printf("%s %s %s%s|%s|%s%s\n", library->version,
           library->ssl_version ? library->ssl_version : "no TLS",
           library->features & CURL_VERSION_HTTP2 ? "nghttp2/" : "no HTTP/2",
           library->features & CURL_VERSION_HTTP2 ? library->nghttp2_version
                                                  : "",
           LUA_RELEASE + strlen("Lua "), COMPILER, __VERSION__);
    return 0;
}
