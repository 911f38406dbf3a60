/*
 * memory.h - memory for libcurl: overwritten before it is given back, since
 * the key stands in requests, and tokens in answers.
 * Pure: libc only. Thread-safe.
 */
#pragma once

#include <stddef.h>

/* As free() and realloc(). */
void meet_memory_free(void *memory);
void *meet_memory_realloc(void *memory, size_t size);
