/* url_test.c - percent coding, queries, and invalid URLs. */
#include "check.h"
#include "url.h"

static void check_encoding(void)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *encoded;
    } cases[] = {
        {"", 0, ""},
        {"abcXYZ019-._~", 13, "abcXYZ019-._~"},
        {" ", 1, "%20"},
        {"+", 1, "%2B"},
        {"/?#[]@", 6, "%2F%3F%23%5B%5D%40"},
        {"!$&'()*,;=:", 11, "%21%24%26%27%28%29%2A%2C%3B%3D%3A"},
        {"%41", 3, "%2541"},
        {"\"<>\\^`{|}", 9, "%22%3C%3E%5C%5E%60%7B%7C%7D"},
        {"\xC3\xA9", 2, "%C3%A9"},
        {"\xFF\x80\x7F", 3, "%FF%80%7F"},
        {"a\0b", 3, "a%00b"},
        {"\r\n", 2, "%0D%0A"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_buffer url;
        struct meet_error err;

        meet_buffer_init(&url, 1000);
        CHECK(meet_url_append_encoded(&url, cases[i].bytes, cases[i].length,
                                      &err) == 0,
              "case %zu: status", i);
        CHECK_STRING(meet_buffer_string(&url), cases[i].encoded, "encoded");
        meet_buffer_deinit(&url);
    }
}

static void check_queries(void)
{
    static const struct {
        const char *url;
        const char *name;
        const char *value;
        const char *expected; /* NULL: invalid */
    } cases[] = {
        {"https://h/p", "a", "b", "https://h/p?a=b"},
        {"https://h/p?x=1", "a", "b", "https://h/p?x=1&a=b"},
        {"https://h/p?", "a", "b", "https://h/p?&a=b"},
        {"", "a", "", "?a="},
        {"u", "page size", "1&2=3", "u?page%20size=1%262%3D3"},
        {"u", "filter", "space.name = \"spaces/a\"",
         "u?filter=space.name%20%3D%20%22spaces%2Fa%22"},
        {"u", "a", "?", "u?a=%3F"},
        {"u", "a", "\xE2\x82\xAC", "u?a=%E2%82%AC"},
        {"u", "a", "b\r\nHost: x", NULL},
        {"u", "a", "b\tc", NULL},
        {"u", "a", "\x7F", NULL},
        {"u", "a\n", "b", NULL},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *value = cases[i].value;
        const char *expected = cases[i].expected;
        struct meet_buffer url;
        struct meet_error err = {.kind = MEET_OK};
        int status;

        meet_buffer_init(&url, 1000);
        meet_buffer_append_string(&url, cases[i].url, &err);
        status = meet_url_append_query(&url, cases[i].name, value,
                                       strlen(value), &err);
        CHECK(status == (expected ? 0 : -1), "case %zu: status %d", i, status);
        CHECK(err.kind == (expected ? MEET_OK : MEET_CONFIG), "case %zu: kind",
              i);
        CHECK_STRING(meet_buffer_string(&url),
                     expected ? expected : cases[i].url, "url");
        meet_buffer_deinit(&url);
    }
}

static void check_query_with_nul(void)
{
    struct meet_buffer url;
    struct meet_error err;

    meet_buffer_init(&url, 1000);
    CHECK(meet_url_append_query(&url, "a", "b\0c", 3, &err) == -1 &&
              err.kind == MEET_CONFIG,
          "a NUL is a control byte");
    CHECK_STRING(err.message, "query value must not have a control byte",
                 "message");
    meet_buffer_deinit(&url);
}

/* What does not fit leaves the URL unchanged. */
static void check_full_urls(void)
{
    for (size_t limit = 1; limit < 12; limit++) {
        struct meet_buffer url;
        struct meet_error err;

        meet_buffer_init(&url, limit);
        meet_buffer_append_string(&url, "u", &err);
        CHECK(meet_url_append_query(&url, "a", "b c/d", 5, &err) == -1 &&
                  err.kind == MEET_TOO_LARGE,
              "limit %zu: does not fit", limit);
        CHECK_STRING(meet_buffer_string(&url), "u", "after a query");
        CHECK(url.length == 1, "limit %zu: length", limit);
        meet_buffer_deinit(&url);
    }
}

