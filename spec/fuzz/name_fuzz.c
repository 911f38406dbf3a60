/*
 * name_fuzz.c - a resolved name stays inside the path it is put in, and is
 * resolved into itself.
 */
#include "name.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* True when a segment is "." or "..": a server or proxy may climb by it. */
static bool climbs(const char *name)
{
    for (;;) {
        size_t length = strcspn(name, "/");

        if ((length == 1 || length == 2) && strspn(name, ".") == length)
            return true;
        if (name[length] == '\0')
            return false;
        name += length + 1;
    }
}

static void check_again(const char *pattern, const char *resolved, bool code)
{
    struct meet_buffer again;
    struct meet_error err;
    bool again_code = !code;

    meet_buffer_init(&again, 4096);
    if (meet_name_resolve(&again, pattern, resolved, strlen(resolved),
                          &again_code, &err) != 0 ||
        strcmp(meet_buffer_string(&again), resolved) != 0 || again_code != code)
        abort();
    meet_buffer_deinit(&again);
}

static void check(const char *pattern, const char *text, size_t length)
{
    struct meet_buffer name;
    struct meet_error err;
    bool code = false;

    meet_buffer_init(&name, 4096);
    if (meet_name_resolve(&name, pattern, text, length, &code, &err) == 0) {
        const char *resolved = meet_buffer_string(&name);

        if (strlen(resolved) != name.length || name.length == 0 ||
            climbs(resolved) || strstr(resolved, "//") ||
            strpbrk(resolved, "?#%\\ \r\n\t"))
            abort();
        check_again(pattern, resolved, code);
    }
    meet_buffer_deinit(&name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;

    check("spaces/*", text, size);
    check("spaces/*/members/*", text, size);
    check("conferenceRecords/*/participants/*", text, size);
    check("*", text, size);
    return 0;
}
