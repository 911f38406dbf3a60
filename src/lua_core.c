/*
 * lua_core.c - luaopen_googlemeet_core: registers the types, nothing else.
 * May run twice in a state.
 */
#include "lua_client.h"
#include "lua_clock.h"
#include "lua_error.h"
#include "lua_exchange.h"
#include "lua_encode.h"
#include "lua_json.h"
#include "lua_name.h"
#include "lua_pager.h"
#include "lua_resource.h"
#include "lua_runtime.h"
#include "lua_service.h"
#include "lua_settings.h"
#include "lua_system.h"
#include "lua_task.h"

#include <lauxlib.h>

#ifndef MEET_VERSION
#define MEET_VERSION "0.1.0"
#endif

static const luaL_Reg core_functions[] = {
    {"array", meet_lua_encode_array},
    {"clock_of", meet_lua_clock_of},
    {"client_of", meet_lua_resource_client},
    {"client_of_service", meet_lua_service_client},
    {"error", meet_lua_error_new},
    {"decode", meet_lua_json_text},
    {"encode", meet_lua_encode_text},
    {"defer_list", meet_lua_pager_defer},
    {"is_terminal", meet_lua_system_is_terminal},
    {"make_folder", meet_lua_system_make_folder},
    {"keep_items", meet_lua_pager_keep},
    {"settings_of", meet_lua_settings_of},
    {"pass_over", meet_lua_error_pass_over},
    {"task_resume", meet_lua_task_resume},
    {"task_step", meet_lua_task_step},
    {"writes_given_up", meet_lua_task_writes_given_up},
    {"poll_set", meet_lua_task_poll_set},
    {"now", meet_lua_clock_now},
    {"name", meet_lua_name},
    {"is_code", meet_lua_name_is_code},
    {NULL, NULL},
};

/* Tables of the runtime that the prelude adds to. */
static const char *const shared[] = {"services",  "operations", "checks",
                                     "resources", "hooks",      "client",
                                     "tasks",     NULL};

__attribute__((visibility("default"))) int
luaopen_googlemeet_core(lua_State *L);

int luaopen_googlemeet_core(lua_State *L)
{
    luaL_checkversion(L);
    meet_lua_error_open(L);
    meet_lua_json_open(L);
    meet_lua_runtime_open(L);
    meet_lua_exchange_open(L);
    meet_lua_pager_open(L);
    meet_lua_service_open(L);
    luaL_newlib(L, core_functions);
    meet_lua_client_open(L);
    lua_setfield(L, -2, "new");
    for (const char *const *name = shared; *name; name++) {
        meet_lua_runtime_table(L, *name);
        lua_setfield(L, -2, *name);
    }
    lua_pushliteral(L, MEET_VERSION);
    lua_setfield(L, -2, "version");
    return 1;
}