static void check_full_encoding(void)
{
    struct meet_buffer url;
    struct meet_error err;

    meet_buffer_init(&url, 5);
    CHECK(meet_url_append_encoded(&url, "ab/c", 4, &err) == -1 &&
              err.kind == MEET_TOO_LARGE,
          "six bytes in five");
    CHECK_STRING(meet_buffer_string(&url), "", "after a failure");
    CHECK(meet_url_append_encoded(&url, "ab/", 3, &err) == 0, "five in five");
    CHECK_STRING(meet_buffer_string(&url), "ab%2F", "encoded");
    meet_buffer_deinit(&url);
    meet_buffer_init(&url, 0);
    CHECK(meet_url_append_query(&url, "a", "b", 1, &err) == -1,
          "no room, no memory");
    meet_buffer_deinit(&url);
}

/* A URL or path with the message of its error, NULL when it is valid. */
struct verdict {
    const char *text;
    const char *why;
};

#define SCHEME  "base URL must begin with https://"
#define PLAIN   "base URL must begin with https:// (http is for loopback only)"
#define HOST    "base URL must have a valid host"
#define PORT    "base URL must have a port of 1 to 65535"
#define USER    "base URL must not have a user or password"
#define CONTROL "base URL must not have a control byte"
#define DOTS    "base URL must not have a '.' or '..' segment"
#define EMPTY   "base URL must not have an empty segment"

