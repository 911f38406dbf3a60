/*
 * fork.c - a Lua module for specs: fork() gives 0 in the child and the child's
 * number in the parent, wait(number) gives the status that it ended with, or
 * nil and the signal that ended it.
 */
#include <lauxlib.h>
#include <lua.h>

#include <stdio.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static int fork_process(lua_State *L)
{
    fflush(NULL); /* or the child writes it once more */
    lua_pushinteger(L, fork());
    return 1;
}

static int wait_process(lua_State *L)
{
    int status = 0;

    if (waitpid((pid_t)luaL_checkinteger(L, 1), &status, 0) < 0)
        return luaL_error(L, "no such child");
    if (WIFEXITED(status)) {
        lua_pushinteger(L, WEXITSTATUS(status));
        return 1;
    }
    lua_pushnil(L);
    lua_pushinteger(L, WTERMSIG(status));
    return 2;
}

int luaopen_fork(lua_State *L);

int luaopen_fork(lua_State *L)
{
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, fork_process);
    lua_setfield(L, -2, "fork");
    lua_pushcfunction(L, wait_process);
    lua_setfield(L, -2, "wait");
    return 1;
}
