/* settings.c - see settings.h. */
#include "settings.h"

#include "auth.h"
#include "url.h"
#include "wipe.h"

#include <stdlib.h>
#include <string.h>

void meet_settings_init(struct meet_settings *settings)
{
    static const struct meet_settings defaults = {
        .connect_timeout = MEET_SECONDS(10),
        .deadline = MEET_SECONDS(600),
        .retry = {.max_attempts = 5,
                  .initial = MEET_SECONDS(1),
                  .multiplier = 1.3,
                  .max = MEET_SECONDS(10)},
        .rate = {.per_second = 10,
                 .reads_per_minute = 600,
                 .writes_per_minute = 100,
                 .creates_per_minute = 10},
        .max_response_bytes = 32 * 1024 * 1024,
    };

    *settings = defaults;
}

/* Pointers to all strings of the settings, so that copy and free are loops. */
enum { STRINGS = 8 + MEET_APPS };

static void list_strings(struct meet_settings *settings, const char **at[])
{
    at[0] = &settings->api_key;
    at[1] = &settings->base_url;
    at[2] = &settings->proxy;
    at[3] = &settings->no_proxy;
    at[4] = &settings->ca_file;
    at[5] = &settings->ca_path;
    at[6] = &settings->user_agent;
    at[7] = &settings->environment_proxy;
    for (int app = 0; app < MEET_APPS; app++)
        at[8 + app] = &settings->connections[app];
}

void meet_settings_forget_strings(struct meet_settings *settings)
{
    const char **strings[STRINGS];

    list_strings(settings, strings);
    for (int i = 0; i < STRINGS; i++)
        *strings[i] = NULL;
}

void meet_settings_inherit_strings(struct meet_settings *settings,
                                   const struct meet_settings *base)
{
    struct meet_settings inherited = *base;
    const char **strings[STRINGS], **from[STRINGS];

    list_strings(settings, strings);
    list_strings(&inherited, from);
    for (int i = 0; i < STRINGS; i++)
        if (!*strings[i])
            *strings[i] = *from[i];
}

void meet_settings_wipe(const char **string)
{
    char *bytes = (char *)*string;

    if (!bytes)
        return;
    meet_wipe(bytes, strlen(bytes));
    free(bytes);
    *string = NULL;
}

int meet_settings_own_strings(struct meet_settings *settings)
{
    const char **strings[STRINGS];
    int failed = 0;

    list_strings(settings, strings);
    for (int i = 0; i < STRINGS; i++)
        if (*strings[i] && !(*strings[i] = strdup(*strings[i])))
            failed = -1;
    return failed;
}

void meet_settings_wipe_strings(struct meet_settings *settings)
{
    const char **strings[STRINGS];

    list_strings(settings, strings);
    for (int i = 0; i < STRINGS; i++)
        meet_settings_wipe(strings[i]);
}

static int check_text(const char *what, const char *text,
                      struct meet_error *err)
{
    for (const char *c = text ? text : ""; *c; c++) {
        if ((unsigned char)*c < ' ' || *c == 127) {
            meet_error_set(err, MEET_CONFIG, "%s has a control byte", what);
            return -1;
        }
    }
    return 0;
}

static int check_connections(const struct meet_settings *settings,
                             struct meet_error *err)
{
    for (int app = 0; app < MEET_APPS; app++) {
        const char *id = settings->connections[app];

        if (id && meet_auth_check(meet_app_connection((enum meet_app)app), id,
                                  strlen(id), err) < 0)
            return -1;
    }
    return 0;
}

int meet_settings_check(const struct meet_settings *settings,
                        struct meet_error *err)
{
    if (settings->api_key &&
        meet_auth_check("API key", settings->api_key, strlen(settings->api_key),
                        err) < 0)
        return -1;
    if (check_connections(settings, err) < 0 ||
        check_text("user_agent", settings->user_agent, err) < 0 ||
        check_text("proxy", settings->proxy, err) < 0)
        return -1;
    return meet_url_check_base(settings->base_url, strlen(settings->base_url),
                               err);
}