static const struct verdict bases[] = {
    {"https://api.maton.ai", NULL},
    {"https://api.maton.ai/", NULL},
    {"https://api.maton.ai:443", NULL},
    {"https://api.maton.ai:65535/v1/x", NULL},
    {"https://api.maton.ai:1/", NULL},
    {"HTTPS://API.MATON.AI", NULL},
    {"hTTpS://h", NULL},
    {"https://h/google-meet/", NULL},
    {"https://h/a%20b/%7E", NULL},
    {"https://h/a/.well-known", NULL},
    {"https://h/a/...", NULL},
    {"https://h/a@b", NULL},
    {"https://my_host-1.example.", NULL},
    {"https://a~b", HOST},
    {"https://127.0.0.1", NULL},
    {"https://[::1]", NULL},
    {"https://[2001:db8::1]:8443/x", NULL},
    {"https://[::ffff:10.0.0.1]", NULL},
    /* http, loopback only */
    {"http://localhost", NULL},
    {"http://LocalHost:8080/x", NULL},
    {"HTTP://localhost", NULL},
    {"http://127.0.0.1:8080", NULL},
    {"http://127.255.255.254", NULL},
    {"http://[::1]", NULL},
    {"http://[::1]:8080/", NULL},
    {"http://api.maton.ai", PLAIN},
    {"HTTP://api.maton.ai", PLAIN},
    {"http://128.0.0.1", PLAIN},
    {"http://126.255.255.255", PLAIN},
    {"http://0.0.0.0", PLAIN},
    {"http://127.0.0.1.example.com", PLAIN},
    {"http://localhost.example.com", PLAIN},
    {"http://localhost.", PLAIN},
    {"http://a.localhost", PLAIN},
    {"http://notlocalhost", PLAIN},
    {"http://127.1", PLAIN},
    {"http://127.0.0.256", PLAIN},
    {"http://127.0.0.01", PLAIN},
    {"http://0177.0.0.1", PLAIN},
    {"http://0x7f.0.0.1", PLAIN},
    {"http://2130706433", PLAIN},
    {"http://127.0.0.1.", PLAIN},
    {"http://[::2]", PLAIN},
    {"http://[::]", PLAIN},
    {"http://[0:0:0:0:0:0:0:1]", PLAIN}, /* one spelling is enough */
    {"http://[::ffff:127.0.0.1]", PLAIN},
    {"http://[2001:db8::1]", PLAIN},
    /* schemes */
    {"", SCHEME},
    {"https:", SCHEME},
    {"https:/h", SCHEME},
    {"https:h", SCHEME},
    {"//h", SCHEME},
    {"api.maton.ai", SCHEME},
    {"ftp://h", SCHEME},
    {"file:///etc/passwd", SCHEME},
    {"xhttps://h", SCHEME},
    /* users */
    {"https://user@h", USER},
    {"https://user:word@h", USER},
    {"https://@h", USER},
    {"https://h@", USER},
    {"http://localhost@example.com", USER},
    {"http://localhost:80@example.com/", USER},
    {"http://[::1]@example.com", USER},
    {"http://127.0.0.1:80:@example.com", USER},
    /* hosts */
    {"https://", HOST},
    {"https:///x", HOST},
    {"https://:443", HOST},
    {"https://.", HOST},
    {"https://.h", HOST},
    {"https://a..b", HOST},
    {"https://h%2ecom", HOST},
    {"https://%6c", HOST},
    {"https://h*", HOST},
    {"https://h\xC3\xA9", HOST},
    {"https://[", HOST},
    {"https://[]", HOST},
    {"https://[::1", HOST},
    {"https://::1", HOST},
    {"https://[::1]x", HOST},
    {"https://[::1]x:80", HOST},
    {"https://[::1%25eth0]", HOST},
    {"https://[1::2::3]", HOST},
    {"https://[127.0.0.1]", HOST},
    {"https://[g::1]", HOST},
    {"https://[v1.x]", HOST},
    {"https://[0000:0000:0000:0000:0000:0000:000.000.000.000]", HOST},
    {"https://[1111:2222:3333:4444:5555:6666:7777:888:0000000]", HOST},
    /* ports */
    {"https://h:", PORT},
    {"https://h:/x", PORT},
    {"https://h:0", PORT},
    {"https://h:65536", PORT},
    {"https://h:123456", PORT},
    {"https://h:00443", NULL},
    {"https://h:000443", PORT},
    {"https://h:-1", PORT},
    {"https://h:+1", PORT},
    {"https://h:80:80", PORT},
    {"http://localhost:x", PORT},
    /* the rest */
    {"https://h?a=b", "base URL must not have a query"},
    {"https://h/?", "base URL must not have a query"},
    {"https://h#", "base URL must not have a fragment"},
    {"https://h/x#y", "base URL must not have a fragment"},
    {"http://localhost#@example.com", "base URL must not have a fragment"},
    {"https://h\\x", "base URL must not have a backslash"},
    {"http://localhost\\@example.com", "base URL must not have a backslash"},
    {"https:\\\\h", "base URL must not have a backslash"},
    {"https://h/a b", "base URL must not have a space"},
    {" https://h", "base URL must not have a space"},
    {"https://h\r\nX: y", CONTROL},
    {"https://h/\t", CONTROL},
    {"https://h/\x7F", CONTROL},
    {"https://h/.", DOTS},
    {"https://h/a/../b", DOTS},
    {"https://h/%2e%2E/b", DOTS},
    {"https://h//", EMPTY},
    {"https://h//x", EMPTY},
    {"https://h/%", "base URL must have two hex digits after '%'"},
    {"https://h/%0a", "base URL must not have an encoded control byte"},
};

#define PATH_START "path must begin with '/'"
#define PATH_DOTS  "path must not have a '.' or '..' segment"
#define PATH_EMPTY "path must not have an empty segment"
#define PATH_HEX   "path must have two hex digits after '%'"
#define PATH_CODE  "path must not have an encoded control byte"
#define PATH_BYTE  "path must not have a control byte"

