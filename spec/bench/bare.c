/*
 * bare.c - the yardstick: the work of ours.lua by libcurl's easy interface and
 * lua-cjson, with nothing in between.
 *
 *   bare SCENARIO BASE_URL COUNT DIGEST_SCRIPT USER_AGENT
 *
 * One easy handle for all requests. Each request names its resource (the URL
 * is set again), as a program does that asks for more than one. The header
 * fields are ours; the body grows one buffer and becomes a Lua table by
 * cjson.decode; fields are read by lua_getfield. Prints one line of numbers.
 */
#include "usage.h"

#include <curl/curl.h>
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORD "/google-meet/v2/conferenceRecords/bench"

enum { WARM_UP = 10 };

/* What a scenario asks for, and what it reads of the answer on the stack. */
struct scenario {
    const char *name;
    const char *path;
    const char *items; /* field that holds them, NULL: the answer is one */
};

static const struct scenario scenarios[] = {
    {"get", RECORD, NULL},
    {"list", RECORD "/participants?pageSize=250", "participants"},
    {"all", RECORD "/participants?pageSize=250", "participants"},
};

struct bare {
    const struct scenario *scenario;
    lua_State *L; /* cjson.decode is at 1 */
    CURL *easy;
    char url[256];
    char *body;
    size_t length, capacity;
    unsigned long requests;
    size_t sum;
};

static void fail(const char *why)
{
    fprintf(stderr, "bare: %s\n", why);
    exit(EXIT_FAILURE);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct bare *bare = context;
    size_t needed = bare->length + size * count;

    if (needed > bare->capacity) {
        bare->capacity = needed * 2;
        bare->body = realloc(bare->body, bare->capacity);
        if (!bare->body)
            fail("no memory");
    }
    memcpy(bare->body + bare->length, bytes, size * count);
    bare->length = needed;
    return size * count;
}

/* Send one request; leave the decoded answer on the stack. */
static void ask(struct bare *bare)
{
    CURLcode code;
    long status = 0;

    bare->length = 0;
    curl_easy_setopt(bare->easy, CURLOPT_URL, bare->url);
    code = curl_easy_perform(bare->easy);
    if (code != CURLE_OK)
        fail(curl_easy_strerror(code));
    curl_easy_getinfo(bare->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200)
        fail("the status is not 200");
    bare->requests++;
    lua_pushvalue(bare->L, 1);
    lua_pushlstring(bare->L, bare->body, bare->length);
    if (lua_pcall(bare->L, 1, 1, 0) != LUA_OK)
        fail(lua_tostring(bare->L, -1));
    if (bare->scenario->items) {
        lua_getfield(bare->L, -1, bare->scenario->items);
        lua_replace(bare->L, -2);
    }
}

/* Add the length of a field of the table on top to the sum. */
static void add(struct bare *bare, const char *name)
{
    if (lua_getfield(bare->L, -1, name) != LUA_TSTRING)
        fail("a field is no string");
    bare->sum += lua_rawlen(bare->L, -1);
    lua_pop(bare->L, 1);
}

static void read_record(struct bare *bare)
{
    add(bare, "name");
    add(bare, "startTime");
    add(bare, "endTime");
    add(bare, "space");
}

static void read_participants(struct bare *bare)
{
    lua_Integer count = (lua_Integer)lua_rawlen(bare->L, -1);

    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(bare->L, -1, i);
        add(bare, "name");
        add(bare, "latestEndTime");
        lua_getfield(bare->L, -1, "signedinUser");
        add(bare, "displayName");
        lua_pop(bare->L, 2);
    }
}

static void work(struct bare *bare, long count)
{
    bare->sum = 0;
    for (long i = 0; i < count; i++) {
        ask(bare);
        if (bare->scenario->items)
            read_participants(bare);
        else
            read_record(bare);
        lua_pop(bare->L, 1);
    }
}

static void open_lua(struct bare *bare)
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
    bare->L = L;
}

static struct curl_slist *open_curl(struct bare *bare, const char *agent)
{
    struct curl_slist *fields =
        curl_slist_append(NULL, "Authorization: Bearer bench");

    curl_global_init(CURL_GLOBAL_DEFAULT);
    bare->easy = curl_easy_init();
    if (!bare->easy || !fields ||
        !curl_slist_append(fields, "Accept: application/json"))
        fail("no memory");
    curl_easy_setopt(bare->easy, CURLOPT_HTTPHEADER, fields);
    curl_easy_setopt(bare->easy, CURLOPT_USERAGENT, agent);
    curl_easy_setopt(bare->easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(bare->easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(bare->easy, CURLOPT_WRITEDATA, bare);
    return fields;
}

/* Print the digest of one whole answer, by the script both drivers use. */
static void print_digest(struct bare *bare, const char *script)
{
    if (luaL_loadfile(bare->L, script) != LUA_OK ||
        lua_pcall(bare->L, 0, 1, 0) != LUA_OK)
        fail(lua_tostring(bare->L, -1));
    ask(bare);
    if (lua_pcall(bare->L, 1, 1, 0) != LUA_OK)
        fail(lua_tostring(bare->L, -1));
    printf("digest=%s ", lua_tostring(bare->L, -1));
    lua_pop(bare->L, 1);
}

static const struct scenario *find(const char *name)
{
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
        if (strcmp(scenarios[i].name, name) == 0)
            return &scenarios[i];
    fail("no such scenario");
    return NULL;
}

int main(int argc, char **argv)
{
    struct bare bare = {0};
    struct usage before, after;
    struct curl_slist *fields;
    long count;

    if (argc != 6)
        fail("SCENARIO BASE_URL COUNT DIGEST_SCRIPT USER_AGENT expected");
    count = strtol(argv[3], NULL, 10);
    bare.scenario = find(argv[1]);
    snprintf(bare.url, sizeof bare.url, "%s%s", argv[2], bare.scenario->path);
    open_lua(&bare);
    fields = open_curl(&bare, argv[5]);
    print_digest(&bare, argv[4]);
    work(&bare, WARM_UP);
    lua_gc(bare.L, LUA_GCCOLLECT);
    before = usage_now();
    work(&bare, count);
    after = usage_now();
    printf("sum=%zu requests=%lu cpu=%.6f wall=%.6f\n", bare.sum, bare.requests,
           after.cpu - before.cpu, after.wall - before.wall);
    curl_easy_cleanup(bare.easy);
    curl_slist_free_all(fields);
    lua_close(bare.L);
    free(bare.body);
    return EXIT_SUCCESS;
}
