/* app.c - see app.h. */
#include "app.h"

#include <string.h>

static const struct {
    const char *name, *entry, *connection;
} rows[MEET_APPS] = {
    [MEET_APP_MEET] = {"google-meet", NULL, "connection"},
    [MEET_APP_DRIVE] = {"google-drive", "drive", "connection of google-drive"},
    [MEET_APP_DOCS] = {"google-docs", "docs", "connection of google-docs"},
    [MEET_APP_CALENDAR] = {"google-calendar", "calendar",
                           "connection of google-calendar"},
    [MEET_APP_GATEWAY] = {"connections", NULL, "connection"},
};

const char *meet_app_name(enum meet_app app)
{
    return rows[app].name;
}

const char *meet_app_entry(enum meet_app app)
{
    return rows[app].entry;
}

const char *meet_app_connection(enum meet_app app)
{
    return rows[app].connection;
}

enum meet_app meet_app_of_path(const char *path, size_t length)
{
    const char *end = length > 0 ? memchr(path + 1, '/', length - 1) : NULL;
    size_t size = end ? (size_t)(end - path) : length;

    for (int app = 0; app < MEET_APPS; app++)
        if (size == strlen(rows[app].name) + 1 &&
            memcmp(path + 1, rows[app].name, size - 1) == 0)
            return (enum meet_app)app;
    return MEET_APP_MEET;
}
