/* lua_part.c - see lua_part.h. */
#include "lua_part.h"

#include "lua_file.h"
#include "part.h"

#include <errno.h>
#include <lauxlib.h>
#include <string.h>

#define PART_TYPE "googlemeet.part"

enum { LONGEST_NOTE = 8192 }; /* bytes that are read of one */

struct part {
    struct meet_part part;
    char path[]; /* where it is to stand */
};

static struct part *check(lua_State *L, int index)
{
    struct part *part = luaL_checkudata(L, index, PART_TYPE);

    luaL_argcheck(L, part->part.file.descriptor >= 0, index, "it is closed");
    return part;
}

int meet_lua_part_descriptor(lua_State *L, int index)
{
    return check(L, index)->part.file.descriptor;
}

/* Push true, or nil, a message and the error's number. */
static int push_result(lua_State *L, const struct part *part, int result)
{
    if (result != 0)
        return meet_lua_file_fail(L, part->path, errno);
    lua_pushboolean(L, 1);
    return 1;
}

/* part:close(keeps): keep the bytes for another call, or drop them. May be
   repeated. */
static int part_close(lua_State *L)
{
    struct part *part = luaL_checkudata(L, 1, PART_TYPE);

    meet_part_close(&part->part, lua_toboolean(L, 2));
    return 0;
}

/* A part that was not closed is kept, if it has bytes. */
static int part_gc(lua_State *L)
{
    struct part *part = luaL_checkudata(L, 1, PART_TYPE);
    bool is_open = part->part.file.descriptor >= 0;

    meet_part_close(&part->part, !is_open || meet_part_size(&part->part) != 0);
    return 0;
}

/* part:note(): its note, or nil. */
static int part_note(lua_State *L)
{
    const struct part *part = check(L, 1);
    char text[LONGEST_NOTE];
    ssize_t length = meet_part_read_note(&part->part, text, sizeof text);

    if (length < 0)
        return 0;
    lua_pushlstring(L, text, (size_t)length);
    return 1;
}

/* part:size(): its bytes; or nil, a message and the error's number. */
static int part_size(lua_State *L)
{
    const struct part *part = check(L, 1);
    int64_t size = meet_part_size(&part->part);

    if (size < 0)
        return push_result(L, part, -1);
    lua_pushinteger(L, size);
    return 1;
}

/* part:restart(note): start again, with a note or nil. */
static int part_restart(lua_State *L)
{
    struct part *part = check(L, 1);
    size_t length = 0;
    const char *note = luaL_optlstring(L, 2, NULL, &length);

    return push_result(L, part, meet_part_restart(&part->part, note, length));
}

/* part:cut(size): continue behind so many bytes. */
static int part_cut(lua_State *L)
{
    struct part *part = check(L, 1);
    lua_Integer size = luaL_checkinteger(L, 2);

    return push_result(L, part, meet_part_cut(&part->part, size));
}

/* part:write(bytes): append. */
static int part_write(lua_State *L)
{
    struct part *part = check(L, 1);
    size_t length;
    const char *bytes = luaL_checklstring(L, 2, &length);

    return push_result(L, part, meet_part_write(&part->part, bytes, length));
}

/* part:take(): the file is complete: sync it and rename it to the target. */
static int part_take(lua_State *L)
{
    struct part *part = check(L, 1);

    return push_result(L, part, meet_part_take(&part->part, part->path));
}

void meet_lua_part_open(lua_State *L)
{
    static const luaL_Reg meta[] = {
        {"__gc", part_gc}, {"__close", part_gc}, {NULL, NULL}};
    static const luaL_Reg methods[] = {
        {"close", part_close},     {"cut", part_cut},   {"note", part_note},
        {"restart", part_restart}, {"size", part_size}, {"take", part_take},
        {"write", part_write},     {NULL, NULL}};

    luaL_newmetatable(L, PART_TYPE);
    luaL_setfuncs(L, meta, 0);
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}

/***
 * Open the partial file of a path, which grows over several runs:
 * core.file.part. No other process can open it meanwhile.
 * @param path string
 * @return part, with the methods above, which give true, or nil, a message and
 *   the error's number; or nil and those: also for what is at the path and is
 *   no regular file
 */
int meet_lua_part(lua_State *L)
{
    const char *path = meet_lua_file_check_path(L);
    size_t size = strlen(path) + 1;
    struct part *part;

    lua_settop(L, 1);
    part = lua_newuserdatauv(L, sizeof *part + size, 0);
    meet_part_init(&part->part);
    memcpy(part->path, path, size);
    luaL_setmetatable(L, PART_TYPE);
    if (meet_part_open(&part->part, path) == 0)
        return 1;
    push_result(L, part, -1);
    meet_part_close(&part->part, true);
    return 3;
}
