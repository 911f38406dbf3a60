/*
 * headers_test.c - which fields are taken, and how response lines are read.
 */
#include "check.h"
#include "scarce.h"
#include "../../src/headers.c"

static void check_appends(void)
{
    static const struct {
        const char *name;
        const char *value;
        size_t length;
        bool good;
    } cases[] = {
        {"Accept", "application/json", 16, true},
        {"a", "", 0, true},
        {"X-!#$%&'*+-.^_`|~09azAZ", "x", 1, true},
        {"a", "b c\td", 5, true},
        {"a", "\xC3\xA9\xFF\x80", 4, true},
        {"a", "\"quoted\", (comment): x", 22, true},
        {"a", "b  ", 1, true},
        {"", "x", 1, false},
        {"a b", "x", 1, false},
        {"a:", "x", 1, false},
        {" a", "x", 1, false},
        {"a ", "x", 1, false},
        {"a\r\nb", "x", 1, false},
        {"a\t", "x", 1, false},
        {"a/b", "x", 1, false},
        {"a\"", "x", 1, false},
        {"a(b)", "x", 1, false},
        {"a,b", "x", 1, false},
        {"a@", "x", 1, false},
        {"\xC3\xA9", "x", 1, false},
        {"a\x7F", "x", 1, false},
        {"a", "b\r\nHost: c", 10, false},
        {"a", "b\nc", 3, false},
        {"a", "b\rc", 3, false},
        {"a", "b\0c", 3, false},
        {"a", "\0", 1, false},
        {"a", "b\x7F", 2, false},
        {"a", "\x01", 1, false},
        {"a", "\x1F", 1, false},
        {"a", " b", 2, false},
        {"a", "b ", 2, false},
        {"a", "\tb", 2, false},
        {"a", "b\t", 2, false},
        {"a", " ", 1, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_headers headers = {0};
        struct meet_error err = {.kind = MEET_OK};
        int status = meet_headers_append(&headers, cases[i].name,
                                         cases[i].value, cases[i].length, &err);

        CHECK(status == (cases[i].good ? 0 : -1), "case %zu: status %d", i,
              status);
        CHECK(err.kind == (cases[i].good ? MEET_OK : MEET_CONFIG),
              "case %zu: kind", i);
        CHECK(headers.count == cases[i].good, "case %zu: count", i);
        if (headers.count > 0) {
            CHECK_STRING(headers.fields[0].name, cases[i].name, "name");
            CHECK(strlen(headers.fields[0].value) == cases[i].length &&
                      memcmp(headers.fields[0].value, cases[i].value,
                             cases[i].length) == 0,
                  "case %zu: value", i);
        }
        meet_headers_deinit(&headers);
    }
}

static void check_messages(void)
{
    struct meet_headers headers = {0};
    struct meet_error err;

    meet_headers_append(&headers, "a\r\n", "x", 1, &err);
    CHECK_STRING(err.message, "malformed header field name", "name");
    meet_headers_append(&headers, "Authorization", "key\n", 4, &err);
    CHECK_STRING(err.message,
                 "the value of header field Authorization has a control byte, "
                 "or a blank at an end",
                 "the value is not shown");
    meet_headers_deinit(&headers);
}

static void check_gets(void)
{
    static const struct {
        const char *name;
        const char *value; /* NULL: not there */
    } cases[] = {
        {"Retry-After", "1"}, {"retry-after", "1"}, {"RETRY-AFTER", "1"},
        {"x-a", "first"},     {"X-A", "first"},     {"X-[", NULL},
        {"x-{", NULL},        {"Retry", NULL},      {"Retry-After2", NULL},
        {"", NULL},           {"x-empty", ""},
    };
    struct meet_headers headers = {0};
    struct meet_error err;

    CHECK(!meet_headers_get(&headers, "a"), "an empty list has nothing");
    meet_headers_append(&headers, "Retry-After", "1", 1, &err);
    meet_headers_append(&headers, "X-A", "first", 5, &err);
    meet_headers_append(&headers, "x-a", "second", 6, &err);
    meet_headers_append(&headers, "X-Empty", NULL, 0, &err);
    CHECK(headers.count == 4, "fields of one name are kept apart");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *value = meet_headers_get(&headers, cases[i].name);

        if (cases[i].value)
            CHECK_STRING(value, cases[i].value, cases[i].name);
        else
            CHECK(!value, "%s is not there", cases[i].name);
    }
    meet_headers_deinit(&headers);
}

/* The list as text, each field "[name=value]". */
static void print_headers(const struct meet_headers *headers,
                          struct meet_buffer *text)
{
    struct meet_error err;

