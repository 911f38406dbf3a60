/*
 * checksum.h - a checksum that shows torn and mixed files, bytes that a disk
 * has lost, and where a text that is wiped stands: FNV-1a in 64 bits. It is no
 * defence against who writes the file and the checksum. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The checksum of 'length' bytes. */
static inline uint64_t meet_checksum(const void *bytes, size_t length)
{
    const unsigned char *next = bytes;
    uint64_t sum = 14695981039346656037ULL;

    for (size_t i = 0; i < length; i++)
        sum = (sum ^ next[i]) * 1099511628211ULL;
    return sum;
}
