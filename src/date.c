/*
 * date.c - HTTP dates, Retry-After and google.protobuf.Duration.
 * Pure: libc only; no clock, no time zone, no locale, no allocation.
 */
#include "date.h"

#include "ascii.h"
#include "nanoseconds.h"

#include <string.h>

/* A Retry-After that asks for a longer wait means this one. */
static const int64_t max_wait = 1000000000;

/* Range of the seconds of a google.protobuf.Duration: about 10,000 years. */
static const int64_t max_duration = 315576000000;

struct moment {
    int year;
    int month; /* 0 to 11 */
    int day;   /* 1 to 31 */
    int hour;
    int minute;
    int second; /* 60 in a leap second */
};

static const char *const weekdays[] = {
    "Sunday",   "Monday", "Tuesday",  "Wednesday",
    "Thursday", "Friday", "Saturday", NULL,
};

static const char *const months[] = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
    "Aug", "Sep", "Oct", "Nov", "Dec", NULL,
};

/* Read exactly 'count' digits. NULL when they are not there. */
static const char *read_digits(const char *text, int count, int *number)
{
    *number = 0;
    for (int i = 0; i < count; i++) {
        if (!meet_ascii_is_digit(text[i]))
            return NULL;
        *number = *number * 10 + (text[i] - '0');
    }
    return text + count;
}

/* Read one of 'names', comparing the first 'length' letters (0: all). */
static const char *read_name(const char *text, const char *const *names,
                             size_t length, int *number)
{
    for (int i = 0; names[i]; i++) {
        size_t letters = length > 0 ? length : strlen(names[i]);

        if (strncmp(text, names[i], letters) == 0) {
            *number = i;
            return text + letters;
        }
    }
    return NULL;
}

/* Read a day of two digits, or of a space and one digit. */
static const char *read_padded_day(const char *text, int *day)
{
    if (*text == ' ')
        return read_digits(text + 1, 1, day);
    return read_digits(text, 2, day);
}

/*
 * Read a year of two digits. RFC 9110 moves one more than 50 years ahead into
 * the past, but there is no clock here: 00 to 69 are 20xx, 70 to 99 are 19xx.
 */
static const char *read_short_year(const char *text, int *year)
{
    const char *rest = read_digits(text, 2, year);

    *year += *year < 70 ? 2000 : 1900;
    return rest;
}

/* Read the field that a pattern's letter stands for. NULL: it is not there. */
static const char *read_field(char letter, const char *text,
                              struct moment *moment)
{
    int weekday; /* redundant in a date, so it is not checked */

    switch (letter) {
    case 'a':
        return read_name(text, weekdays, 3, &weekday);
    case 'A':
        return read_name(text, weekdays, 0, &weekday);
    case 'b':
        return read_name(text, months, 3, &moment->month);
    case 'd':
        return read_digits(text, 2, &moment->day);
    case 'e':
        return read_padded_day(text, &moment->day);
    case 'H':
        return read_digits(text, 2, &moment->hour);
    case 'M':
        return read_digits(text, 2, &moment->minute);
    case 'S':
        return read_digits(text, 2, &moment->second);
    case 'y':
        return read_short_year(text, &moment->year);
    default: /* 'Y' */
        return read_digits(text, 4, &moment->year);
    }
}

/* Match all of 'text' with a pattern like strptime's, but without a locale. */
static bool match(const char *text, const char *pattern, struct moment *moment)
{
    for (; text && *pattern; pattern++) {
        if (*pattern == '%') {
            pattern++;
            text = read_field(*pattern, text, moment);
        } else {
            text = *text == *pattern ? text + 1 : NULL;
        }
    }
    return text && *text == '\0';
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool is_possible(const struct moment *moment)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int last = days[moment->month];

    if (moment->month == 1 && is_leap(moment->year))
        last = 29;
    return moment->day >= 1 && moment->day <= last && moment->hour <= 23 &&
           moment->minute <= 59 && moment->second <= 60;
}

/* Days from 1 January of year 0 to 1 January of 'year', 0 to 9999. */
static int days_before_year(int year)
{
    int before = year - 1;

    if (year == 0)
        return 0;
    return year * 365 + before / 4 - before / 100 + before / 400 + 1;
}

static int64_t epoch_seconds(const struct moment *moment)
{
    static const int days_before_month[] = {0,   31,  59,  90,  120, 151,
                                            181, 212, 243, 273, 304, 334};
    int days = days_before_year(moment->year) - days_before_year(1970) +
               days_before_month[moment->month] + moment->day - 1;
    int seconds = (moment->hour * 60 + moment->minute) * 60 + moment->second;

    if (moment->month > 1 && is_leap(moment->year))
        days++;
    return (int64_t)days * 86400 + seconds;
}

bool meet_date_parse_http(const char *text, int64_t *seconds)
{
    static const char *const patterns[] = {
        "%a, %d %b %Y %H:%M:%S GMT", /* IMF-fixdate */
        "%A, %d-%b-%y %H:%M:%S GMT", /* RFC 850 */
        "%a %b %e %H:%M:%S %Y",      /* asctime, always UTC */
    };

    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        struct moment moment = {0};

        if (match(text, patterns[i], &moment)) {
            if (!is_possible(&moment))
                return false;
            *seconds = epoch_seconds(&moment);
            return true;
        }
    }
    return false;
}

/* Read the digits at '*at' and advance past them; negative when over 'most'. */
static int64_t read_number(const char *text, size_t length, size_t *at,
                           int64_t most)
{
    int64_t number = 0;

    while (*at < length && meet_ascii_is_digit(text[*at])) {
        /* Stops just over 'most', so that no run of digits overflows it. */
        if (number <= most)
            number = number * 10 + (text[*at] - '0');
        (*at)++;
    }
    return number <= most ? number : -1;
}

int64_t meet_date_retry_after(const char *text, int64_t wall)
{
    size_t length = strlen(text);
    size_t at = 0;
    int64_t seconds = read_number(text, length, &at, max_wait), wait;

    if (at > 0)
        return at < length   ? -1
               : seconds < 0 ? MEET_SECONDS(max_wait)
                             : MEET_SECONDS(seconds);
    if (!meet_date_parse_http(text, &seconds))
        return -1;
    wait = meet_ns_between(wall, meet_ns_multiply(MEET_SECONDS(1), seconds));
    if (wait <= 0)
        return 0;
    return meet_ns_earlier(wait, MEET_SECONDS(max_wait));
}

/* Read up to nine digits of a second's fraction at '*at' as nanoseconds. */
static int64_t read_nanoseconds(const char *text, size_t length, size_t *at)
{
    int64_t nanoseconds = 0;

    for (int place = 0; place < 9; place++) {
        nanoseconds *= 10;
        if (*at < length && meet_ascii_is_digit(text[*at])) {
            nanoseconds += text[*at] - '0';
            (*at)++;
        }
    }
    return nanoseconds;
}

int64_t meet_date_duration(const char *text, size_t length)
{
    size_t at = 0;
    int64_t seconds = read_number(text, length, &at, max_duration);
    int64_t nanoseconds = 0;

    if (at == 0 || seconds < 0)
        return -1;
    if (at < length && text[at] == '.') {
        size_t fraction = at + 1;

        at++;
        nanoseconds = read_nanoseconds(text, length, &at);
        if (at == fraction)
            return -1;
    }
    if (at + 1 != length || text[at] != 's')
        return -1;
    return meet_ns_add(meet_ns_multiply(MEET_SECONDS(1), seconds), nanoseconds);
}