    for (size_t i = 0; i < headers->count; i++) {
        meet_buffer_append_string(text, "[", &err);
        meet_buffer_append_string(text, headers->fields[i].name, &err);
        meet_buffer_append_string(text, "=", &err);
        meet_buffer_append_string(text, headers->fields[i].value, &err);
        meet_buffer_append_string(text, "]", &err);
    }
}

static void check_parse_of(const char *bytes, size_t length,
                           const char *expected)
{
    struct meet_headers headers = {0};
    struct meet_buffer text;
    struct meet_error err = {.kind = MEET_OK};

    meet_buffer_init(&text, 10000);
    char *copy = check_copy(bytes, length);

    CHECK(meet_headers_parse(&headers, copy, length, &err) == 0 &&
              err.kind == MEET_OK,
          "parsed without an error: %s", bytes ? bytes : "(NULL)");
    free(copy);
    print_headers(&headers, &text);
    CHECK_STRING(meet_buffer_string(&text), expected, bytes);
    meet_buffer_deinit(&text);
    meet_headers_deinit(&headers);
}

static void check_parses(void)
{
    static const struct {
        const char *bytes;
        const char *expected;
    } cases[] = {
        {"", ""},
        {"\r\n", ""},
        {"HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\n\r\n", "[A=b][C=d]"},
        {"HTTP/2 200 \r\na: b\r\n\r\n", "[a=b]"},
        {"HTTP/1.1 200 OK\nA: b\nC: d\n\n", "[A=b][C=d]"},
        {"A: b", "[A=b]"}, /* cut off behind a whole field */
        {"A:b\r\n", "[A=b]"},
        {"A: \t b c \t\r\n", "[A=b c]"},
        {"A:\r\nB: \r\n", "[A=][B=]"},
        {"A: b: c:d\r\n", "[A=b: c:d]"},
        {"A: 1\r\na: 2\r\nA: 3\r\n", "[A=1][a=2][A=3]"},
        {"A: \xC3\xA9\r\n", "[A=\xC3\xA9]"},
        /* folds */
        {"A: b\r\n c\r\nD: e\r\n", "[A=b c][D=e]"},
        {"A: b\n\tc\n", "[A=b c]"},
        {"A: b \t\r\n \t c\r\n\td\r\n", "[A=b c d]"},
        {"A:\r\n b\r\n", "[A=b]"},
        {"A: b\r\n \r\nC: d\r\n", "[A=b][C=d]"},
        {"A: b\r\n C: d\r\n", "[A=b C: d]"},
        {"A: b\r\n ", "[A=b]"},
        {" A: b\r\nC: d\r\n", "[C=d]"},
        {"HTTP/1.1 200 OK\r\n A: b\r\nC: d\r\n", "[C=d]"},
        {"\r\n A: b\r\nC: d\r\n", "[C=d]"},
        {"bad\r\n A: b\r\nC: d\r\n", "[C=d]"},
        /* malformed lines */
        {"bad\r\nA: b\r\n", "[A=b]"},
        {": b\r\nA: b\r\n", "[A=b]"},
        {"A : b\r\nC: d\r\n", "[C=d]"},
        {"A B: c\r\nC: d\r\n", "[C=d]"},
        {"A\xC3: c\r\nC: d\r\n", "[C=d]"},
        {"A: b\rX: c\r\nC: d\r\n", "[C=d]"},
        {"A: b\r\r\nC: d\r\n", "[C=d]"},
        {"A: b\x01\r\nC: d\r\n", "[C=d]"},
        {"A: b\x7F\r\nC: d\r\n", "[C=d]"},
        {"A: b\r", ""},
        {"\n\r\n\n:\n::\nA: b\n", "[A=b]"},
        /* status lines */
        {"HTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nC: d\r\n\r\n",
         "[C=d]"},
        {"HTTP/1.1 200 Connection established\r\nA: b\r\n\r\nHTTP/2 "
         "200\r\n\r\n",
         ""},
        {"HTTP/1.1 200 A: b\r\nC: d\r\n", "[C=d]"},
        {"A: b\r\nHTTP/", ""},
        {"A: b\r\nHTTP\r\n", "[A=b]"},
        {"A: b\r\nHTTP: c\r\n", "[A=b][HTTP=c]"},
        {"A: b\r\n HTTP/1.1 200 OK\r\n", "[A=b HTTP/1.1 200 OK]"},
        /* trailers follow without a status line */
        {"HTTP/1.1 200 OK\r\nA: b\r\n\r\nC: d\r\n\r\n", "[A=b][C=d]"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_parse_of(cases[i].bytes, strlen(cases[i].bytes),
                       cases[i].expected);
    check_parse_of("A: b\0c\r\nC: d\r\n", 14, "[C=d]");
    check_parse_of("A\0: b\r\nC: d\r\n", 13, "[C=d]");
    check_parse_of("A: bC: d", 4, "[A=b]");
    check_parse_of(NULL, 0, "");
}

/* libcurl passes one line at a time. */
static void check_parse_by_lines(void)
{
    static const char *const lines[] = {
        "HTTP/1.1 100 Continue\r\n", "A: b\r\n", "\r\n",
        "HTTP/1.1 200 OK\r\n",       "C: d\r\n", "E: f\r\n",
    };
    struct meet_headers headers = {0};
    struct meet_error err;

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        CHECK(meet_headers_parse(&headers, lines[i], strlen(lines[i]), &err) ==
                  0,
              "line %zu", i);
    CHECK(headers.count == 2, "fields of the last answer only");
    CHECK_STRING(meet_headers_get(&headers, "c"), "d", "c");
    CHECK_STRING(meet_headers_get(&headers, "e"), "f", "e");
    meet_headers_deinit(&headers);
}

static void check_many(void)
{
    struct meet_headers headers = {0};
    struct meet_error err;
    char name[16];
    int wrong = 0;

    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "x%03d", i);
        wrong += meet_headers_append(&headers, name, name, 4, &err) != 0;
    }
    CHECK(wrong == 0 && headers.count == 1000, "1000 fields");
    CHECK_STRING(headers.fields[999].name, "x999", "the order is kept");
    CHECK_STRING(meet_headers_get(&headers, "X500"), "x500", "in the middle");
    meet_headers_deinit(&headers);
    CHECK(headers.count == 0 && !headers.fields, "deinit empties");
    meet_headers_deinit(&headers);
    CHECK(meet_headers_append(&headers, "a", "b", 1, &err) == 0, "usable");
    meet_headers_deinit(&headers);
}

