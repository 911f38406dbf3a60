/*
 * lua_error.c - see lua_error.h. What a body means is decided by status and
 * structure, never by words: canonical names are only in Google's bodies.
 */
#include "lua_error.h"

#include "auth.h"
#include "lua_json.h"

#include <lauxlib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ERROR_TYPE "googlemeet.error"

/* How much of a body that cannot be understood is kept. */
#define BODY_START 1024

/* Registry key of the prelude's folder; the value is never used. */
static const char folder_key = 0;

int meet_lua_error_pass_over(lua_State *L)
{
    lua_settop(L, 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &folder_key);
    return 0;
}

/* True for a line of the prelude: nothing a script's author could mend. */
static bool is_prelude(lua_State *L, const lua_Debug *at)
{
    size_t length;
    const char *folder;
    bool inside;

    lua_rawgetp(L, LUA_REGISTRYINDEX, &folder_key);
    folder = lua_tolstring(L, -1, &length);
    inside = folder && at->source[0] == '@' &&
             strncmp(at->source + 1, folder, length) == 0;
    lua_pop(L, 1);
    return inside;
}

int meet_lua_error_raise(lua_State *L, const char *format, ...)
{
    char message[1024];
    va_list arguments;
    lua_Debug at;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    for (int level = 1; lua_getstack(L, level, &at); level++) {
        lua_getinfo(L, "Sl", &at);
        if (at.currentline > 0 && !is_prelude(L, &at)) {
            lua_pushfstring(L, "%s:%d: %s", at.short_src, at.currentline,
                            message);
            return lua_error(L);
        }
    }
    lua_pushstring(L, message);
    return lua_error(L);
}

void meet_lua_error_refuse(lua_State *L, const char *what,
                           const struct meet_error *err)
{
    if (err->kind != MEET_MEMORY)
        meet_lua_error_raise(L, "%s: %s", what, err->message);
    meet_lua_error_push(L, err); /* nobody's misuse */
    lua_error(L);
}

/* The string on top with its control bytes, line ends too, as blanks. */
static void push_one_line(lua_State *L)
{
    size_t length;
    const char *text = lua_tolstring(L, -1, &length);
    luaL_Buffer line;
    char *copy = luaL_buffinitsize(L, &line, length);

    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];

        copy[i] = byte < ' ' || byte == 127 ? ' ' : text[i];
    }
    luaL_pushresultsize(&line, length);
}

/* "GET /v2/spaces/x: not_found (404 NOT_FOUND): text. Hint" */
static int error_tostring(lua_State *L)
{
    luaL_Buffer text;

    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    lua_getfield(L, 1, "method");  /* 2 */
    lua_getfield(L, 1, "path");    /* 3 */
    lua_getfield(L, 1, "kind");    /* 4 */
    lua_getfield(L, 1, "status");  /* 5 */
    lua_getfield(L, 1, "reason");  /* 6 */
    lua_getfield(L, 1, "message"); /* 7 */
    lua_getfield(L, 1, "hint");    /* 8 */
    luaL_buffinit(L, &text);
    if (lua_isstring(L, 2) && lua_isstring(L, 3)) {
        lua_pushfstring(L, "%s %s: ", lua_tostring(L, 2), lua_tostring(L, 3));
        luaL_addvalue(&text);
    }
    luaL_addstring(&text, luaL_optstring(L, 4, "error"));
    if (lua_isinteger(L, 5)) {
        lua_pushfstring(L, lua_isstring(L, 6) ? " (%d %s)" : " (%d)",
                        (int)lua_tointeger(L, 5), lua_tostring(L, 6));
        luaL_addvalue(&text);
    }
    if (lua_isstring(L, 7)) {
        lua_pushfstring(L, ": %s", lua_tostring(L, 7));
        luaL_addvalue(&text);
    }
    if (lua_isstring(L, 8)) {
        lua_pushfstring(L, " [%s]", lua_tostring(L, 8));
        luaL_addvalue(&text);
    }
    luaL_pushresult(&text);
    push_one_line(L);
    return 1;
}

