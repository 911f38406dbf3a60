/*
 * app.h - the apps behind the gateway that need a separate connection:
 * which one a path belongs to, and what they are called. Pure.
 */
#pragma once

#include <stddef.h>

/* Index of the values that a client holds for each app. */
enum meet_app {
    MEET_APP_MEET, /* google-meet, and any app that has no row here */
    MEET_APP_DRIVE,
    MEET_APP_DOCS,
    MEET_APP_CALENDAR,
    MEET_APP_GATEWAY, /* the gateway's own paths, which take no connection */
    MEET_APPS
};

/* The first segment of its paths, which is its name: "google-drive". */
const char *meet_app_name(enum meet_app app);

/* Its name in the option 'connections': "drive"; NULL: it is not there. */
const char *meet_app_entry(enum meet_app app);

/* Its connection in a message: "connection", "connection of google-drive". */
const char *meet_app_connection(enum meet_app app);

/* The app of a path, which begins with '/' and ends before its query. */
enum meet_app meet_app_of_path(const char *path, size_t length);
