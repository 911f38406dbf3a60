/* lua_runtime.c - see lua_runtime.h. */
#include "lua_runtime.h"

#include "lua_error.h"

#include <lauxlib.h>

/* The address is the registry key; the value is never used. */
static const char runtime_key = 0;

void meet_lua_runtime_own(struct meet_lua_runtime *runtime,
                          struct meet_lua_owner *owner,
                          void (*release)(struct meet_lua_owner *owner))
{
    owner->release = release;
    meet_link_join(&owner->link, &runtime->owners);
}

void meet_lua_runtime_release(struct meet_lua_owner *owner)
{
    if (meet_link_is_alone(&owner->link))
        return;
    meet_link_leave(&owner->link);
    owner->release(owner);
}

/* What was made last: an exchange goes before its client. */
static struct meet_lua_owner *newest(const struct meet_lua_runtime *runtime)
{
    return MEET_OWNER(runtime->owners.previous, struct meet_lua_owner, link);
}

static int runtime_gc(lua_State *L)
{
    struct meet_lua_runtime *runtime = lua_touserdata(L, 1);
    struct meet_engine *engine = runtime->engine;

    while (!meet_link_is_alone(&runtime->owners)) /* no finalizer will */
        meet_lua_runtime_release(newest(runtime));
    runtime->engine = NULL;
    meet_engine_free(engine);
    return 0;
}

void meet_lua_runtime_open(lua_State *L)
{
    struct meet_lua_runtime *runtime;
    struct meet_error err;

    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &runtime_key) == LUA_TUSERDATA) {
        lua_pop(L, 1);
        return;
    }
    lua_pop(L, 1);
    runtime = lua_newuserdatauv(L, sizeof *runtime, 1);
    *runtime = (struct meet_lua_runtime){0};
    meet_link_init(&runtime->owners);
    meet_link_init(&runtime->ready);
    meet_link_init(&runtime->calls);
    meet_link_init(&runtime->waiters);
    luaL_getmetatable(L, MEET_LUA_ERROR_TYPE);
    runtime->error_type = lua_topointer(L, -1);
    lua_pop(L, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
    runtime->main = lua_tothread(L, -1);
    lua_pop(L, 1);
    lua_createtable(L, 0, 4);
    lua_setiuservalue(L, -2, 1);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, runtime_gc);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    runtime->engine = meet_engine_new(&err);
    if (!runtime->engine)
        meet_lua_error_raise_misuse(L, "googlemeet", &err);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &runtime_key);
}

struct meet_lua_runtime *meet_lua_runtime_get(lua_State *L)
{
    struct meet_lua_runtime *runtime;

    lua_rawgetp(L, LUA_REGISTRYINDEX, &runtime_key);
    runtime = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return runtime;
}

struct meet_engine *
meet_lua_runtime_engine(lua_State *L, const struct meet_lua_runtime *runtime)
{
    if (!runtime->engine)
        meet_lua_error_raise(L, "the Lua state is closing");
    return runtime->engine;
}

void meet_lua_runtime_table(lua_State *L, const char *name)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &runtime_key);
    lua_getiuservalue(L, -1, 1);
    luaL_getsubtable(L, -1, name);
    lua_replace(L, -3);
    lua_pop(L, 1);
}
