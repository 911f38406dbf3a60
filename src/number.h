/*
 * number.h - the numbers of JSON (RFC 8259 section 6): their form, and their
 * exact value where it is whole. Pure: no locale, no float.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Where the parts of a number are: [-]digits[.digits][(e|E)[+|-]digits]. */
struct meet_number {
    const char *start;      /* the minus, or the first digit */
    const char *point;      /* NULL: it has none */
    const char *digits_end; /* of the digits before the exponent */
    const char *end;        /* one past the number */
    int64_t exponent; /* of ten, as written; stops at a milliard either way */
};

/*
 * Find the number that begins at 'text', which ends with a NUL byte. False:
 * none does, and 'end' is where a digit is missing.
 */
bool meet_number_find(const char *text, struct meet_number *number);

/* True when it is written without a point and an exponent. */
bool meet_number_is_plain(const struct meet_number *number);

/* Its value if that is whole, however written, and fits 64 bits. */
bool meet_number_whole(const struct meet_number *number, int64_t *whole);
