/*
 * request_test.c - the verbs, what counts as a read, and where the path ends.
 */
#include "check.h"
#include "request.h"

static void check_verbs(void)
{
    static const struct {
        const char *name;
        bool known;
        bool read;
    } cases[] = {
        {"GET", true, true},       {"POST", true, false},
        {"PUT", true, false},      {"PATCH", true, false},
        {"DELETE", true, false},   {"HEAD", false, false},
        {"OPTIONS", false, false}, {"CONNECT", false, false},
        {"TRACE", false, false},   {"get", false, false},
        {"Get", false, false},     {"GET ", false, false},
        {" GET", false, false},    {"GETS", false, false},
        {"GE", false, false},      {"", false, false},
        {"GET\r\n", false, false}, {"DELETES", false, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *name = check_copy(cases[i].name, strlen(cases[i].name) + 1);
        const char *verb = meet_request_verb(name);
        struct meet_request request = {.verb = verb};

        CHECK(!!verb == cases[i].known, "case %zu: '%s'", i, cases[i].name);
        free(name); /* the answer is a constant */
        if (!verb)
            continue;
        CHECK_STRING(verb, cases[i].name, "verb");
        CHECK(meet_request_is_read(&request) == cases[i].read,
              "case %zu: '%s' reads", i, verb);
    }
}

static void check_paths(void)
{
    static const struct {
        const char *url;
        size_t offset;
        size_t length;
    } cases[] = {
        {"", 0, 0},
        {"https://a/b", 9, 2},
        {"https://a/b?c=d", 9, 2},
        {"https://a/b?c=d?e/f", 9, 2},
        {"https://a?c", 9, 0},
        {"https://a/", 9, 1},
        {"https://a", 9, 0},
        {"https://api.maton.ai/google-meet/v2/spaces/x", 20, 24},
        {"http://[::1]:80/v/google-meet/v2/spaces:b?pageSize=1", 15, 26},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_request request;
        struct meet_error err;

        meet_request_init(&request);
        CHECK(meet_buffer_append_string(&request.url, cases[i].url, &err) == 0,
              "case %zu: append", i);
        request.path_offset = cases[i].offset;
        CHECK(meet_request_path_length(&request) == cases[i].length,
              "case %zu: '%s': %zu expected, got %zu", i, cases[i].url,
              cases[i].length, meet_request_path_length(&request));
        meet_request_deinit(&request);
    }
}

static void check_init(void)
{
    struct meet_request request;

    memset(&request, 0xA5, sizeof request);
    meet_request_init(&request);
    CHECK(!request.verb && !request.network && !request.has_body, "no content");
    CHECK(!request.url.bytes && !request.body.bytes && !request.headers.fields,
          "no memory");
    CHECK(request.quota == MEET_QUOTA_NONE, "no quota");
    CHECK(request.path_offset == 0 && request.headers.count == 0, "empty");
    CHECK(request.url.limit == 65536, "a URL of 64 KiB at most");
    CHECK(request.body.limit == 16777216, "a body of 16 MiB at most");
    meet_request_deinit(&request);
}

static void check_ends(void)
{
    static char longest[65536];
    struct meet_request request = {0};
    struct meet_error err = {.kind = MEET_OK};

    meet_request_deinit(&request); /* zeroed memory */
    meet_request_init(&request);
    memset(longest, 'a', sizeof longest);
    CHECK(meet_buffer_append(&request.url, longest, sizeof longest, &err) == 0,
          "the longest URL");
    CHECK(meet_buffer_append(&request.url, "a", 1, &err) == -1 &&
              err.kind == MEET_TOO_LARGE,
          "a longer one");
    CHECK(meet_buffer_append_string(&request.body, "{}", &err) == 0, "body");
    CHECK(meet_headers_append(&request.headers, "a", "b", 1, &err) == 0,
          "header");
    meet_request_deinit(&request);
    CHECK(!request.url.bytes && !request.body.bytes && !request.headers.fields,
          "nothing is left");
    meet_request_deinit(&request);
}

static void check_certificates(void)
{
    static const struct {
        const char *file, *path;
        bool plain, needs;
    } cases[] = {
        {NULL, NULL, false, true},
        {"f", NULL, false, false},
        {NULL, "p", false, false},
        {NULL, NULL, true, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_network network = {.plain = cases[i].plain,
                                       .ca_file = cases[i].file,
                                       .ca_path = cases[i].path};
        struct meet_request request = {.network = &network};

        CHECK(meet_request_needs_certificates(&request) == cases[i].needs,
              "case %zu", i);
    }
}

int main(void)
{
    check_certificates();
    check_verbs();
    check_paths();
    check_init();
    check_ends();
    return check_report();
}
