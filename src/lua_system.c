/* lua_system.c - see lua_system.h. */
#include "lua_system.h"

#include <errno.h>
#include <lauxlib.h>
#include <sys/stat.h>
#include <unistd.h>

/***
 * Whether a file is a terminal: core.os.is_terminal.
 * @param file file handle
 * @return boolean; false for a closed file
 */
int meet_lua_system_is_terminal(lua_State *L)
{
    const luaL_Stream *stream = luaL_checkudata(L, 1, LUA_FILEHANDLE);

    lua_pushboolean(L, stream->closef && isatty(fileno(stream->f)));
    return 1;
}

/***
 * Make a folder: core.os.make_folder.
 * @param path string; its parent exists
 * @return true, also if the path already exists; or nil, a message and
 *   the error's number
 */
int meet_lua_system_make_folder(lua_State *L)
{
    const char *path = luaL_checkstring(L, 1);

    return luaL_fileresult(L, mkdir(path, 0777) == 0 || errno == EEXIST, path);
}
