/*
 * utf8.h - the characters of UTF-8 (RFC 3629 section 4).
 */
#pragma once

#include <stddef.h>

/* Bytes of the character that begins at 'text', of which 'left' > 0 bytes are
   there; 0: none does. */
static inline size_t meet_utf8_size(const char *text, size_t left)
{
    const unsigned char *byte = (const unsigned char *)text;
    unsigned char lead = byte[0];
    size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

    if ((lead >= 0x80 && lead < 0xC2) || lead > 0xF4 || left < size)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((byte[i] & 0xC0) != 0x80)
            return 0;
    if ((lead == 0xE0 && byte[1] < 0xA0) || (lead == 0xED && byte[1] > 0x9F) ||
        (lead == 0xF0 && byte[1] < 0x90) || (lead == 0xF4 && byte[1] > 0x8F))
        return 0;
    return size;
}
