/*
 * auth_test.c - which keys are taken, and where they go.
 */
#include "check.h"
#include "scarce.h"
#include "../../src/headers.c"
#include "auth.h"

static void check_values(void)
{
    static const struct {
        const char *value;
        size_t length;
        const char *message; /* NULL: taken */
    } cases[] = {
        {"a", 1, NULL},
        {"!", 1, NULL},
        {"~", 1, NULL},
        {"v2.abcDEF-123_=+/", 17, NULL},
        {"a b", 1, NULL}, /* the length counts */
        {"", 0, "the API key is empty"},
        {" ", 1,
         "the API key has a blank, control or non-ASCII byte at position 1: "
         "was it copied with a line end?"},
        {"secret\n", 7,
         "the API key has a blank, control or non-ASCII byte at position 7: "
         "was it copied with a line end?"},
        {"secret\r\nHost: a", 15,
         "the API key has a blank, control or non-ASCII byte at position 7: "
         "was it copied with a line end?"},
        {"se cret", 7,
         "the API key has a blank, control or non-ASCII byte at position 3: "
         "was it copied with a line end?"},
        {"se\0ret", 6,
         "the API key has a blank, control or non-ASCII byte at position 3: "
         "was it copied with a line end?"},
        {"\tsecret", 7,
         "the API key has a blank, control or non-ASCII byte at position 1: "
         "was it copied with a line end?"},
        {"secret\x7F", 7,
         "the API key has a blank, control or non-ASCII byte at position 7: "
         "was it copied with a line end?"},
        {"\xC3\xA9", 2,
         "the API key has a blank, control or non-ASCII byte at position 1: "
         "was it copied with a line end?"},
        {"a\xFF", 2,
         "the API key has a blank, control or non-ASCII byte at position 2: "
         "was it copied with a line end?"},
        {"a\x1F", 2,
         "the API key has a blank, control or non-ASCII byte at position 2: "
         "was it copied with a line end?"},
        {"Bearer secret", 13,
         "the API key begins with 'Bearer ': leave that word out"},
        {"BEARER \xC3", 8,
         "the API key begins with 'Bearer ': leave that word out"},
        {"Bearer", 6, NULL},
        {"Bearersecret", 12, NULL},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *value = check_copy(cases[i].value, cases[i].length);
        struct meet_error err = {.kind = MEET_OK};
        int status = meet_auth_check("API key", value, cases[i].length, &err);

        CHECK(status == (cases[i].message ? -1 : 0), "case %zu: status %d", i,
              status);
        CHECK(err.kind == (cases[i].message ? MEET_CONFIG : MEET_OK),
              "case %zu: kind", i);
        CHECK_STRING(err.message, cases[i].message ? cases[i].message : "",
                     "message");
        free(value);
    }
}

static void check_lengths(void)
{
    static char value[4097];
    struct meet_error err = {.kind = MEET_OK};

    memset(value, 'k', sizeof value);
    CHECK(meet_auth_check("API key", value, 4096, &err) == 0, "4096 bytes");
    CHECK(meet_auth_check("connection", value, 4097, &err) == -1 &&
              err.kind == MEET_CONFIG,
          "4097 bytes");
    CHECK_STRING(err.message, "the connection is over 4096 bytes long",
                 "message");
    CHECK(meet_auth_check("connection", "a b", 3, &err) == -1, "a blank");
    CHECK_STRING(err.message,
                 "the connection has a blank, control or non-ASCII byte at "
                 "position 2: was it copied with a line end?",
                 "message");
}

