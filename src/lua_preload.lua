-- lua_preload.lua FILE...: write lua_preload.c, which has these files of lua/ inside, to standard
-- output.

print [[
/* lua_preload.c - written by lua_preload.lua; see lua_preload.h. */
#include "lua_preload.h"

#include <lauxlib.h>

int luaopen_googlemeet_core(lua_State *L);

struct part {
    const char *name, *source; /* of the module; of its lines in messages */
    const unsigned char *bytes;
    size_t size;
};
]]

local rows = {}
for index, path in ipairs(arg) do
  local file <close> = assert(io.open(path, "rb"))
  local text = file:read "a"
  rows[index] = ('    {"%s", "@[googlemeet]/%s",\n     part_%d, sizeof part_%d},'):format(
    path:match "^lua/(.*)%.lua$":gsub("/init$", ""):gsub("/", "."),
    path:match "^lua/googlemeet/(.*)$", index, index)
  print(("static const unsigned char part_%d[] = {"):format(index))
  for from = 1, #text, 20 do
    print(table.concat({ text:byte(from, from + 19) }, ",") .. ",")
  end
  print "};\n"
end

print("static const struct part parts[] = {\n" .. table.concat(rows, "\n") .. [[

};

static int load(lua_State *L)
{
    const struct part *part = lua_touserdata(L, lua_upvalueindex(1));

    if (luaL_loadbufferx(L, (const char *)part->bytes, part->size, part->source,
                         "t") != LUA_OK)
        return lua_error(L);
    lua_pushstring(L, part->name);
    lua_pushstring(L, part->source + 1);
    lua_call(L, 2, 1);
    return 1;
}

void meet_preload(lua_State *L)
{
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        lua_pushlightuserdata(L, (void *)&parts[i]);
        lua_pushcclosure(L, load, 1);
        lua_setfield(L, -2, parts[i].name);
    }
    lua_pushcfunction(L, luaopen_googlemeet_core);
    lua_setfield(L, -2, "googlemeet.core");
    lua_pop(L, 1);
}
]])
