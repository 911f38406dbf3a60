/* memory.c - see memory.h. */
#include "memory.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

void meet_memory_free(void *memory)
{
    /* Through a volatile pointer, or a compiler would find it useless. */
    void *(*volatile set)(void *, int, size_t) = memset;

    if (memory)
        set(memory, 0, malloc_usable_size(memory));
    free(memory);
}

void *meet_memory_realloc(void *memory, size_t size)
{
    size_t room = memory ? malloc_usable_size(memory) : 0;
    void *moved;

    if (memory && size <= room)
        return memory;
    moved = malloc(size);
    if (!moved)
        return NULL;
    if (memory)
        memcpy(moved, memory, room);
    meet_memory_free(memory);
    return moved;
}
