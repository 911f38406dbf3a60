/*
 * lua_core.c - luaopen_googlemeet_core: registers the types, nothing else.
 * May run twice in a state.
 */
#include "lua_app.h"
#include "lua_array.h"
#include "lua_call.h"
#include "lua_client.h"
#include "lua_clock.h"
#include "lua_encode.h"
#include "lua_error.h"
#include "lua_exchange.h"
#include "lua_failure.h"
#include "lua_file.h"
#include "lua_group.h"
#include "lua_json.h"
#include "lua_limiter.h"
#include "lua_make.h"
#include "lua_name.h"
#include "lua_pager.h"
#include "lua_part.h"
#include "lua_request.h"
#include "lua_resource.h"
#include "lua_runtime.h"
#include "lua_service.h"
#include "lua_step.h"
#include "lua_stream.h"
#include "lua_system.h"
#include "lua_task.h"
#include "stay.h"
#include "version.h"

#include <lauxlib.h>

static const luaL_Reg plain_functions[] = {
    {"array", meet_lua_array_mark},   {"decode", meet_lua_json_text},
    {"encode", meet_lua_encode_text}, {"new", meet_lua_make_client},
    {"now", meet_lua_clock_now},      {NULL, NULL},
};

/* Functions for the prelude, by group: core.text.plain. */
static const struct {
    const char *group, *name;
    lua_CFunction function;
} functions[] = {
    {"app", "find", meet_lua_app_find},
    {"app", "given", meet_lua_app_given},
    {"call", "request", meet_lua_request},
    {"call", "send", meet_lua_call_send},
    {"client", "clock", meet_lua_client_clock},
    {"client", "of_resource", meet_lua_resource_client},
    {"client", "of_service", meet_lua_service_client},
    {"client", "settings", meet_lua_client_settings},
    {"error", "misuse", meet_lua_error_misuse},
    {"error", "new", meet_lua_error_new},
    {"error", "skip_source", meet_lua_error_skip_source},
    {"file", "checksum", meet_lua_file_checksum},
    {"file", "list", meet_lua_file_list},
    {"file", "lock", meet_lua_file_lock},
    {"file", "part", meet_lua_part},
    {"file", "read", meet_lua_file_read},
    {"file", "reason", meet_lua_file_reason},
    {"file", "replace", meet_lua_file_replace},
    {"file", "size", meet_lua_file_size},
    {"file", "touch", meet_lua_file_touch},
    {"limiter", "boot", meet_lua_limiter_boot},
    {"limiter", "file", meet_lua_limiter_file},
    {"limiter", "id", meet_lua_limiter_id},
    {"list", "check", meet_lua_pager_check},
    {"list", "defer", meet_lua_pager_defer},
    {"list", "filter", meet_lua_pager_filter},
    {"name", "is_meeting_code", meet_lua_name_is_meeting_code},
    {"name", "resolve", meet_lua_name_resolve},
    {"os", "is_terminal", meet_lua_system_is_terminal},
    {"os", "make_folder", meet_lua_system_make_folder},
    {"stream", "into", meet_lua_stream_into},
    {"stream", "open", meet_lua_stream_open},
    {"stream", "prepare", meet_lua_request_stream},
    {"stream", "read", meet_lua_stream_read},
    {"task", "cancel", meet_lua_task_cancel},
    {"task", "done", meet_lua_task_done},
    {"task", "expire", meet_lua_group_expire},
    {"task", "group", meet_lua_group_new},
    {"task", "let_go", meet_lua_step_let_go},
    {"task", "lock", meet_lua_task_lock},
    {"task", "outcome", meet_lua_task_outcome},
    {"task", "poll_set", meet_lua_step_poll_set},
    {"task", "ready", meet_lua_task_ready},
    {"task", "release", meet_lua_task_release},
    {"task", "start", meet_lua_task_start},
    {"task", "step", meet_lua_step},
    {"task", "turn", meet_lua_task_turn},
    {"task", "wait", meet_lua_task_await},
    {"text", "plain", meet_lua_error_plain},
    {"text", "shown", meet_lua_failure_shown},
};

/* Tables of the runtime that the prelude reads and adds to: core.shared. */
static const char *const shared[] = {"services",  "operations", "prepare",
                                     "resources", "hooks",      "client",
                                     "pager",     "task",       NULL};

__attribute__((visibility("default"))) int
luaopen_googlemeet_core(lua_State *L);

int luaopen_googlemeet_core(lua_State *L)
{
    luaL_checkversion(L);
    meet_stay_loaded();
    meet_lua_error_open(L);
    meet_lua_file_open(L);
    meet_lua_part_open(L);
    meet_lua_encode_open(L);
    meet_lua_limiter_open(L);
    meet_lua_runtime_open(L);
    meet_lua_clock_open(L);
    meet_lua_task_open(L);
    meet_lua_exchange_open(L);
    meet_lua_pager_open(L);
    meet_lua_service_open(L);
    luaL_newlib(L, plain_functions);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        luaL_getsubtable(L, -1, functions[i].group);
        lua_pushcfunction(L, functions[i].function);
        lua_setfield(L, -2, functions[i].name);
        lua_pop(L, 1);
    }
    lua_newtable(L);
    for (const char *const *table = shared; *table; table++) {
        meet_lua_runtime_table(L, *table);
        lua_setfield(L, -2, *table);
    }
    lua_setfield(L, -2, "shared");
    meet_lua_client_open(L);
    meet_lua_runtime_table(L, "client");
    lua_pushcfunction(L, meet_lua_make_sibling);
    lua_setfield(L, -2, "with");
    if (lua_getfield(L, -1, "request") == LUA_TNIL) { /* not the prelude's */
        lua_pushcfunction(L, meet_lua_request);
        lua_setfield(L, -3, "request");
    }
    lua_pop(L, 2);
    lua_pushliteral(L, MEET_VERSION);
    lua_setfield(L, -2, "version");
    return 1;
}
