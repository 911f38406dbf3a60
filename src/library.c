/* library.c - see library.h. */
#include "library.h"

#include "certificates.h"
#include "fork.h"
#include "wipe.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

/* PREREQFUNCTION 7.80, thread-safe global init 7.84, QUICK_EXIT 7.87, writing
   to a TLS peer without SIGPIPE 7.88; the specs ran on no older one. */
#define OLDEST_LIBCURL 0x075800

int meet_library_start(struct meet_error *err)
{
    const curl_version_info_data *library = curl_version_info(CURLVERSION_NOW);

    if (library->version_num < OLDEST_LIBCURL)
        meet_error_set(err, MEET_CONFIG,
                       "libcurl %s is too old: 7.88.0 or newer is needed",
                       library->version);
    else if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        meet_error_set(err, MEET_CONFIG, "libcurl failed to start");
    else if (!meet_fork_watch())
        meet_error_set(err, MEET_MEMORY, "no memory to watch for forks");
    else
        return 0;
    return -1;
}

static bool has_tls_of(const char *name)
{
    const char *backend = curl_version_info(CURLVERSION_NOW)->ssl_version;

    return backend && strncmp(backend, name, strlen(name)) == 0;
}

bool meet_library_reads_on(void)
{
    return curl_version_info(CURLVERSION_NOW)->version_num < 0x080800 ||
           has_tls_of("GnuTLS/");
}

bool meet_library_has_http2(void)
{
    return curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_HTTP2;
}

char *meet_library_folder(void)
{
    const char *path = curl_version_info(CURLVERSION_NOW)->capath;

    if (!has_tls_of("OpenSSL/"))
        return NULL;
    return path && meet_certificates_hashed(path) ? strdup(path) : NULL;
}

bool meet_library_takes_proxy(const char *proxy)
{
    static const char *const schemes[] = {
        "http", "https", "socks4", "socks4a", "socks5", "socks5h", "socks"};
    int features = curl_version_info(CURLVERSION_NOW)->features;
    CURLU *url = curl_url();
    char *scheme = NULL;
    bool known = !url;

    /* As in libcurl, a proxy without a scheme is an http proxy. */
    if (url && curl_url_set(url, CURLUPART_URL, proxy,
                            CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME) ==
                   CURLUE_OK)
        curl_url_get(url, CURLUPART_SCHEME, &scheme, 0);
    for (size_t i = 0; scheme && i < sizeof schemes / sizeof *schemes; i++)
        known = known || strcmp(scheme, schemes[i]) == 0;
    if (scheme && strcmp(scheme, "https") == 0)
        known = (features & CURL_VERSION_HTTPS_PROXY) != 0;
    curl_free(scheme);
    curl_url_cleanup(url);
    return known;
}

static bool is_decoded(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    CURLUcode code = curl_url_get(url, part, &text, CURLU_URLDECODE);

    curl_free(text);
    return code != CURLUE_URLDECODE;
}

bool meet_library_keeps_proxy(const char *proxy)
{
    CURLU *url = curl_url();
    bool keeps = !url ||
                 curl_url_set(url, CURLUPART_URL, proxy,
                              CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME) !=
                     CURLUE_OK ||
                 (is_decoded(url, CURLUPART_USER) &&
                  is_decoded(url, CURLUPART_PASSWORD));

    curl_url_cleanup(url);
    return keeps;
}

/*
 * libcurl builds a request in a block that doubles; a key has at most 4 KiB.
 * Two blocks of a size that were never used are the last ones taken: from there
 * on each would be a new page of memory, which costs more than all others. A
 * block keeps a remainder of glibc's that is too small for another one, and has
 * then its place among those that are larger by it.
 */
enum {
    SMALLEST = 32,
    LARGEST = 16 * 1024,
    REMAINDER = 16,
    OF_EACH = 24,
    UNUSED = 2
};

struct block {
    struct block *next;
};

/* True for memory that nobody has written to since the system gave it. One
   branch for all of it: valgrind takes its time for each that it sees. */
static bool is_unused(const void *bytes, size_t size)
{
    const volatile size_t *words = bytes;
    size_t seen = 0;

    for (size_t i = 0; i < size / sizeof *words; i++)
        seen |= words[i]; /* NOLINT(clang-analyzer-core.uninitialized.Assign) */
    return seen == 0;
}

static struct block *scrub_size(size_t size, struct block *blocks)
{
    struct block *block;
    int unused = 0;

    for (int i = 0; i < OF_EACH && unused < UNUSED; i++) {
        block = malloc(size);
        if (!block)
            break;
        if (is_unused(block, size))
            unused++;
        else
            meet_wipe(block, size);
        block->next = blocks;
        blocks = block;
    }
    return blocks;
}

void meet_library_scrub(void)
{
    struct block *blocks = NULL, *block;

    for (size_t size = SMALLEST; size <= LARGEST; size *= 2) {
        blocks = scrub_size(size, blocks);
        blocks = scrub_size(size + REMAINDER, blocks);
    }
    while ((block = blocks)) {
        blocks = block->next;
        free(block);
    }
}
