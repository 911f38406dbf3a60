/*
 * wipe.h - overwrites a secret. Pure C: not every system has explicit_bzero.
 */
#pragma once

#include <string.h>

/*
 * No compiler leaves it out, even where nothing reads the bytes again, or takes
 * malloc and it together for calloc: none knows what is called.
 */
static inline void meet_wipe(void *bytes, size_t size)
{
    static void *(*const volatile set)(void *, int, size_t) = memset;

    set(bytes, 0, size);
}
