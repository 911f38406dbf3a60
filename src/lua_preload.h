/*
 * lua_preload.h - the module inside a program: no file of it is read. For hosts
 * that link libgooglemeet.a (make static).
 */
#pragma once

#include <lua.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Let `require` find the module and all its parts in this program, and nowhere
 * else. The module needs lua-cjson: `require "cjson"` has to find it. Raises
 * when memory runs out. [-0, +0, m]
 */
void meet_preload(lua_State *L);

#ifdef __cplusplus
}
#endif
