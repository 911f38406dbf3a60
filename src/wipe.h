/*
 * wipe.h - overwrites a secret. Pure C: not every system has explicit_bzero.
 */
#pragma once

#include <stddef.h>

/* No compiler leaves it out, even where nothing reads the bytes again. */
static inline void meet_wipe(void *bytes, size_t size)
{
    volatile unsigned char *at = bytes;

    while (size-- > 0)
        *at++ = 0;
}
