/* lua_group.c - see lua_group.h. */
#include "lua_group.h"

#include "lua_client.h"

#include <lauxlib.h>
#include <string.h>

/*
 * Set when the group ends: at 'ends' by its client's clock, or with the group
 * in which it is made, whose time is by the same clock, or its only one.
 */
static void set_deadline(struct meet_lua_group *group,
                         const struct meet_lua_runtime *runtime,
                         const struct meet_lua_client *client, int64_t ends)
{
    const struct meet_lua_group *outer =
        runtime->task ? runtime->task->group : NULL;

    group->ends_at = outer ? outer->ends_at : MEET_NEVER;
    group->clock = outer ? outer->clock : NULL;
    if (!client || (ends == MEET_NEVER && group->ends_at < MEET_NEVER))
        return;
    if (group->clock == client->dispatch)
        ends = meet_ns_earlier(ends, group->ends_at);
    group->ends_at = ends;
    group->clock = client->dispatch;
}

/***
 * Make a group of tasks, whose __close cancels those that are pending:
 * core.task.group.
 * @param collects boolean: a failure does not cancel the others
 * @param read function: gives results and errors so far
 * @param client client
 * @param ends number or nil: deadline, in seconds of the client's clock
 * @return group
 * @return number or nil: when it ends by that clock, at the latest
 */
int meet_lua_group_new(lua_State *L)
{
    const struct meet_lua_client *client;
    struct meet_lua_group *group;
    int64_t ends;

    lua_settop(L, 4);
    client = luaL_testudata(L, 3, MEET_LUA_CLIENT_TYPE);
    ends = lua_isnil(L, 4) ? MEET_NEVER
                           : meet_ns_from_seconds(luaL_checknumber(L, 4));
    group = lua_newuserdatauv(L, sizeof *group, MEET_LUA_GROUP_USER_VALUES);
    memset(group, 0, sizeof *group);
    meet_lua_latch_init(&group->over, true);
    meet_link_init(&group->pending);
    group->collects = lua_toboolean(L, 1);
    set_deadline(group, meet_lua_runtime_get(L), client, ends);
    luaL_setmetatable(L, MEET_LUA_GROUP_TYPE);
    lua_pushvalue(L, 2);
    lua_setiuservalue(L, -2, MEET_LUA_GROUP_READER);
    if (!client || group->clock != client->dispatch ||
        group->ends_at == MEET_NEVER)
        return 1;
    lua_pushnumber(L, meet_ns_seconds(group->ends_at));
    return 2;
}

/***
 * End a group that is out of time: core.task.expire. Its pending tasks fail
 * with kind deadline.
 * @param group group
 */
int meet_lua_group_expire(lua_State *L)
{
    struct meet_lua_group *group = luaL_checkudata(L, 1, MEET_LUA_GROUP_TYPE);

    group->is_late = true;
    meet_lua_scheduler_cancel_group(L, meet_lua_runtime_get(L), group);
    return 0;
}

/*
 * The parent ends early. What it has not read about its tasks counts as its
 * own.
 */
static int group_close(lua_State *L)
{
    struct meet_lua_runtime *runtime = meet_lua_runtime_get(L);
    struct meet_lua_group *group = luaL_checkudata(L, 1, MEET_LUA_GROUP_TYPE);

    if (group->abandoned && !group->reported)
        runtime->abandoned_writes++;
    group->was_cut = !group->reported;
    group->reported = true;
    meet_lua_scheduler_cancel_group(L, runtime, group);
    return 0;
}

int meet_lua_group_push_outcome(lua_State *L, struct meet_lua_group *group)
{
    const char *how = group->has_raised ? "raised" : "failed";

    lua_pushstring(L, group->has_failed ? how : "ended");
    group->reported = true;
    if (!group->has_failed)
        return 1;
    lua_getiuservalue(L, 1, MEET_LUA_GROUP_FAILURE);
    return 2;
}

void meet_lua_group_open(lua_State *L)
{
    luaL_newmetatable(L, MEET_LUA_GROUP_TYPE);
    lua_pushcfunction(L, group_close);
    lua_setfield(L, -2, "__close");
    lua_pop(L, 1);
}