static void check_appends(void)
{
    static const struct {
        const char *key;
        const char *connection;
        const char *authorization;
    } cases[] = {
        {"secret", NULL, "Bearer secret"},
        {"secret", "5b0f7c7e", "Bearer secret"},
        {"k", "c", "Bearer k"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_headers headers = {0};
        struct meet_error err = {.kind = MEET_OK};

        CHECK(meet_auth_append(&headers, cases[i].key, cases[i].connection,
                               &err) == 0,
              "case %zu: status", i);
        CHECK(headers.count == (cases[i].connection ? 2 : 1), "case %zu: count",
              i);
        CHECK_STRING(headers.fields[0].name, "Authorization", "name");
        CHECK_STRING(headers.fields[0].value, cases[i].authorization, "value");
        if (cases[i].connection) {
            CHECK_STRING(headers.fields[1].name, "Maton-Connection", "name");
            CHECK_STRING(headers.fields[1].value, cases[i].connection, "value");
        }
        meet_headers_deinit(&headers);
    }
}

static void check_longest_key(void)
{
    char key[4097];
    struct meet_headers headers = {0};
    struct meet_error err;

    memset(key, 'k', 4096);
    key[4096] = '\0';
    CHECK(meet_auth_append(&headers, key, NULL, &err) == 0, "4096 bytes");
    CHECK(headers.count == 1 && strlen(headers.fields[0].value) == 4103 &&
              strcmp(headers.fields[0].value + 7, key) == 0,
          "the whole key");
    meet_headers_deinit(&headers);
}

/* What meet_auth_check() rejects is rejected here too, and not shown. */
static void check_rejections(void)
{
    static const struct {
        const char *key;
        const char *connection;
    } cases[] = {
        {"secret\n", NULL},
        {"sec\r\nret", NULL},
        {"secret", "5b0f\r\nHost: a"},
        {"secret", " 5b0f"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_headers headers = {0};
        struct meet_error err = {.kind = MEET_OK};

        CHECK(meet_auth_append(&headers, cases[i].key, cases[i].connection,
                               &err) == -1,
              "case %zu: status", i);
        CHECK(err.kind == MEET_CONFIG, "case %zu: kind", i);
        CHECK(!strstr(err.message, "sec") && !strstr(err.message, "5b0f"),
              "case %zu: '%s'", i, err.message);
        meet_headers_deinit(&headers);
    }
}

static void check_no_memory(void)
{
    enum { NEEDED = 3 }; /* the list and two fields */
    struct meet_error err;

    for (size_t left = 0; left <= NEEDED; left++) {
        struct meet_headers headers = {0};
        int status;

        err.kind = MEET_OK;
        scarce_left = left;
        status = meet_auth_append(&headers, "secret", "5b0f", &err);
        CHECK(status == (left < NEEDED ? -1 : 0), "%zu allocations", left);
        CHECK(err.kind == (left < NEEDED ? MEET_MEMORY : MEET_OK),
              "%zu allocations: kind", left);
        scarce_left = SIZE_MAX;
        meet_headers_deinit(&headers);
    }
}

static void check_sent_key(void)
{
    static const struct {
        const char *value;
        const char *key;
    } cases[] = {{"Bearer secret", "secret"},
                 {"Bearer ", NULL},
                 {"Basic secret", NULL},
                 {"bearer secret", NULL},
                 {"Bearersecret", NULL}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_headers headers = {0};
        struct meet_error err;
        const char *key;

        meet_headers_append(&headers, "Authorization", cases[i].value,
                            strlen(cases[i].value), &err);
        key = meet_auth_sent_key(&headers);
        CHECK((key == NULL) == (cases[i].key == NULL), "case %zu", i);
        if (key && cases[i].key)
            CHECK_STRING(key, cases[i].key, "key");
        meet_headers_deinit(&headers);
    }
}

/* Which keys and connections are distinguished. */
static void check_hashes(void)
{
    static const struct {
        const char *key, *connection;
        const char *other_key, *other_connection;
        bool same;
    } cases[] = {
        {"secret", NULL, "secret", NULL, true},
        {"secret", "5b0f", "secret", "5b0f", true},
        {"secret", NULL, "secreT", NULL, false},
        {"secret", NULL, "secre", NULL, false},
        {"secret", NULL, "secrett", NULL, false},
        {"secret", NULL, "terces", NULL, false},
        {"secret", "5b0f", "secret", NULL, false},
        {"secret", "5b0f", "secret", "5b0e", false},
        {"secret", "5b0f", "secret", "5b0", false},
        {"secret", "5b0f", "Secret", "5b0f", false},
        {"secret", "5b0f", "5b0f", "secret", false},
        {"secret", "5b0f", "secret5b0f", NULL, false},
        {"ab", "c", "a", "bc", false},
        {"a", NULL, "b", NULL, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned long long one =
            meet_auth_hash(cases[i].key, cases[i].connection);
        unsigned long long other =
            meet_auth_hash(cases[i].other_key, cases[i].other_connection);

        CHECK((one == other) == cases[i].same, "case %zu", i);
    }
    CHECK(meet_auth_hash("secret", NULL) == 0xeedbc0b077b625a1, "the key");
    CHECK(meet_auth_hash("secret", "5b0f") == 0x675421d143ae0a88,
          "the key, a line end and the connection");
}

int main(void)
{
    check_values();
    check_lengths();
    check_appends();
    check_longest_key();
    check_rejections();
    check_no_memory();
    check_sent_key();
    check_hashes();
    return check_report();
}
