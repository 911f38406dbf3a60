/*
 * states.c - further Lua states in the same process and thread, for
 * spec/core/host/stress_spec.lua.
 */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

int luaopen_states(lua_State *L);

static lua_State **check(lua_State *L)
{
    return luaL_checkudata(L, 1, "states");
}

static int state_close(lua_State *L)
{
    lua_State **state = check(L);

    if (*state)
        lua_close(*state);
    *state = NULL;
    return 0;
}

/* state:run(code): what it returns, as text; raises what it raises. */
static int state_run(lua_State *L)
{
    lua_State *state = *check(L);
    const char *code = luaL_checkstring(L, 2);
    int failed;

    lua_settop(state, 0);
    failed = luaL_loadstring(state, code) || lua_pcall(state, 0, 1, 0);
    lua_pushstring(L, luaL_tolstring(state, -1, NULL));
    return failed ? lua_error(L) : 1;
}

static int new_state(lua_State *L)
{
    lua_State **state = lua_newuserdatauv(L, sizeof(lua_State *), 0);

    *state = luaL_newstate();
    luaL_setmetatable(L, "states");
    if (!*state)
        return luaL_error(L, "not enough memory");
    luaL_openlibs(*state);
    return 1;
}

int luaopen_states(lua_State *L)
{
    static const luaL_Reg methods[] = {{"run", state_run},
                                       {"close", state_close},
                                       {"__close", state_close},
                                       {"__gc", state_close},
                                       {NULL, NULL}};

    luaL_newmetatable(L, "states");
    luaL_setfuncs(L, methods, 0);
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, new_state);
    return 1;
}
