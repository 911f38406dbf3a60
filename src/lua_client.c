/* lua_client.c - see lua_client.h. */
#include "lua_client.h"

#include "lua_clock.h"
#include "lua_error.h"
#include "lua_stats.h"
#include "secrets.h"

#include <lauxlib.h>
#include <string.h>

#define CLIENT_TYPE MEET_LUA_CLIENT_TYPE

struct meet_lua_client *meet_lua_client_check(lua_State *L, int index)
{
    luaL_checkudata(L, index, CLIENT_TYPE);
    return meet_lua_client_get(L, index);
}

struct meet_lua_client *meet_lua_client_get(lua_State *L, int index)
{
    struct meet_lua_client *client = lua_touserdata(L, index);

    if (!client->open)
        meet_lua_error_raise(L, "the client is closed");
    meet_lua_runtime_engine(L, client->runtime);
    return client;
}

bool meet_lua_client_may_prefetch(const struct meet_lua_client *client)
{
    return client->open && client->runtime->engine &&
           !client->has_key_function &&
           !client->choices[MEET_APP_MEET].pending && !client->has_transport &&
           !meet_lua_client_asks(client);
}

int meet_lua_client_value(lua_State *L, int client, const char *name)
{
    int type;

    lua_getiuservalue(L, client, MEET_LUA_CLIENT_VALUES);
    type = lua_getfield(L, -1, name);
    lua_remove(L, -2);
    return type;
}

/* Cancel the jobs under way. None of them, done ones too, holds a key then. */
static void end_jobs(struct meet_lua_client *client)
{
    struct meet_engine *engine = client->runtime->engine;

    for (struct meet_link *link = client->jobs.next; link != &client->jobs;
         link = link->next) {
        struct meet_job *job = MEET_OWNER(link, struct meet_job, of_client);

        if (meet_job_is_pending(job)) {
            if (client->has_clock)
                meet_lua_clock_cancel(client->dispatch, job);
            else /* not NULL: it has ended its jobs */
                meet_engine_cancel(engine, job);
            meet_job_cancel(job, "the client was closed");
        }
        meet_secrets_wipe_job(&client->client, job);
    }
}

/* It is open still where the runtime ends before it. */
static void release(struct meet_lua_owner *owner)
{
    struct meet_lua_client *client =
        MEET_OWNER(owner, struct meet_lua_client, owner);

    if (client->open)
        end_jobs(client);
    if (client->open && client->has_clock)
        meet_lua_clock_release(client->dispatch);
    meet_client_deinit(&client->client);
    meet_file_limiter_drop(client->limiter);
    client->limiter = NULL;
}

struct meet_lua_client *meet_lua_client_push_closed(lua_State *L)
{
    struct meet_lua_client *client =
        lua_newuserdatauv(L, sizeof *client, MEET_LUA_CLIENT_USER_VALUES);

    memset(client, 0, sizeof *client);
    meet_link_init(&client->jobs);
    client->runtime = meet_lua_runtime_get(L);
    luaL_setmetatable(L, CLIENT_TYPE);
    lua_createtable(L, 0, 4);
    lua_setiuservalue(L, -2, MEET_LUA_CLIENT_VALUES);
    meet_lua_runtime_own(client->runtime, &client->owner, release);
    return client;
}

/***
 * Close the client: calls under way end with kind cancelled. May be
 * repeated; <close> and collection do the same.
 */
static int client_close(lua_State *L)
{
    struct meet_lua_client *client = luaL_checkudata(L, 1, CLIENT_TYPE);

    if (!client->open)
        return 0;
    client->open = false;
    end_jobs(client);
    meet_client_close(&client->client);
    client->runtime->open_clients--;
    client->runtime->asking_clients -= meet_lua_client_asks(client);
    if (!client->runtime->engine)
        return 0;
    if (client->runtime->open_clients == 0)
        meet_engine_close_idle(client->runtime->engine);
    else
        meet_engine_forget(client->runtime->engine,
                           client->client.network.serial);
    return 0;
}

static int client_gc(lua_State *L)
{
    struct meet_lua_client *client = luaL_checkudata(L, 1, CLIENT_TYPE);

    client_close(L);
    meet_lua_runtime_release(&client->owner);
    return 0;
}

