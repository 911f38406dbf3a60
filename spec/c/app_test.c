/* app_test.c - which app a path belongs to, and what apps are called. */
#include "app.h"
#include "check.h"

static void check_paths(void)
{
    static const struct {
        const char *path;
        enum meet_app app;
    } cases[] = {
        {"/google-meet/v2/spaces/x", MEET_APP_MEET},
        {"/google-drive/drive/v3/files", MEET_APP_DRIVE},
        {"/google-drive/", MEET_APP_DRIVE},
        {"/google-drive", MEET_APP_DRIVE},
        {"/google-docs/v1/documents/d", MEET_APP_DOCS},
        {"/google-calendar/calendar/v3/events", MEET_APP_CALENDAR},
        {"/connections", MEET_APP_GATEWAY},
        {"/connections/c1", MEET_APP_GATEWAY},
        {"/google-drives/v3", MEET_APP_MEET},
        {"/google-driv/e", MEET_APP_MEET},
        {"/google-mail/google-drive", MEET_APP_MEET},
        {"/connection", MEET_APP_MEET},
        {"/Connections", MEET_APP_MEET},
        {"/", MEET_APP_MEET},
        {"", MEET_APP_MEET},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK(meet_app_of_path(cases[i].path, strlen(cases[i].path)) ==
                  cases[i].app,
              "'%s'", cases[i].path);
    CHECK(meet_app_of_path("/google-drivel", 13) == MEET_APP_DRIVE,
          "nothing is read behind the end");
}

/* Two that are called alike would overwrite each other's connection. */
static void check_names(void)
{
    for (int i = 0; i < MEET_APP_GATEWAY; i++) {
        for (int j = 0; j < i; j++)
            CHECK(strcmp(meet_app_connection((enum meet_app)i),
                         meet_app_connection((enum meet_app)j)) != 0,
                  "%d and %d", i, j);
        CHECK((i == MEET_APP_MEET) == !meet_app_entry((enum meet_app)i),
              "%d: all but one are in 'connections'", i);
    }
    CHECK_STRING(meet_app_name(MEET_APP_DRIVE), "google-drive", "name");
    CHECK_STRING(meet_app_entry(MEET_APP_DRIVE), "drive", "entry");
}

int main(void)
{
    check_paths();
    check_names();
    return check_report();
}
