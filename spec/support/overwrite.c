/*
 * overwrite.c - preloaded into a process whose C library is not glibc, which
 * does this itself when asked: what is freed is overwritten.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

void free(void *block)
{
    void (*next)(void *);

    if (!block)
        return;
    memset(block, 0xa5, malloc_usable_size(block));
    *(void **)&next = dlsym(RTLD_NEXT, "free");
    next(block);
}

/* Always another block, so that what is left behind is overwritten, too. */
void *realloc(void *block, size_t size)
{
    void *other = malloc(size);
    size_t old = block ? malloc_usable_size(block) : 0;

    if (other && block) {
        memcpy(other, block, old < size ? old : size);
        free(block);
    }
    return other;
}
