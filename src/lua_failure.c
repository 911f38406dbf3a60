/*
 * lua_failure.c - see lua_failure.h. Status and structure decide what a body
 * means, never its wording. Only Google's bodies have canonical names.
 */
#include "lua_failure.h"

#include "headers.h"
#include "lua_app.h"
#include "lua_error.h"
#include "lua_json.h"
#include "secrets.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

/* Most bytes kept of a body of unknown shape. */
#define BODY_START 1024

/* Copy t[from] to the error as 'to' if it is a table. [-0, +0, m] */
static bool copy_table(lua_State *L, int t, const char *from, int error,
                       const char *to)
{
    bool found = lua_getfield(L, t, from) == LUA_TTABLE;

    if (found)
        lua_setfield(L, error, to);
    else
        lua_pop(L, 1);
    return found;
}

/* Copy t[from] to the error as 'to', plain, if it is a string. [-0, +0, m] */
static bool copy_text(lua_State *L, int t, const char *from, int error,
                      const char *to)
{
    bool found = lua_getfield(L, t, from) == LUA_TSTRING;

    if (found) {
        meet_lua_error_make_plain(L);
        lua_setfield(L, error, to);
    } else {
        lua_pop(L, 1);
    }
    return found;
}

/* Use the reason of the first that has one. */
static void find_reason(lua_State *L, int details, int error)
{
    lua_Unsigned count = lua_rawlen(L, details);

    for (lua_Unsigned i = 1; i <= count; i++) {
        bool found = false;

        if (lua_rawgeti(L, details, (lua_Integer)i) == LUA_TTABLE)
            found = copy_text(L, lua_gettop(L), "reason", error, "reason");
        lua_pop(L, 1);
        if (found)
            return;
    }
}

/* The object under "error": Google's, or the gateway's nested shape. */
static enum meet_origin read_nested(lua_State *L, int nested, int error)
{
    bool google;

    copy_text(L, nested, "message", error, "message");
    copy_text(L, nested, "trace_id", error, "trace_id");
    google = copy_text(L, nested, "status", error, "reason");
    if (copy_table(L, nested, "details", error, "details") ||
        copy_table(L, nested, "errors", error, "details")) { /* of Drive */
        lua_getfield(L, error, "details");
        if (!google)
            find_reason(L, lua_gettop(L), error);
        lua_pop(L, 1);
        google = true;
    }
    return google ? MEET_FROM_GOOGLE : MEET_FROM_GATEWAY;
}

/* The decoded body at 'body'. False when it has none of the known shapes. */
static bool read_body(lua_State *L, int body, int error,
                      enum meet_origin *origin)
{
    enum meet_origin nested = MEET_FROM_GATEWAY;
    bool known = true;

    if (!lua_istable(L, body))
        return false;
    copy_text(L, body, "trace_id", error, "trace_id");
    switch (lua_getfield(L, body, "error")) {
    case LUA_TTABLE:
        nested = read_nested(L, lua_gettop(L), error);
        break;
    case LUA_TSTRING:
        copy_text(L, body, "error", error, "message");
        break;
    default:
        known = copy_text(L, body, "message", error, "message");
    }
    lua_pop(L, 1);
    if (known)
        *origin = nested;
    return known;
}

static void keep_body(lua_State *L, const struct meet_buffer *body)
{
    lua_pushlstring(L, meet_buffer_string(body),
                    body->length < BODY_START ? body->length : BODY_START);
    lua_setfield(L, -2, "body");
}

/* True for a path that the gateway forwards to Google. */
static bool is_google_path(const struct meet_request *request)
{
    if (meet_app_entry(request->app))
        return true;
    return strstr(meet_buffer_string(&request->url) + request->path_offset,
                  "/google-meet/") != NULL;
}

/* True for a 403 that Drive and Calendar send in place of a 429. */
static bool is_over_rate(lua_State *L, int error, const struct meet_job *job)
{
    static const char *const reasons[] = {"rateLimitExceeded",
                                          "userRateLimitExceeded"};
    const char *reason;
    bool is_over = false;

    if (job->response.status != 403 ||
        lua_getfield(L, error, "reason") != LUA_TSTRING)
        return false;
    reason = lua_tostring(L, -1);
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        is_over = is_over || strcmp(reason, reasons[i]) == 0;
    return is_over;
}

