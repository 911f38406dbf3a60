/*
 * ascii.h - letters and digits of ASCII: ctype.h and strings.h depend on the
 * locale, and in a Turkish one an I is no capital i. A byte is a char or an
 * int.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

static inline bool meet_ascii_is_digit(int byte)
{
    return byte >= '0' && byte <= '9';
}

/* A capital as its small letter; any other byte as it is. */
static inline int meet_ascii_lower(int byte)
{
    return byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte;
}

static inline bool meet_ascii_is_letter(int byte)
{
    return meet_ascii_lower(byte) >= 'a' && meet_ascii_lower(byte) <= 'z';
}

static inline bool meet_ascii_is_alphanumeric(int byte)
{
    return meet_ascii_is_digit(byte) || meet_ascii_is_letter(byte);
}

/* The value of a hexadecimal digit, or -1. */
static inline int meet_ascii_hex(int byte)
{
    if (meet_ascii_is_digit(byte))
        return byte - '0';
    byte = meet_ascii_lower(byte);
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* True when the text begins with 'prefix', ignoring case. */
static inline bool meet_ascii_starts(const char *text, size_t length,
                                     const char *prefix)
{
    size_t i = 0;

    while (i < length && prefix[i] &&
           meet_ascii_lower(text[i]) == meet_ascii_lower(prefix[i]))
        i++;
    return !prefix[i];
}

/* True when the strings are the same, ignoring case. */
static inline bool meet_ascii_equal(const char *one, const char *other)
{
    for (; *one && meet_ascii_lower(*one) == meet_ascii_lower(*other); one++)
        other++;
    return meet_ascii_lower(*one) == meet_ascii_lower(*other);
}
