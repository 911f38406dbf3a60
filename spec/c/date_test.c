/*
 * date_test.c - HTTP dates, Retry-After and durations.
 */
#include "check.h"
#include "date.h"
#include "seconds.h"

#include <locale.h>
#include <math.h>

static void check_dates(void)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } cases[] = {
        {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
        {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
        {"Sun Nov  6 08:49:37 1994", 784111777},
        {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
        {"Thursday, 01-Jan-70 00:00:00 GMT", 0},
        {"Thu Jan  1 00:00:00 1970", 0},
        {"Wed, 31 Dec 1969 23:59:59 GMT", -1},
        {"Tue, 29 Feb 2000 12:00:00 GMT", 951825600},
        {"Thu, 29 Feb 2024 23:59:59 GMT", 1709251199},
        {"Thu Feb 29 23:59:59 2024", 1709251199},
        {"Wed, 01 Jul 2026 00:00:00 GMT", 1782864000},
        {"Tue, 19 Jan 2038 03:14:08 GMT", 2147483648},
        {"Thu, 01 Mar 1900 00:00:00 GMT", -2203891200},
        {"Mon, 01 Mar 2100 00:00:00 GMT", 4107542400},
        {"Fri, 31 Dec 9999 23:59:59 GMT", 253402300799},
        {"Mon, 01 Jan 0001 00:00:00 GMT", -62135596800},
        {"Wed, 01 Mar 0000 00:00:00 GMT", -62162035200},
        {"Sat, 01 Jan 0000 00:00:00 GMT", -62167219200},
        {"Sat, 31 Dec 2016 23:59:60 GMT", 1483228800}, /* leap second */
        {"Mon, 06 Nov 1994 08:49:37 GMT", 784111777},  /* was a Sunday */
        {"Tuesday, 31-Dec-69 00:00:00 GMT", 3155673600},
        {"Sunday, 26-Mar-00 00:00:00 GMT", 954028800},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t seconds = 42;

        CHECK(meet_date_parse_http(cases[i].text, &seconds), "%s is a date",
              cases[i].text);
        CHECK(seconds == cases[i].seconds, "%s: %lld expected, got %lld",
              cases[i].text, (long long)cases[i].seconds, (long long)seconds);
    }
}

static void check_no_dates(void)
{
    static const char *const cases[] = {
        "",
        "0",
        "784111777",
        "1994-11-06T08:49:37Z",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 gmt",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sun, 06 Nov 1994 08:49:37 GMTx",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        " Sun, 06 Nov 1994 08:49:37 GMT",
        "sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun,  6 Nov 1994 08:49:37 GMT",
        "Sun 06 Nov 1994 08:49:37 GMT",
        "Sun,06 Nov 1994 08:49:37 GMT",
        "Sun, 06-Nov-1994 08:49:37 GMT",
        "Sun, 06-Nov-94 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 06 Nov 19940 08:49:37 GMT",
        "Sun, 06 Nov 1994 8:49:37 GMT",
        "Sun, 06 Nov 1994 08:49 GMT",
        "Sun, 06 Nov 1994 08:49:37.5 GMT",
        "Sun, +6 Nov 1994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Wed, 31 Nov 1994 08:49:37 GMT",
        "Wed, 32 Dec 1994 08:49:37 GMT",
        "Wed, 29 Feb 2023 08:49:37 GMT",
        "Wed, 29 Feb 2100 08:49:37 GMT",
        "Wed, 30 Feb 2000 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT",
        "Foo, 06 Nov 1994 08:49:37 GMT",
        "Sun",
        "Sun, 06 Nov",
        "Sun, 0",
        "Sunday, 06-Nov-1994 08:49:37 GMT",
        "Sunday, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37",
        "Sunda, 06-Nov-94 08:49:37 GMT",
        "Sunday",
        "Sun Nov 6 08:49:37 1994",
        "Sun Nov  6 08:49:37 1994 GMT",
        "Sun Nov  6 08:49:37 94",
        "Sun Nov  0 08:49:37 1994",
        "Sun Nov 31 08:49:37 1994",
        "Sun, Nov  6 08:49:37 1994",
        "%a, %d %b %Y %H:%M:%S GMT",
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t seconds = 42;

        CHECK(!meet_date_parse_http(cases[i], &seconds), "\"%s\" is no date",
              cases[i]);
        CHECK(seconds == 42, "\"%s\" leaves the seconds alone", cases[i]);
    }
}

static void check_retry_after(void)
{
    static const struct {
        const char *text;
        double wall;
        double seconds; /* -1: invalid */
    } cases[] = {
        {"0", 0, 0},
        {"1", 0, 1},
        {"120", 784111777, 120},
        {"0007", 0, 7},
        {"1000000000", 0, 1e9},
        {"00000000000000000000000000000000003", 0, 3},
        {"1000000001", 0, 1e9}, /* no longer wait is distinguished */
        {"10000000000", 0, 1e9},
        {"99999999999999999999999999999999999999999999", 0, 1e9},
        {"99999999999999999999999999999999999999999999s", 0, -1},
        {"", 0, -1},
        {"-1", 0, -1},
        {"+1", 0, -1},
        {"1.5", 0, -1},
        {" 1", 0, -1},
        {"1 ", 0, -1},
        {"1s", 0, -1},
        {"1, 2", 0, -1},
        {"0x10", 0, -1},
        {"1e3", 0, -1},
        {"soon", 0, -1},
        {"inf", 0, -1},
        {"nan", 0, -1},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 784111770, 7},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 784111776.75, 0.25},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777, 0},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 784111778, 0},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 1782864000, 0},
        {"Sunday, 06-Nov-94 08:49:37 GMT", 784111770, 7},
        {"Sun Nov  6 08:49:37 1994", 784111770, 7},
        {"Sun, 06 Nov 1994 08:49:37", 784111770, -1},
        {"Fri, 31 Dec 9999 23:59:59 GMT", 784111770, 1e9},
        {"Sun, 06 Nov 1994 08:49:37 GMT", -215888223, 1e9},
        {"Sun, 06 Nov 1994 08:49:37 GMT", -215888224, 1e9},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double seconds =
            in_seconds(meet_date_retry_after(cases[i].text, ns(cases[i].wall)));

        CHECK(cases[i].seconds < 0 ? seconds < 0 : seconds == cases[i].seconds,
              "\"%s\" at %.2f: %g expected, got %g", cases[i].text,
              cases[i].wall, cases[i].seconds, seconds);
    }
}