/*
 * 400 and 404 from the gateway itself on a path of Google's mean that there is
 * no usable connection, or none with the id sent.
 */
static enum meet_kind refine(const struct meet_job *job, enum meet_kind kind,
                             enum meet_origin origin, bool has_connection)
{
    int status = job->response.status;

    if (origin != MEET_FROM_GATEWAY || !is_google_path(&job->request))
        return kind;
    return status == 400 || (status == 404 && has_connection) ? MEET_CONNECTION
                                                              : kind;
}

/* Why there is nothing under a name, as far as the path shows. */
static const char *hint_not_found(const char *path)
{
    if (strstr(path, "/conferenceRecords"))
        return meet_error_hint(MEET_NOT_FOUND, false);
    if (strstr(path, "/spaces"))
        return "check the name or code: the space may have expired, or the "
               "connected account may not see it";
    return "check the name";
}

/* What to do about that kind of error of an app. [-0, +(0|1), m] */
static const char *hint_of_kind(lua_State *L, enum meet_kind kind,
                                enum meet_app app)
{
    if (kind == MEET_CONNECTION) {
        meet_lua_app_push_hint(L, app);
        return lua_tostring(L, -1);
    }
    if (kind == MEET_PERMISSION && meet_app_entry(app))
        return "the connected account must have access to it, and the "
               "connection must carry the scope";
    return meet_error_hint(kind, false);
}

/* What to do about an answer of that kind, unless its body says more.
   [-0, +(0|1), m] */
static const char *hint_of(lua_State *L, const struct meet_lua_client *client,
                           const struct meet_job *job, enum meet_kind kind,
                           enum meet_origin origin)
{
    const struct meet_request *request = &job->request;
    const char *base_url = client->client.settings.base_url;

    switch (job->response.status) {
    case 404:
        if (origin != MEET_FROM_GOOGLE && base_url &&
            strlen(base_url) > request->path_offset)
            return "the base URL has a path: is it the gateway's root, such as "
                   "https://api.maton.ai?";
        if (kind == MEET_NOT_FOUND)
            return hint_not_found(meet_buffer_string(&request->url) +
                                  request->path_offset);
        return hint_of_kind(L, kind, request->app);
    case 407:
        return "the proxy wants a user and a password: give them in its URL";
    case 500:
        return meet_error_hint(kind, is_google_path(request) &&
                                         origin == MEET_FROM_GATEWAY);
    case 511:
        return "a portal of the network wants a login: open a page in a "
               "browser, log in, then try again";
    default:
        if (job->response.status / 100 == 3)
            return "a redirect is not followed: check the base URL, and "
                   "whether a portal or a proxy answers in the gateway's place";
        return hint_of_kind(L, kind, request->app);
    }
}

/* Put status and body of a server's error into the table on top. */
static void describe(lua_State *L, const struct meet_lua_client *client,
                     const struct meet_job *job, bool has_connection)
{
    const struct meet_response *response = &job->response;
    int error = lua_gettop(L);
    enum meet_kind kind = meet_error_kind_of_status(response->status);
    enum meet_origin origin =
        kind == MEET_TRANSPORT ? MEET_FROM_TRANSPORT : MEET_FROM_GATEWAY;
    struct meet_error ignored;
    bool known = false;

    if (response->body.length > 0 &&
        response->body.length <= MEET_SECRETS_BODY &&
        meet_lua_json_decode(L, response->body.bytes, response->body.length,
                             &ignored)) {
        known = read_body(L, lua_gettop(L), error, &origin);
        kind = known ? refine(job, kind, origin, has_connection) : kind;
        kind = is_over_rate(L, error, job) ? MEET_RATE_LIMITED : kind;
        lua_settop(L, error);
    }
    if (!known && response->body.length > 0)
        keep_body(L, &response->body);
    meet_lua_error_set(L, "kind", meet_error_kind_name(kind));
    meet_lua_error_set(L, "origin", meet_error_origin_name(origin));
    lua_pushstring(L, hint_of(L, client, job, kind, origin));
    lua_setfield(L, error, "hint");
    lua_settop(L, error);
}

void meet_lua_failure_push_path(lua_State *L,
                                const struct meet_lua_client *client,
                                const struct meet_request *request)
{
    size_t length = meet_request_path_length(request);
    luaL_Buffer path;
    char *copy = luaL_buffinitsize(L, &path, length);

    memcpy(copy, meet_buffer_string(&request->url) + request->path_offset,
           length);
    meet_secrets_redact(&client->client, request, copy, length);
    luaL_pushresultsize(&path, length);
}