/***
 * Counters of the client so far.
 * @return table: requests, attempts, retries, waits, seconds_waited,
 *   bytes_sent, bytes_received, sockets_opened
 */
static int client_stats(lua_State *L)
{
    struct meet_lua_client *client = luaL_checkudata(L, 1, CLIENT_TYPE);

    meet_lua_stats_push(L, &client->client.stats);
    return 1;
}

static int client_tostring(lua_State *L)
{
    struct meet_lua_client *client = luaL_checkudata(L, 1, CLIENT_TYPE);
    const char *url = client->client.settings.base_url;

    lua_pushfstring(L, "googlemeet.client (%s)",
                    client->open && url ? url : "closed");
    return 1;
}

/***
 * core.client.settings(client): where requests go; raises when closed.
 * @return string: its base URL; string or nil: the id of its connection, nil
 *   where none is sent or it is not resolved yet; string or nil: the proxy
 *   that calls go through; table or nil: the limiter that it shares
 */
int meet_lua_client_settings(lua_State *L)
{
    const struct meet_lua_client *made = meet_lua_client_check(L, 1);
    const struct meet_client *client = &made->client;
    bool is_direct = made->has_transport || client->network.direct;

    lua_pushstring(L, client->settings.base_url);
    lua_pushstring(
        L, client->settings.connections[MEET_APP_MEET]); /* NULL gives nil */
    lua_pushstring(L, is_direct ? NULL : client->network.proxy);
    if (made->limiter_id)
        meet_lua_client_value(L, 1, "limiter");
    else
        lua_pushnil(L);
    return 4;
}

/*** core.client.clock(client): its clock table, or nil; raises when closed. */
int meet_lua_client_clock(lua_State *L)
{
    meet_lua_client_check(L, 1);
    meet_lua_client_value(L, 1, "clock");
    return 1;
}

/* Push a new service of the client at 1, by its metatable at 'type'. */
static void push_service(lua_State *L, int type)
{
    lua_newuserdatauv(L, 0, 1);
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, -2, 1);
    lua_pushvalue(L, type);
    lua_setmetatable(L, -2);
}

/*
 * Find a method, then a service, which is made on first use. Upvalue 1 holds
 * the methods, 2 the metatable, 3 the metatables of services: every use of a
 * service comes through here.
 */
static int client_index(lua_State *L)
{
    enum { CLIENT = 1, NAME, TYPE, VALUES };

    if (lua_type(L, CLIENT) != LUA_TUSERDATA || !lua_getmetatable(L, CLIENT) ||
        !lua_rawequal(L, -1, lua_upvalueindex(2)))
        luaL_checkudata(L, CLIENT, CLIENT_TYPE); /* raises */
    lua_settop(L, NAME);
    lua_pushvalue(L, NAME);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    lua_settop(L, NAME);
    lua_pushvalue(L, NAME);
    if (lua_rawget(L, lua_upvalueindex(3)) != LUA_TTABLE) {
        lua_settop(L, NAME);
        lua_gettable(L, lua_upvalueindex(1)); /* raises, by the prelude */
        return 1;
    }
    lua_getiuservalue(L, CLIENT, MEET_LUA_CLIENT_VALUES);
    lua_pushvalue(L, NAME);
    if (lua_rawget(L, VALUES) == LUA_TUSERDATA)
        return 1;
    push_service(L, TYPE);
    lua_pushvalue(L, NAME);
    lua_pushvalue(L, -2);
    lua_rawset(L, VALUES);
    return 1;
}

static const luaL_Reg client_methods[] = {
    {"close", client_close},
    {"stats", client_stats},
    {NULL, NULL},
};

void meet_lua_client_open(lua_State *L)
{
    luaL_newmetatable(L, CLIENT_TYPE);
    lua_pushcfunction(L, client_gc);
    lua_setfield(L, -2, "__gc");
    lua_pushcfunction(L, client_close);
    lua_setfield(L, -2, "__close");
    lua_pushcfunction(L, client_tostring);
    lua_setfield(L, -2, "__tostring");
    meet_lua_runtime_table(L, "client"); /* the prelude adds to it */
    luaL_setfuncs(L, client_methods, 0);
    lua_pushvalue(L, -2);
    meet_lua_runtime_table(L, "service_types");
    lua_pushcclosure(L, client_index, 3);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}