static void check_durations(void)
{
    static const struct {
        const char *text;
        double seconds; /* -1: invalid */
    } cases[] = {
        {"0s", 0},
        {"3s", 3},
        {"7.250s", 7.25},
        {"0.5s", 0.5},
        {"0.1s", 0.1},
        {"1.000340012s", 1.000340012},
        {"3.000000001s", 3.000000001},
        {"0.000000001s", 1e-9},
        {"0.999999999s", 0.999999999},
        {"1.000000000s", 1},
        {"60s", 60},
        {"007s", 7},
        {"9223372036s", 9223372036},
        {"9223372037s", HUGE_VAL}, /* 292 years are for ever */
        {"315576000000s", HUGE_VAL},
        {"315576000000.000s", HUGE_VAL},
        {"315576000001s", -1},
        {"3155760000000s", -1},
        {"99999999999999999999999999s", -1},
        {"", -1},
        {"s", -1},
        {".s", -1},
        {"3", -1},
        {"3.5", -1},
        {"3.s", -1},
        {".5s", -1},
        {"3.0000000001s", -1}, /* ten digits */
        {"3.0000000000s", -1},
        {"-3s", -1},
        {"-0.5s", -1},
        {"+3s", -1},
        {"3S", -1},
        {"3ss", -1},
        {"3s ", -1},
        {" 3s", -1},
        {"3 s", -1},
        {"3,5s", -1},
        {"3.5.5s", -1},
        {"3.-5s", -1},
        {"3ms", -1},
        {"3m", -1},
        {"0x3s", -1},
        {"1e3s", -1},
        {"infs", -1},
        {"nans", -1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *text = cases[i].text;
        char *copy = check_copy(text, strlen(text));
        double seconds = in_seconds(meet_date_duration(copy, strlen(text)));

        free(copy);

        CHECK(cases[i].seconds < 0 ? seconds < 0 : seconds == cases[i].seconds,
              "\"%s\": %.9f expected, got %.9f", text, cases[i].seconds,
              seconds);
    }
}

static void check_duration_lengths(void)
{
    CHECK(meet_date_duration("3s9", 2) == ns(3), "only the length counts");
    CHECK(meet_date_duration("3.5s", 3) < 0, "the s is beyond the end");
    CHECK(meet_date_duration("3.5s", 2) < 0, "the fraction is beyond the end");
    CHECK(meet_date_duration("3s\0", 3) < 0, "a NUL is no part of it");
    CHECK(meet_date_duration("3\0s", 3) < 0, "a NUL ends nothing");
    CHECK(meet_date_duration(NULL, 0) < 0, "nothing is no duration");
}

int main(void)
{
    /* Where there is such a locale, its names and its comma play no part. */
    setlocale(LC_ALL, "de_DE.UTF-8");
    check_dates();
    check_no_dates();
    check_retry_after();
    check_durations();
    check_duration_lengths();
    return check_report();
}
