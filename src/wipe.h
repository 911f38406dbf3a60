/*
 * wipe.h - overwrites a secret. For gcc and clang: not every system has
 * explicit_bzero.
 */
#pragma once

#include <string.h>

/* No compiler leaves it out, even where nothing reads the bytes again. */
static inline void meet_wipe(void *bytes, size_t size)
{
    memset(bytes, 0, size);
    __asm__ __volatile__("" : : "r"(bytes) : "memory");
}
