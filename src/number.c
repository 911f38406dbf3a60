/* number.c - see number.h. */
#include "number.h"

#include "ascii.h"

#include <stddef.h>

static const int64_t largest_exponent = 1000000000;

/* Skip digits; false when there is none. */
static bool skip_digits(const char **at)
{
    const char *first = *at;

    while (meet_ascii_is_digit(**at))
        (*at)++;
    return *at > first;
}

static bool find_exponent(struct meet_number *number)
{
    bool negative = *++number->end == '-';

    if (negative || *number->end == '+')
        number->end++;
    if (!meet_ascii_is_digit(*number->end))
        return false;
    for (; meet_ascii_is_digit(*number->end); number->end++)
        if (number->exponent < largest_exponent / 10)
            number->exponent = number->exponent * 10 + (*number->end - '0');
        else
            number->exponent = largest_exponent;
    if (negative)
        number->exponent = -number->exponent;
    return true;
}

bool meet_number_find(const char *text, struct meet_number *number)
{
    *number = (struct meet_number){.start = text, .end = text};
    if (*number->end == '-')
        number->end++;
    if (*number->end == '0') /* no digit follows it */
        number->end++;
    else if (!skip_digits(&number->end))
        return false;
    if (*number->end == '.') {
        number->point = number->end++;
        if (!skip_digits(&number->end))
            return false;
    }
    number->digits_end = number->end;
    return (*number->end != 'e' && *number->end != 'E') ||
           find_exponent(number);
}

bool meet_number_is_plain(const struct meet_number *number)
{
    return !number->point && number->digits_end == number->end;
}

/* value = value * 10 + digit, unless that is over 2^63. */
static bool append(uint64_t *value, unsigned digit)
{
    const uint64_t most = (uint64_t)1 << 63;

    if (*value > (most - digit) / 10)
        return false;
    *value = *value * 10 + digit;
    return true;
}

bool meet_number_whole(const struct meet_number *number, int64_t *whole)
{
    bool negative = *number->start == '-';
    int64_t exponent = number->exponent;
    int64_t zeros = 0; /* read, and not yet a part of 'value' */
    uint64_t value = 0;

    for (const char *at = number->start; at < number->digits_end; at++) {
        if (!meet_ascii_is_digit(*at))
            continue;
        if (number->point && at > number->point)
            exponent--;
        if (*at == '0') {
            zeros++;
            continue;
        }
        for (; value > 0 && zeros > 0; zeros--)
            if (!append(&value, 0))
                return false;
        zeros = 0;
        if (!append(&value, (unsigned)(*at - '0')))
            return false;
    }
    exponent += zeros;
    if (value > 0 && exponent < 0)
        return false;
    for (; value > 0 && exponent > 0; exponent--)
        if (!append(&value, 0))
            return false;
    if (value > (uint64_t)INT64_MAX + negative)
        return false;
    *whole = (int64_t)(negative ? 0 - value : value);
    return true;
}
