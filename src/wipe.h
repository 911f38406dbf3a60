/*
 * wipe.h - overwrites a secret. For gcc and clang: not every system has
 * explicit_bzero.
 */
#pragma once

#include <string.h>

/*
 * They do not leave it out where nothing reads the bytes again, nor take malloc
 * and it together for calloc: to them the address may be any, and read by
 * others.
 */
static inline void meet_wipe(void *bytes, size_t size)
{
    __asm__ volatile("" : "+r"(bytes));
    memset(bytes, 0, size);
    __asm__ volatile("" : : "r"(bytes) : "memory");
}
