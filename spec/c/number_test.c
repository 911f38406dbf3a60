/*
 * number_test.c - where a number of JSON ends, and what it is worth exactly.
 */
#include "check.h"
#include "number.h"

#define LARGEST  "9223372036854775807"
#define SMALLEST "-9223372036854775808"

static void check_forms(void)
{
    static const struct {
        const char *text;
        size_t length; /* of the number that begins there */
        bool plain;
    } cases[] = {
        {"0", 1, true},
        {"-0", 2, true},
        {"10", 2, true},
        {"01", 1, true}, /* what follows is for the caller */
        {"0x10", 1, true},
        {"1]", 1, true},
        {"1 2", 1, true},
        {"1-2", 1, true},
        {"1.5.5", 3, false},
        {"0.5", 3, false},
        {"-0.50,", 5, false},
        {"1e5", 3, false},
        {"1E5", 3, false},
        {"1e+5", 4, false},
        {"1e-05", 5, false},
        {"1.25e-2}", 7, false},
        {"123456789012345678901234567890", 30, true},
        {"1e99999999999999999999", 22, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_number number;

        CHECK(meet_number_find(cases[i].text, &number), "%s", cases[i].text);
        CHECK(number.start == cases[i].text &&
                  (size_t)(number.end - number.start) == cases[i].length,
              "%s: %zu bytes", cases[i].text,
              (size_t)(number.end - number.start));
        CHECK(meet_number_is_plain(&number) == cases[i].plain, "%s: plain",
              cases[i].text);
    }
}

static void check_no_numbers(void)
{
    static const struct {
        const char *text;
        size_t length; /* up to where a digit is missing */
    } cases[] = {
        {"", 0},    {"-", 1},    {"+1", 0},   {".5", 0},     {"-.5", 1},
        {"--1", 1}, {"1.", 2},   {"1.e5", 2}, {"1e", 2},     {"1e+", 3},
        {"NaN", 0}, {"-inf", 1}, {"1.x", 2},  {"0.-1", 2},   {"1e-x", 3},
        {" 1", 0},  {"1e 5", 2}, {"a", 0},    {"1.5e.5", 4},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_number number;

        CHECK(!meet_number_find(cases[i].text, &number), "%s", cases[i].text);
        CHECK((size_t)(number.end - cases[i].text) == cases[i].length,
              "%s: %zu", cases[i].text, (size_t)(number.end - cases[i].text));
    }
}

static void check_whole_numbers(void)
{
    static const struct {
        const char *text;
        int64_t whole;
    } cases[] = {
        {"0", 0},
        {"-0", 0},
        {"0.000", 0},
        {"0e999999999999", 0},
        {"-0.0e-7", 0},
        {"7", 7},
        {"-7", -7},
        {"7.0", 7},
        {"7.000000000000000000000000000000", 7},
        {"0.7e1", 7},
        {"700e-2", 7},
        {"0.0000000000000000000000000000007e31", 7},
        {"70000000000000000000000000000000e-31", 7},
        {"1e3", 1000},
        {"1E+2", 100},
        {"1.25e2", 125},
        {"1e18", INT64_C(1000000000000000000)},
        {"9007199254740993", INT64_C(9007199254740993)},
        {"9007199254740993.0", INT64_C(9007199254740993)},
        {"9007199254740.993e3", INT64_C(9007199254740993)},
        {"-9007199254740993e0", -INT64_C(9007199254740993)},
        {"1618065507111835497", INT64_C(1618065507111835497)},
        {LARGEST, INT64_MAX},
        {LARGEST ".000", INT64_MAX},
        {SMALLEST, INT64_MIN},
        {"-9.223372036854775808e18", INT64_MIN},
        {"9.22337203685477580700e18", INT64_MAX},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_number number;
        int64_t whole = 42;

        CHECK(meet_number_find(cases[i].text, &number), "%s", cases[i].text);
        CHECK(meet_number_whole(&number, &whole), "%s is whole", cases[i].text);
        CHECK(whole == cases[i].whole, "%s: %lld", cases[i].text,
              (long long)whole);
    }
}

static void check_other_numbers(void)
{
    static const char *const cases[] = {
        "0.5",
        "-1.25e-2",
        "1e-1",
        "15e-1",
        "1e-400",
        "9007199254740993.5",
        "9223372036854775808",
        "-9223372036854775809",
        "9223372036854775807.5",
        "18446744073709551615",
        "18446744073709551616",
        "100000000000000000000",
        "1e19",
        "1e400",
        "0.1e20",
        "1e999999999999999999999",
        "123456789012345678901234567890",
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_number number;
        int64_t whole = 42;

        CHECK(meet_number_find(cases[i], &number), "%s", cases[i]);
        CHECK(!meet_number_whole(&number, &whole) && whole == 42, "%s: %lld",
              cases[i], (long long)whole);
    }
}

int main(void)
{
    check_forms();
    check_no_numbers();
    check_whole_numbers();
    check_other_numbers();
    return check_report();
}
