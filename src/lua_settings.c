/* lua_settings.c - see lua_settings.h. */
#include "lua_settings.h"

#include "auth.h"
#include "lua_error.h"
#include "lua_options.h"
#include "url.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#define AT(field)       offsetof(struct meet_settings, field)
#define FUNCTION        MEET_OPTION_FUNCTION
#define CONNECTION      (MEET_OPTION_STRING | MEET_OPTION_ID | FUNCTION)
#define LONGEST_SECONDS 86400.0

static const struct meet_lua_option client_rows[] = {
    {"api_key", MEET_OPTION_STRING | FUNCTION, AT(api_key), 0, 0, 0},
    {"connection", CONNECTION, AT(connections[MEET_APP_MEET]), 0, 0, 0},
    {"connections", MEET_OPTION_TABLE, 0, 0, 0, 0},
    {"base_url", MEET_OPTION_STRING, AT(base_url), 0, 0, 0},
    {"timeout", MEET_OPTION_SECONDS, AT(timeout), 0.001, LONGEST_SECONDS, 0},
    {"connect_timeout", MEET_OPTION_SECONDS, AT(connect_timeout), 0.001,
     LONGEST_SECONDS, 0},
    {"deadline", MEET_OPTION_SECONDS, AT(deadline), 0.001, LONGEST_SECONDS, 0},
    {"retry", MEET_OPTION_TABLE | MEET_OPTION_FALSE, 0, 0, 0, 0},
    {"rate", MEET_OPTION_TABLE | MEET_OPTION_FALSE, 0, 0, 0, 0},
    {"proxy", MEET_OPTION_STRING, AT(proxy), 0, 0, 0},
    {"no_proxy", MEET_OPTION_STRING, AT(no_proxy), 0, 0, 0},
    {"ca_file", MEET_OPTION_STRING, AT(ca_file), 0, 0, 0},
    {"ca_path", MEET_OPTION_STRING, AT(ca_path), 0, 0, 0},
    {"max_response_bytes", MEET_OPTION_COUNT, AT(max_response_bytes), 1024,
     2147483647, 0},
    {"user_agent", MEET_OPTION_STRING, AT(user_agent), 0, 0, 0},
    {"on_event", FUNCTION, 0, 0, 0, 0},
    {"transport", FUNCTION, 0, 0, 0, 0},
    {"clock", MEET_OPTION_TABLE, 0, 0, 0, 0},
    {NULL, 0, 0, 0, 0, 0},
};

/* An app with an entry has a row here. */
static const struct meet_lua_option connection_rows[] = {
    {"drive", CONNECTION, AT(connections[MEET_APP_DRIVE]), 0, 0, 0},
    {"docs", CONNECTION, AT(connections[MEET_APP_DOCS]), 0, 0, 0},
    {"calendar", CONNECTION, AT(connections[MEET_APP_CALENDAR]), 0, 0, 0},
    {NULL, 0, 0, 0, 0, 0},
};

static const struct meet_lua_option retry_rows[] = {
    {"max_attempts", MEET_OPTION_COUNT, AT(retry.max_attempts), 1, 100, 0},
    {"initial", MEET_OPTION_SECONDS, AT(retry.initial), 0, 3600, 0},
    {"multiplier", MEET_OPTION_NUMBER, AT(retry.multiplier), 1, 100, 0},
    {"max", MEET_OPTION_SECONDS, AT(retry.max), 0, 3600, 0},
    {NULL, 0, 0, 0, 0, 0},
};

static const struct meet_lua_option rate_rows[] = {
    {"per_second", MEET_OPTION_COUNT, AT(rate.per_second), 1, 10000, 0},
    {"reads_per_minute", MEET_OPTION_COUNT, AT(rate.reads_per_minute), 1,
     100000, 0},
    {"writes_per_minute", MEET_OPTION_COUNT, AT(rate.writes_per_minute), 1,
     100000, 0},
    {"creates_per_minute", MEET_OPTION_COUNT, AT(rate.creates_per_minute), 1,
     100000, 0},
    {"limiter", MEET_OPTION_TABLE | MEET_OPTION_FALSE, 0, 0, 0, 0},
    {NULL, 0, 0, 0, 0, 0},
};

static const struct meet_lua_option clock_rows[] = {
    {"now", FUNCTION, 0, 0, 0, 0},
    {"sleep", FUNCTION, 0, 0, 0, 0},
    {NULL, 0, 0, 0, 0, 0},
};

