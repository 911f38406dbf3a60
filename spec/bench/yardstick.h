/*
 * yardstick.h - what both bare programs do alike: a growing body, decoding by
 * lua-cjson, header fields as this module sends them, reading of fields.
 */
#pragma once

#include "usage.h"

#include <curl/curl.h>
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOT "/google-meet/v2/conferenceRecords/"

struct body {
    char *bytes;
    size_t length, capacity;
};

static void fail(const char *why)
{
    fprintf(stderr, "bare: %s\n", why);
    exit(EXIT_FAILURE);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct body *body = context;
    size_t needed = body->length + size * count;

    if (needed > body->capacity) {
        body->capacity = needed * 2;
        body->bytes = realloc(body->bytes, body->capacity);
        if (!body->bytes)
            fail("no memory");
    }
    memcpy(body->bytes + body->length, bytes, size * count);
    body->length = needed;
    return size * count;
}

/* A state with cjson.decode at 1. */
static lua_State *open_lua(void)
{
    lua_State *L = luaL_newstate();

    if (!L)
        fail("no memory");
    luaL_openlibs(L);
    lua_getglobal(L, "require");
    lua_pushliteral(L, "cjson");
    if (lua_pcall(L, 1, 1, 0) != LUA_OK)
        fail(lua_tostring(L, -1));
    lua_getfield(L, -1, "decode");
    lua_replace(L, 1);
    return L;
}

static struct curl_slist *make_fields(void)
{
    struct curl_slist *fields =
        curl_slist_append(NULL, "Authorization: Bearer bench");

    if (!fields || !curl_slist_append(fields, "Accept: application/json"))
        fail("no memory");
    return fields;
}

/* BENCH_CA_FILE names certificates; else libcurl's default. */
static CURL *open_easy(struct curl_slist *fields, const char *agent,
                       struct body *body)
{
    const char *certificates = getenv("BENCH_CA_FILE");
    CURL *easy = curl_easy_init();

    if (!easy)
        fail("no memory");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, fields);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, agent);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, body);
    if (certificates)
        curl_easy_setopt(easy, CURLOPT_CAINFO, certificates);
    return easy;
}

/* Leave the decoded answer, or its field 'items', on the stack. */
static void decode(lua_State *L, CURL *easy, const struct body *body,
                   const char *items)
{
    long status = 0;

    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200)
        fail("the status is not 200");
    lua_pushvalue(L, 1);
    lua_pushlstring(L, body->bytes, body->length);
    if (lua_pcall(L, 1, 1, 0) != LUA_OK)
        fail(lua_tostring(L, -1));
    if (items) {
        lua_getfield(L, -1, items);
        lua_replace(L, -2);
    }
}

/* Length of a field of the table on top. */
static size_t length_of(lua_State *L, const char *name)
{
    size_t length;

    if (lua_getfield(L, -1, name) != LUA_TSTRING)
        fail("a field is no string");
    length = lua_rawlen(L, -1);
    lua_pop(L, 1);
    return length;
}

/* Fields of the record on top. */
static size_t read_record(lua_State *L)
{
    return length_of(L, "name") + length_of(L, "startTime") +
           length_of(L, "endTime") + length_of(L, "space");
}

/* Fields of each participant of the array on top. */
static size_t read_participants(lua_State *L)
{
    lua_Integer count = (lua_Integer)lua_rawlen(L, -1);
    size_t sum = 0;

    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, i);
        sum += length_of(L, "name") + length_of(L, "latestEndTime");
        lua_getfield(L, -1, "signedinUser");
        sum += length_of(L, "displayName");
        lua_pop(L, 2);
    }
    return sum;
}

/* Print the digest of the answer on top, by the script all drivers use. */
static void print_digest(lua_State *L, const char *script)
{
    if (luaL_loadfile(L, script) != LUA_OK || lua_pcall(L, 0, 1, 0) != LUA_OK)
        fail(lua_tostring(L, -1));
    lua_insert(L, -2);
    if (lua_pcall(L, 1, 1, 0) != LUA_OK)
        fail(lua_tostring(L, -1));
    printf("digest=%s ", lua_tostring(L, -1));
    lua_pop(L, 1);
}