void meet_lua_error_open(lua_State *L)
{
    luaL_newmetatable(L, ERROR_TYPE); /* sets __name */
    lua_pushcfunction(L, error_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pop(L, 1);
}

static void set_string(lua_State *L, const char *field, const char *value)
{
    lua_pushstring(L, value);
    lua_setfield(L, -2, field);
}

void meet_lua_error_push(lua_State *L, const struct meet_error *err)
{
    lua_createtable(L, 0, 12);
    set_string(L, "kind", meet_error_kind_name(err->kind));
    set_string(L, "origin", meet_error_origin_name(err->origin));
    set_string(L, "message", err->message);
    set_string(L, "hint", meet_error_hint(err->kind, false));
    luaL_setmetatable(L, ERROR_TYPE);
}

int meet_lua_error_new(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    struct meet_error err;
    enum meet_kind kind = MEET_TRANSPORT;

    while (kind < MEET_KINDS && strcmp(meet_error_kind_name(kind), name) != 0)
        kind++;
    if (kind == MEET_KINDS)
        return luaL_argerror(L, 1, "no such kind");
    meet_error_set(&err, kind, "%s", luaL_checkstring(L, 2));
    meet_lua_error_push(L, &err);
    return 1;
}

int meet_lua_error_fail(lua_State *L, const struct meet_error *err)
{
    lua_pushnil(L);
    meet_lua_error_push(L, err);
    return 2;
}

/* Copy t[from] to the error as 'to' when it has that type. [-0, +0, m] */
static bool copy_field(lua_State *L, int t, const char *from, int error,
                       const char *to, int type)
{
    bool found = lua_getfield(L, t, from) == type;

    if (found)
        lua_setfield(L, error, to);
    else
        lua_pop(L, 1);
    return found;
}

/* ErrorInfo.reason where the body has no canonical name. */
static void find_reason(lua_State *L, int details, int error)
{
    lua_Unsigned count = lua_rawlen(L, details);

    for (lua_Unsigned i = 1; i <= count; i++) {
        bool found = false;

        if (lua_rawgeti(L, details, (lua_Integer)i) == LUA_TTABLE)
            found = copy_field(L, lua_gettop(L), "reason", error, "reason",
                               LUA_TSTRING);
        lua_pop(L, 1);
        if (found)
            return;
    }
}

/* The object under "error": Google's, or the gateway's nested shape. */
static enum meet_origin read_nested(lua_State *L, int nested, int error)
{
    bool google;

    copy_field(L, nested, "message", error, "message", LUA_TSTRING);
    copy_field(L, nested, "trace_id", error, "trace_id", LUA_TSTRING);
    google = copy_field(L, nested, "status", error, "reason", LUA_TSTRING);
    if (copy_field(L, nested, "details", error, "details", LUA_TTABLE)) {
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
    bool known = true;

    *origin = MEET_FROM_GATEWAY;
    if (!lua_istable(L, body))
        return false;
    copy_field(L, body, "trace_id", error, "trace_id", LUA_TSTRING);
    switch (lua_getfield(L, body, "error")) {
    case LUA_TTABLE:
        *origin = read_nested(L, lua_gettop(L), error);
        break;
    case LUA_TSTRING:
        lua_pushvalue(L, -1);
        lua_setfield(L, error, "message");
        break;
    default:
        known = copy_field(L, body, "message", error, "message", LUA_TSTRING);
    }
    lua_pop(L, 1);
    return known;
}

/* The key that the request was sent with: the client's may have changed. */
static const char *sent_key(const struct meet_job *job, const char *key)
{
    static const char scheme[] = "Bearer ";
    const char *value =
        meet_headers_get(&job->request.headers, "Authorization");

    /* Unreached: a request without one. */
    return value && strncmp(value, scheme, sizeof scheme - 1) == 0
               ? value + sizeof scheme - 1
               : key;
}

static void keep_body(lua_State *L, const struct meet_buffer *body)
{
    lua_pushlstring(L, meet_buffer_string(body),
                    body->length < BODY_START ? body->length : BODY_START);
    lua_setfield(L, -2, "body");
}

static bool is_meet_path(const struct meet_request *request)
{
    return strstr(meet_buffer_string(&request->url) + request->path_offset,
                  "/google-meet/") != NULL;
}

/*
 * 400 and 404 of the gateway itself on a Meet path: no usable connection,
 * or none of the id sent.
 */
static enum meet_kind refine(const struct meet_job *job, enum meet_kind kind,
                             enum meet_origin origin, bool named)
{
    int status = job->response.status;

    if (origin != MEET_FROM_GATEWAY || !is_meet_path(&job->request))
        return kind;
    return status == 400 || (status == 404 && named) ? MEET_CONNECTION : kind;
}

/* Status and body of a server's refusal, into the table on top. */
static void describe(lua_State *L, struct meet_job *job, const char *key,
                     bool named)
{
    const struct meet_response *response = &job->response;
    int error = lua_gettop(L);
    enum meet_origin origin = MEET_FROM_GATEWAY;
    enum meet_kind kind = meet_error_kind_of_status(response->status);
    struct meet_error ignored;
    bool known = false;

    if (response->body.length > 0 &&
        meet_lua_json_decode(L, response->body.bytes, response->body.length,
                             &ignored)) {
        known = read_body(L, lua_gettop(L), error, &origin);
        lua_settop(L, error);
        /* JSON may have escaped the key, so that the bytes did not show it. */
        meet_lua_json_change_strings(L, meet_auth_redact, key);
        kind = known ? refine(job, kind, origin, named) : kind;
    }
    if (!known && response->body.length > 0)
        keep_body(L, &response->body);
    set_string(L, "kind", meet_error_kind_name(kind));
    set_string(L, "origin", meet_error_origin_name(origin));
    set_string(L, "hint",
               meet_error_hint(kind, response->status == 500 &&
                                         is_meet_path(&job->request) &&
                                         origin == MEET_FROM_GATEWAY));
}

void meet_lua_error_push_job(lua_State *L, struct meet_job *job,
                             const char *key, bool named)
{
    struct meet_error err = job->error;
    const char *path =
        meet_buffer_string(&job->request.url) + job->request.path_offset;
    bool answered = err.kind == MEET_OK;

    key = sent_key(job, key);
    meet_auth_redact(err.message, strlen(err.message), key);
    if (job->response.body.length > 0)
        meet_auth_redact(job->response.body.bytes, job->response.body.length,
                         key);
    if (answered)
        meet_error_set(&err, MEET_SERVER, "the server answered with status %d",
                       job->response.status);
    meet_lua_error_push(L, &err);
    if (answered)
        describe(L, job, key, named);
    else if (job->response.body.length > 0)
        keep_body(L, &job->response.body);
    if (job->response.status > 0) {
        lua_pushinteger(L, job->response.status);
        lua_setfield(L, -2, "status");
    }
    set_string(L, "method", job->request.verb);
    lua_pushlstring(L, path, meet_request_path_length(&job->request));
    lua_setfield(L, -2, "path");
    lua_pushinteger(L, job->attempts_before + job->attempts);
    lua_setfield(L, -2, "attempts");
    if (job->retry_after >= 0) {
        lua_pushnumber(L, job->retry_after);
        lua_setfield(L, -2, "retry_after");
    }
    if (job->ambiguous) {
        set_string(L, "hint",
                   "it may have happened: look before you send it again");
        lua_pushboolean(L, true);
        lua_setfield(L, -2, "ambiguous");
    }
}
