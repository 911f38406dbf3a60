/*
 * buffer_test.c - growth, the limit, and what a failure leaves behind.
 */
#include "check.h"
#include "scarce.h"
#include "../../src/buffer.c"

static void check_empty(void)
{
    struct meet_buffer buffer = {0};
    struct meet_error err;

    CHECK_STRING(meet_buffer_string(&buffer), "", "zeroed memory");
    CHECK(meet_buffer_append(&buffer, "a", 1, &err) == -1 &&
              err.kind == MEET_TOO_LARGE,
          "zeroed memory may hold nothing");
    meet_buffer_clear(&buffer);
    meet_buffer_wipe(&buffer);
    meet_buffer_deinit(&buffer);
    meet_buffer_init(&buffer, 3);
    CHECK(!buffer.bytes && buffer.limit == 3, "init allocates nothing");
    CHECK(meet_buffer_append(&buffer, NULL, 0, &err) == 0 && !buffer.bytes,
          "nothing appended allocates nothing");
    meet_buffer_deinit(&buffer);
}

static void check_limits(void)
{
    static const struct {
        size_t limit;
        const char *first;
        const char *second;
        int status; /* of the second append */
        const char *bytes;
        const char *message;
    } cases[] = {
        {0, "", "", 0, "", ""},
        {0, "", "a", -1, "", "over the limit of 0 bytes"},
        {1, "", "a", 0, "a", ""},
        {3, "ab", "c", 0, "abc", ""},
        {3, "abc", "", 0, "abc", ""},
        {3, "ab", "cd", -1, "ab", "over the limit of 3 bytes"},
        {3, "abc", "d", -1, "abc", "over the limit of 3 bytes"},
        {3, "", "abcd", -1, "", "over the limit of 3 bytes"},
        {SIZE_MAX, "ab", "cd", 0, "abcd", ""},
        {SIZE_MAX - 1, "ab", "cd", 0, "abcd", ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_buffer buffer;
        struct meet_error err = {.kind = MEET_OK};
        enum meet_kind kind = cases[i].status ? MEET_TOO_LARGE : MEET_OK;

        meet_buffer_init(&buffer, cases[i].limit);
        CHECK(meet_buffer_append_string(&buffer, cases[i].first, &err) == 0,
              "case %zu: the first fits", i);
        CHECK(meet_buffer_append_string(&buffer, cases[i].second, &err) ==
                  cases[i].status,
              "case %zu: status %d", i, cases[i].status);
        CHECK_STRING(meet_buffer_string(&buffer), cases[i].bytes, "bytes");
        CHECK(buffer.length == strlen(cases[i].bytes), "case %zu: length", i);
        CHECK_STRING(err.message, cases[i].message, "message");
        CHECK(err.kind == kind, "case %zu: kind", i);
        meet_buffer_deinit(&buffer);
    }
}

static void check_growth(void)
{
    enum { SIZE = 100000 };
    struct meet_buffer buffer;
    struct meet_error err;
    size_t growths = 0;
    size_t wrong = 0;

    meet_buffer_init(&buffer, SIZE);
    for (size_t i = 0; i < SIZE; i++) {
        size_t before = buffer.capacity;
        char byte = (char)('a' + i % 26);

        wrong += meet_buffer_append(&buffer, &byte, 1, &err) != 0;
        growths += buffer.capacity != before;
    }
    for (size_t i = 0; i < buffer.length; i++)
        wrong += buffer.bytes[i] != (char)('a' + i % 26);
    CHECK(wrong == 0, "100000 appends keep every byte, %zu wrong", wrong);
    CHECK(buffer.length == SIZE, "length");
    CHECK(buffer.bytes[SIZE] == '\0', "a NUL follows");
    CHECK(growths <= 12, "growth is geometric, not in %zu steps", growths);
    CHECK(buffer.capacity <= SIZE + 1, "no more memory than the limit needs");
    CHECK(meet_buffer_append(&buffer, "x", 1, &err) == -1, "full");
    CHECK(buffer.length == SIZE, "a failure changes nothing");
    meet_buffer_deinit(&buffer);
}

static void check_sizes_that_overflow(void)
{
    struct meet_buffer buffer;
    struct meet_error err = {.kind = MEET_OK};
    volatile size_t most = SIZE_MAX; /* compilers warn of one that they know */

    meet_buffer_init(&buffer, SIZE_MAX);
    CHECK(meet_buffer_append(&buffer, "a", 1, &err) == 0, "one byte");
    CHECK(meet_buffer_append(&buffer, "b", most - 1, &err) == -1 &&
              err.kind == MEET_MEMORY,
          "no room for the NUL");
    CHECK(meet_buffer_append(&buffer, "b", most, &err) == -1 &&
              err.kind == MEET_TOO_LARGE,
          "more bytes than numbers");
    CHECK_STRING(meet_buffer_string(&buffer), "a", "bytes after failures");
    meet_buffer_deinit(&buffer);
}

static void check_reuse(void)
{
    struct meet_buffer buffer;
    struct meet_error err;
    char *bytes;

    meet_buffer_init(&buffer, 10);
    CHECK(meet_buffer_append(&buffer, "a\0b", 3, &err) == 0, "with a NUL");
    CHECK(buffer.length == 3 && memcmp(buffer.bytes, "a\0b", 4) == 0,
          "a NUL is a byte like others");
    bytes = buffer.bytes;
    meet_buffer_clear(&buffer);
    CHECK(buffer.length == 0 && buffer.bytes == bytes, "clear keeps memory");
    CHECK_STRING(meet_buffer_string(&buffer), "", "after clear");
    meet_buffer_deinit(&buffer);
    CHECK(!buffer.bytes && buffer.limit == 10, "deinit keeps the limit");
    CHECK(meet_buffer_append_string(&buffer, "again", &err) == 0, "usable");
    CHECK_STRING(meet_buffer_string(&buffer), "again", "after deinit");
    meet_buffer_wipe(&buffer);
    CHECK(!buffer.bytes && buffer.length == 0, "wipe empties");
    CHECK(meet_buffer_append_string(&buffer, "0123456789", &err) == 0 &&
              meet_buffer_append_string(&buffer, "x", &err) == -1,
          "wipe keeps the limit");
    meet_buffer_deinit(&buffer);
    meet_buffer_deinit(&buffer);
}

static void check_no_memory(void)
{
    struct meet_buffer buffer;
    struct meet_error err = {.kind = MEET_OK};
    char bytes[1000] = "";

    meet_buffer_init(&buffer, 10000);
    scarce_left = 0;
    CHECK(meet_buffer_append(&buffer, "a", 1, &err) == -1 &&
              err.kind == MEET_MEMORY && !buffer.bytes,
          "the first byte");
    scarce_left = 1;
    CHECK(meet_buffer_append(&buffer, "abc", 3, &err) == 0, "one allocation");
    CHECK(meet_buffer_append(&buffer, bytes, sizeof bytes, &err) == -1 &&
              err.kind == MEET_MEMORY,
          "growth");
    CHECK_STRING(meet_buffer_string(&buffer), "abc", "after a failure");
    CHECK(buffer.length == 3, "the length is as it was");
    scarce_left = SIZE_MAX;
    meet_buffer_deinit(&buffer);
}

int main(void)
{
    check_empty();
    check_limits();
    check_growth();
    check_sizes_that_overflow();
    check_reuse();
    check_no_memory();
    return check_report();
}