/***
 * Make a text from a server fit to be shown, as one plain line without secrets:
 * core.text.shown.
 * @param client a client, closed or not
 * @param text string
 * @return string
 */
int meet_lua_failure_shown(lua_State *L)
{
    const struct meet_lua_client *client =
        luaL_checkudata(L, 1, MEET_LUA_CLIENT_TYPE);
    size_t length;
    const char *text = luaL_checklstring(L, 2, &length);
    luaL_Buffer shown;
    char *copy = luaL_buffinitsize(L, &shown, length);

    memcpy(copy, text, length);
    meet_secrets_redact(&client->client, NULL, copy, length);
    luaL_pushresultsize(&shown, length);
    meet_lua_error_make_plain(L);
    return 1;
}

/* Set the facts that do not depend on the server's answer. */
static void set_facts(lua_State *L, const struct meet_lua_client *client,
                      const struct meet_job *job)
{
    const struct meet_request *request = &job->request;

    if (job->response.status > 0) {
        lua_pushinteger(L, job->response.status);
        lua_setfield(L, -2, "status");
    }
    meet_lua_error_set(L, "method", request->verb);
    meet_lua_failure_push_path(L, client, request);
    lua_setfield(L, -2, "path");
    lua_pushinteger(L, job->attempts_before + job->attempts);
    lua_setfield(L, -2, "attempts");
    if (job->retry_after >= 0) {
        lua_pushnumber(L, meet_ns_seconds(job->retry_after));
        lua_setfield(L, -2, "retry_after");
    }
    if (job->ambiguous) {
        meet_lua_error_set(L, "hint",
                           "the write may have been applied: check before "
                           "retrying");
        lua_pushboolean(L, true);
        lua_setfield(L, -2, "ambiguous");
    }
}

/* Scheme and host of the URL, or "": the rest may be secret. */
static void copy_host(const char *url, char *host, size_t size)
{
    const char *slashes = url + strcspn(url, "/?#\\"); /* of no query */
    size_t length;

    host[0] = '\0';
    if (strncmp(slashes, "//", 2) != 0 || (slashes > url && slashes[-1] != ':'))
        return;
    length = strcspn(slashes + 2, "/?#\\@");
    if (length > 0 && slashes[2 + length] != '@') /* a user and a password */
        snprintf(host, size, "%.*s", (int)(slashes + 2 + length - url), url);
}

/* Say what an answer was that is no good one. */
static void set_message(const struct meet_response *response,
                        struct meet_error *err)
{
    struct meet_headers headers = {0};
    const char *field = NULL;
    char host[200] = "";

    if (response->status / 100 == 3 &&
        meet_headers_parse(&headers, meet_buffer_string(&response->head),
                           response->head.length, err) == 0)
        field = meet_headers_get(&headers, "Location");
    if (field)
        copy_host(field, host, sizeof host);
    meet_headers_deinit(&headers);
    meet_error_set(err, MEET_SERVER, "the server answered with status %d%s%s",
                   response->status, host[0] ? ", a redirect to " : "", host);
}

void meet_lua_failure_push(lua_State *L, const struct meet_lua_client *client,
                           struct meet_job *job, bool has_connection)
{
    struct meet_buffer *body = &job->response.body;
    struct meet_error err = job->error;
    bool answered = err.kind == MEET_OK;

    if (answered) /* it has no message yet */
        set_message(&job->response, &err);
    meet_secrets_redact(&client->client, &job->request, err.message,
                        strlen(err.message));
    if (answered)
        err.hint[0] = '\0';
    meet_secrets_redact(&client->client, &job->request, err.hint,
                        strlen(err.hint));
    meet_secrets_redact_body(&client->client, &job->request, body);
    meet_lua_error_push(L, &err);
    if (answered)
        describe(L, client, job, has_connection);
    else if (body->length > 0)
        keep_body(L, body);
    if (err.kind == MEET_TRANSPORT && !err.hint[0] && !client->has_transport &&
        !job->request.network->direct)
        meet_lua_error_set(L, "hint",
                           "check the network, the proxy (the option 'proxy', "
                           "or https_proxy in the environment) and the base "
                           "URL");
    set_facts(L, client, job);
}
