/*
 * scarce.h - memory that runs out when a test says so.
 * Include it after the system's headers and before the source under test (the
 * .c file itself): what that allocates then counts.
 */
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* How many more allocations succeed. */
static size_t scarce_left = SIZE_MAX;

static inline bool scarce_take(void)
{
    if (scarce_left == 0)
        return false;
    scarce_left--;
    return true;
}

static inline void *scarce_malloc(size_t size)
{
    return scarce_take() ? malloc(size) : NULL;
}

static inline void *scarce_calloc(size_t count, size_t size)
{
    return scarce_take() ? calloc(count, size) : NULL;
}

static inline void *scarce_realloc(void *memory, size_t size)
{
    return scarce_take() ? realloc(memory, size) : NULL;
}

static inline char *scarce_strdup(const char *text)
{
    return scarce_take() ? strdup(text) : NULL;
}

static inline char *scarce_strndup(const char *text, size_t most)
{
    return scarce_take() ? strndup(text, most) : NULL;
}

#define malloc(size)          scarce_malloc(size)
#define calloc(count, size)   scarce_calloc(count, size)
#define realloc(memory, size) scarce_realloc(memory, size)
#undef strdup
#undef strndup
#define strdup(text)        scarce_strdup(text)
#define strndup(text, most) scarce_strndup(text, most)