static const struct verdict paths[] = {
    {"/", NULL},
    {"/a", NULL},
    {"/a/", NULL},
    {"/google-meet/v2/spaces/abc:endActiveConference", NULL},
    {"/a/...", NULL},
    {"/a/..b/c../.d/e.", NULL},
    {"/a/.%41", NULL},
    {"/a%20b", NULL},
    {"/a%2Fb", NULL},
    {"/a%2Fb%5Cc", NULL},
    {"/a%25", NULL},
    {"/a%C3%A9", NULL},
    {"/a\xC3\xA9", NULL},
    {"/a@b:c;d,e=f&g+h!$'()*~_-", NULL},
    {"", PATH_START},
    {"a", PATH_START},
    {"a/b", PATH_START},
    {"https://h/", PATH_START},
    {"%2Fa", PATH_START},
    {"?a", PATH_START},
    {"//", PATH_EMPTY},
    {"//h/x", PATH_EMPTY},
    {"/a//b", PATH_EMPTY},
    {"/a//", PATH_EMPTY},
    {"/.", PATH_DOTS},
    {"/..", PATH_DOTS},
    {"/../", PATH_DOTS},
    {"/a/..", PATH_DOTS},
    {"/a/../b", PATH_DOTS},
    {"/%2e", PATH_DOTS},
    {"/%2E%2e/x", PATH_DOTS},
    {"/.%2e", PATH_DOTS},
    {"/%2e./x", PATH_DOTS},
    {"/a/%2e%2e/b", PATH_DOTS},
    /* what a server that decodes first would take for separators */
    {"/a%2f..", PATH_DOTS},
    {"/a%2F..%2Fb", PATH_DOTS},
    {"/..%2fb", PATH_DOTS},
    {"/a%5c..%5Cb", PATH_DOTS},
    {"/a/%2e%2e%2fb", PATH_DOTS},
    {"/%", PATH_HEX},
    {"/%4g", PATH_HEX},
    {"/%g4", PATH_HEX},
    {"/%%41", PATH_HEX},
    {"/a%", PATH_HEX},
    {"/% 1", "path must not have a space"},
    {"/%00", PATH_CODE},
    {"/a%0d%0ab", PATH_CODE},
    {"/%7F", PATH_CODE},
    {"/%1f", PATH_CODE},
    {"/a b", "path must not have a space"},
    {"/a\\b", "path must not have a backslash"},
    {"/\\h", "path must not have a backslash"},
    {"/a?b", "path must not have a query"},
    {"/a#b", "path must not have a fragment"},
    {"/a\r\n", PATH_BYTE},
    {"/a\tb", PATH_BYTE},
    {"/a\x1F", PATH_BYTE},
    {"/a\x7F", PATH_BYTE},
};

typedef int check_function(const char *text, size_t length,
                           struct meet_error *err);

static void check_verdict(check_function *check, const char *text,
                          size_t length, const char *why)
{
    struct meet_error err = {.kind = MEET_OK};
    char *copy = check_copy(text, length);
    int status = check(copy, length, &err);

    free(copy);

    CHECK(status == (why ? -1 : 0), "\"%s\": status %d (%s)", text, status,
          err.message);
    CHECK(err.kind == (why ? MEET_CONFIG : MEET_OK), "\"%s\": kind", text);
    CHECK_STRING(err.message, why ? why : "", text);
}

static void check_lengths(void)
{
    char host[300] = "https://";

    check_verdict(meet_url_check_base, "https://h:80xx", 12, NULL);
    check_verdict(meet_url_check_base, "https://h\0", 10, CONTROL);
    check_verdict(meet_url_check_base, "https://h\0@x", 12, CONTROL);
    check_verdict(meet_url_check_path, "/a\0b", 4, PATH_BYTE);
    check_verdict(meet_url_check_path, "/a%41", 4, PATH_HEX);
    check_verdict(meet_url_check_path, "/a/..b", 5, PATH_DOTS);
    check_verdict(meet_url_check_path, NULL, 0, PATH_START);
    check_verdict(meet_url_check_base, NULL, 0, SCHEME);
    memset(host + 8, 'a', 63);
    check_verdict(meet_url_check_base, host, 8 + 63, NULL);
    memset(host + 8, 'a', 64);
    check_verdict(meet_url_check_base, host, 8 + 64, HOST);
    for (size_t i = 0; i < 260; i += 2)
        memcpy(host + 8 + i, "a.", 2);
    check_verdict(meet_url_check_base, host, 8 + 253, NULL);
    check_verdict(meet_url_check_base, host, 8 + 254, HOST);
}

int main(void)
{
    check_encoding();
    check_queries();
    check_query_with_nul();
    check_full_urls();
    check_full_encoding();
    for (size_t i = 0; i < sizeof bases / sizeof bases[0]; i++)
        check_verdict(meet_url_check_base, bases[i].text, strlen(bases[i].text),
                      bases[i].why);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        check_verdict(meet_url_check_path, paths[i].text, strlen(paths[i].text),
                      paths[i].why);
    check_lengths();
    return check_report();
}