/* Read the option 'name', a table or false, by its rows. */
static void read_part(lua_State *L, int options, const char *name,
                      const struct meet_lua_option *rows, void *target)
{
    meet_lua_options_get(L, options, name);
    if (lua_istable(L, -1))
        meet_lua_options_read(L, -1, name, rows, 0, target);
    lua_pop(L, 1);
}

/* Strings are borrowed from a copy, which takes the table's place. */
static void read_connections(lua_State *L, int options,
                             struct meet_settings *settings)
{
    if (meet_lua_options_get(L, options, "connections") != LUA_TTABLE) {
        lua_pop(L, 1);
        return;
    }
    meet_lua_options_copy(L, lua_gettop(L));
    meet_lua_options_read(L, -1, "connections", connection_rows, 0, settings);
    lua_setfield(L, options, "connections");
}

static bool is_false(lua_State *L, int options, const char *name)
{
    bool no = meet_lua_options_get(L, options, name) == LUA_TBOOLEAN;

    lua_pop(L, 1);
    return no;
}

static void read_clock(lua_State *L, int options)
{
    if (meet_lua_options_get(L, options, "clock") == LUA_TTABLE) {
        meet_lua_options_read(L, -1, "clock", clock_rows, 0, NULL);
        if (meet_lua_options_get(L, -1, "now") != LUA_TFUNCTION ||
            meet_lua_options_get(L, -2, "sleep") != LUA_TFUNCTION)
            meet_lua_error_raise(
                L, "new: option 'clock' needs the functions 'now' and 'sleep'");
        lua_pop(L, 2);
    }
    lua_pop(L, 1);
}

void meet_lua_settings_read(lua_State *L, int options, const char *what,
                            struct meet_settings *settings)
{
    meet_lua_options_read(L, options, what, client_rows, 0, settings);
    if (!lua_istable(L, options))
        return;
    read_connections(L, options, settings);
    read_part(L, options, "retry", retry_rows, settings);
    read_part(L, options, "rate", rate_rows, settings);
    read_clock(L, options);
    if (is_false(L, options, "retry"))
        settings->retry.max_attempts = 1;
    if (is_false(L, options, "rate"))
        settings->rate = (struct meet_rate){0};
}

static const char *environment(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

/* libcurl's variables for https, in its order. */
static const char *environment_proxy(void)
{
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY",
                                        "all_proxy", "ALL_PROXY"};
    const char *proxy = NULL;

    for (size_t i = 0; !proxy && i < sizeof names / sizeof *names; i++)
        proxy = environment(names[i]);
    return proxy;
}

/* The variable is malformed: name it. */
static int blame(const char *name, struct meet_error *err)
{
    meet_error_set(err, err->kind, "%s: %s", name, err->message);
    return -1;
}

int meet_lua_settings_environment(struct meet_settings *settings,
                                  bool wants_key, struct meet_error *err)
{
    settings->trace = environment("GOOGLEMEET_TRACE") != NULL;
    settings->environment_proxy = environment_proxy();
    if (wants_key && !settings->api_key) {
        settings->api_key = environment("MATON_API_KEY");
        if (settings->api_key &&
            meet_auth_check("API key", settings->api_key,
                            strlen(settings->api_key), err) < 0)
            return blame("MATON_API_KEY", err);
    }
    if (settings->base_url)
        return 0;
    settings->base_url = environment("MATON_API_URL");
    if (!settings->base_url)
        settings->base_url = "https://api.maton.ai";
    else if (meet_url_check_base(settings->base_url, strlen(settings->base_url),
                                 err) < 0)
        return blame("MATON_API_URL", err);
    return 0;
}

int meet_lua_settings_connection(lua_State *L, int values,
                                 struct meet_settings *settings,
                                 struct meet_error *err)
{
    const char *id;

    values = lua_absindex(L, values);
    if (meet_lua_options_get(L, values, "connection") != LUA_TNIL ||
        !(id = environment("MATON_CONNECTION"))) {
        lua_pop(L, 1);
        return 0;
    }
    lua_pop(L, 1);
    settings->connections[MEET_APP_MEET] = lua_pushstring(L, id);
    lua_setfield(L, values, "connection");
    if (meet_auth_check("connection", id, strlen(id), err) < 0)
        return blame("MATON_CONNECTION", err);
    return 0;
}
