/*
 * memory_test.c - what libcurl's memory keeps when it moves, and when it
 * cannot.
 */
#include "check.h"
#include "scarce.h"
#include "../../src/memory.c"

int main(void)
{
    char *memory = meet_memory_realloc(NULL, 10), *moved;

    strcpy(memory, "123456789");
    CHECK(meet_memory_realloc(memory, 5) == memory, "less is there already");
    scarce_left = 0;
    CHECK(!meet_memory_realloc(memory, 10000), "no memory");
    CHECK_STRING(memory, "123456789", "it is still there");
    scarce_left = SIZE_MAX;
    moved = meet_memory_realloc(memory, 10000);
    CHECK_STRING(moved, "123456789", "it has moved");
    meet_memory_free(moved);
    meet_memory_free(NULL);
    return check_report();
}