static void check_no_memory(void)
{
    /* One allocation for 16 places in the list, one for 32, one a field. */
    static const struct {
        size_t allocations;
        size_t fields; /* of 17 */
    } cases[] = {{0, 0}, {1, 0}, {2, 1}, {17, 16}, {18, 16}, {19, 17}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_headers headers = {0};
        struct meet_error err = {.kind = MEET_OK};
        int status = 0;

        scarce_left = cases[i].allocations;
        while (status == 0 && headers.count < 17)
            status = meet_headers_append(&headers, "a", "b", 1, &err);
        scarce_left = SIZE_MAX;
        CHECK(status == (cases[i].fields < 17 ? -1 : 0), "case %zu: status", i);
        CHECK(err.kind == (status ? MEET_MEMORY : MEET_OK), "case %zu: kind",
              i);
        CHECK(headers.count == cases[i].fields,
              "case %zu: what came before stays", i);
        meet_headers_deinit(&headers);
    }
}

static void check_parse_without_memory(void)
{
    static const char bytes[] =
        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nbad\r\nC: d\r\n";
    size_t allocations = 0;
    int status = -1;

    /* The list and its two fields; the buffer's memory is another file's. */
    for (; status != 0 && allocations < 10; allocations++) {
        struct meet_headers headers = {0};
        struct meet_error err = {.kind = MEET_OK};

        scarce_left = allocations;
        status = meet_headers_parse(&headers, bytes, sizeof bytes - 1, &err);
        scarce_left = SIZE_MAX;
        CHECK(err.kind == (status ? MEET_MEMORY : MEET_OK),
              "%zu allocations: kind", allocations);
        CHECK(headers.count == (allocations > 0 ? allocations - 1 : 0),
              "%zu allocations: fields before the failure", allocations);
        meet_headers_deinit(&headers);
    }
    CHECK(allocations == 4, "three allocations are enough");
}

static void check_wipe(void)
{
    struct meet_headers headers = {0};
    struct meet_error err;

    meet_headers_append(&headers, "Authorization", "Bearer x", 8, &err);
    meet_headers_wipe(&headers);
    CHECK(headers.count == 1 && headers.fields[0].value[0] == '\0' &&
              strcmp(headers.fields[0].name, "Authorization") == 0 &&
              !strstr(headers.fields[0].line, "Bearer"),
          "the value is gone, the field stays");
    meet_headers_deinit(&headers);
}

int main(void)
{
    check_appends();
    check_wipe();
    check_messages();
    check_gets();
    check_parses();
    check_parse_by_lines();
    check_many();
    check_no_memory();
    check_parse_without_memory();
    return check_report();
}
