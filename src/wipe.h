/*
 * wipe.h - overwrites a secret. For gcc and clang: not every system has
 * explicit_bzero.
 */
#pragma once

#include <string.h>

/*
 * The assembler lines have no code: they keep the compiler from leaving the
 * zeros out, as nothing reads them, and from making calloc of malloc and them.
 */
static inline void meet_wipe(void *bytes, size_t size)
{
    __asm__ volatile("" : "+r"(bytes));
    memset(bytes, 0, size);
    __asm__ volatile("" : : "r"(bytes) : "memory");
}
