/*
 * error_test.c - names, kinds of statuses, and messages that are too long.
 */
#include "check.h"
#include "error.h"

static void check_kind_names(void)
{
    static const struct {
        enum meet_kind kind;
        const char *name;
    } cases[] = {
        {MEET_OK, "ok"},
        {MEET_TRANSPORT, "transport"},
        {MEET_TLS, "tls"},
        {MEET_TIMEOUT, "timeout"},
        {MEET_DEADLINE, "deadline"},
        {MEET_AUTH, "auth"},
        {MEET_CONNECTION, "connection"},
        {MEET_PERMISSION, "permission"},
        {MEET_NOT_FOUND, "not_found"},
        {MEET_CONFLICT, "conflict"},
        {MEET_INVALID, "invalid"},
        {MEET_RATE_LIMITED, "rate_limited"},
        {MEET_SERVER, "server"},
        {MEET_DECODE, "decode"},
        {MEET_TOO_LARGE, "too_large"},
        {MEET_CANCELLED, "cancelled"},
        {MEET_MEMORY, "memory"},
        {MEET_CONFIG, "config"},
        {MEET_KINDS, "unknown"},
    };
    size_t count = sizeof cases / sizeof cases[0];

    CHECK(count == MEET_KINDS + 1, "every kind has a case");
    for (size_t i = 0; i < count; i++)
        CHECK_STRING(meet_error_kind_name(cases[i].kind), cases[i].name,
                     "kind name");
}

static void check_origin_names(void)
{
    static const struct {
        enum meet_origin origin;
        const char *name;
    } cases[] = {
        {MEET_FROM_CLIENT, "client"},
        {MEET_FROM_TRANSPORT, "transport"},
        {MEET_FROM_GATEWAY, "gateway"},
        {MEET_FROM_GOOGLE, "google"},
        {(enum meet_origin)(MEET_FROM_GOOGLE + 1), "unknown"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_STRING(meet_error_origin_name(cases[i].origin), cases[i].name,
                     "origin name");
}

static void check_kinds_of_statuses(void)
{
    static const struct {
        int status;
        enum meet_kind kind;
    } cases[] = {
        {200, MEET_OK},           {204, MEET_OK},        {299, MEET_OK},
        {199, MEET_TRANSPORT},    {100, MEET_TRANSPORT}, {0, MEET_TRANSPORT},
        {-1, MEET_TRANSPORT},     {300, MEET_TRANSPORT}, {302, MEET_TRANSPORT},
        {304, MEET_TRANSPORT},    {399, MEET_TRANSPORT}, {407, MEET_TRANSPORT},
        {511, MEET_TRANSPORT},    {406, MEET_INVALID},   {510, MEET_SERVER},
        {400, MEET_INVALID},      {401, MEET_AUTH},      {402, MEET_INVALID},
        {403, MEET_PERMISSION},   {404, MEET_NOT_FOUND}, {405, MEET_INVALID},
        {408, MEET_INVALID},      {409, MEET_CONFLICT},  {410, MEET_INVALID},
        {412, MEET_INVALID},      {422, MEET_INVALID},   {428, MEET_INVALID},
        {429, MEET_RATE_LIMITED}, {430, MEET_INVALID},   {499, MEET_INVALID},
        {500, MEET_SERVER},       {502, MEET_SERVER},    {503, MEET_SERVER},
        {504, MEET_SERVER},       {599, MEET_SERVER},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum meet_kind kind = meet_error_kind_of_status(cases[i].status);

        CHECK(kind == cases[i].kind, "status %d: %s expected, got %s",
              cases[i].status, meet_error_kind_name(cases[i].kind),
              meet_error_kind_name(kind));
    }
}

static void check_set(void)
{
    struct meet_error err = {.origin = MEET_FROM_GOOGLE, .message = "old"};

    meet_error_set(&err, MEET_CONFIG, "port %d of %s", 70000, "host");
    CHECK(err.kind == MEET_CONFIG, "the kind is set");
    CHECK(err.origin == MEET_FROM_CLIENT, "the origin is the client");
    CHECK_STRING(err.message, "port 70000 of host", "message");
    meet_error_set(&err, MEET_SERVER, "again: %s", err.message);
    CHECK_STRING(err.message, "again: port 70000 of host", "own old message");
    meet_error_set(&err, MEET_SERVER, "%s", "");
    CHECK_STRING(err.message, "", "empty message");
}

/* What is left of 'fill' letters followed by 'tail', 511 bytes fitting. */
static void check_cut(size_t fill, const char *tail, size_t expected)
{
    char text[600] = "";
    struct meet_error err;

    memset(text, 'x', fill);
    memcpy(text + fill, tail, strlen(tail) + 1);
    meet_error_set(&err, MEET_DECODE, "%s", text);
    CHECK(strlen(err.message) == expected,
          "%zu letters and \"%s\": %zu bytes expected, got %zu", fill, tail,
          expected, strlen(err.message));
    CHECK(strncmp(err.message, text, expected) == 0, "the rest is untouched");
}

static void check_cuts(void)
{
    static const struct {
        size_t fill;
        const char *tail;
        size_t expected;
    } cases[] = {
        {511, "", 511},
        {512, "", 511},
        {599, "", 511},
        {509, "\xC3\xA9", 511}, /* fits, nothing to cut */
        {510, "\xC3\xA9", 510},
        {509, "\xC3\xA9x", 511}, /* whole before the cut */
        {509, "\xE2\x82\xAC", 509},
        {509, "\xE0\xA4\x85", 509},
        {510, "\xE2\x82\xAC", 510},
        {508, "\xE2\x82\xACx", 511},
        {508, "\xF0\x9F\x98\x80", 508},
        {509, "\xF0\x9F\x98\x80", 509},
        {510, "\xF0\x9F\x98\x80", 510},
        {507, "\xF0\x9F\x98\x80x", 511},
        {506, "\x80\x80\x80\x80\x80\x80", 511}, /* never was UTF-8 */
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_cut(cases[i].fill, cases[i].tail, cases[i].expected);
}

int main(void)
{
    check_kind_names();
    check_origin_names();
    check_kinds_of_statuses();
    check_set();
    check_cuts();
    return check_report();
}
