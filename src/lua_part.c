/* lua_part.c - see lua_part.h. */
#include "lua_part.h"

#include "file.h"
#include "lua_file.h"

#include <errno.h>
#include <lauxlib.h>
#include <string.h>

#define PART_TYPE "googlemeet.part"

enum { LONGEST_NOTE = 4160 }; /* bytes of a folder's path and a name */

struct part {
    struct meet_file file; /* descriptor -1: closed */
    char path[];           /* where it is to stand */
};

static struct part *check(lua_State *L, int index)
{
    struct part *part = luaL_checkudata(L, index, PART_TYPE);

    luaL_argcheck(L, part->file.descriptor >= 0, index, "it is closed");
    return part;
}

int meet_lua_part_descriptor(lua_State *L, int index)
{
    return check(L, index)->file.descriptor;
}

static int fail(lua_State *L, const char *path)
{
    return meet_lua_file_fail(L, path, errno);
}

/* part:close(): let it be, for another day. */
static int part_close(lua_State *L)
{
    struct part *part = luaL_checkudata(L, 1, PART_TYPE);

    meet_file_leave(&part->file);
    return 0;
}

/* part:size(): its bytes; nil, a message and the error's number. */
static int part_size(lua_State *L)
{
    const struct part *part = check(L, 1);
    int64_t size = meet_file_size(&part->file);

    if (size < 0)
        return fail(L, part->path);
    lua_pushinteger(L, size);
    return 1;
}

/* part:cut(size): go on behind so many bytes; true, or nil, a message and the
   error's number. */
static int part_cut(lua_State *L)
{
    const struct part *part = check(L, 1);
    lua_Integer size = luaL_checkinteger(L, 2);

    if (meet_file_cut(&part->file, size) != 0)
        return fail(L, part->path);
    lua_pushboolean(L, 1);
    return 1;
}

/* part:write(bytes): append; true, or nil, a message and the error's number. */
static int part_write(lua_State *L)
{
    struct part *part = check(L, 1);
    size_t length;
    const char *bytes = luaL_checklstring(L, 2, &length);

    if (meet_file_write(&part->file, bytes, length) != 0)
        return fail(L, part->path);
    lua_pushboolean(L, 1);
    return 1;
}

/* part:note(text): write its note; true, or nil, a message and the error's
   number. */
static int part_note(lua_State *L)
{
    const struct part *part = check(L, 1);
    size_t length;
    const char *text = luaL_checklstring(L, 2, &length);

    if (meet_file_note(&part->file, text, length) != 0)
        return fail(L, part->path);
    lua_pushboolean(L, 1);
    return 1;
}

/* part:take(): it is whole: put it, synced, in its place, and close it; true,
   or nil, a message and the error's number. */
static int part_take(lua_State *L)
{
    struct part *part = check(L, 1);
    int result = meet_file_take(&part->file, part->path);

    if (result != 0)
        result = errno;
    meet_file_leave(&part->file);
    if (result != 0)
        return meet_lua_file_fail(L, part->path, result);
    lua_pushboolean(L, 1);
    return 1;
}

/* part:discard(): remove it, and close it. */
static int part_discard(lua_State *L)
{
    meet_file_discard(&check(L, 1)->file);
    return 0;
}

void meet_lua_part_open(lua_State *L)
{
    static const luaL_Reg meta[] = {
        {"__gc", part_close}, {"__close", part_close}, {NULL, NULL}};
    static const luaL_Reg methods[] = {
        {"close", part_close},     {"cut", part_cut},
        {"size", part_size},       {"take", part_take},
        {"discard", part_discard}, {"write", part_write},
        {"note", part_note},       {NULL, NULL}};

    luaL_newmetatable(L, PART_TYPE);
    luaL_setfuncs(L, meta, 0);
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}

/***
 * Open the file in which what is to stand at a path grows, over several runs:
 * core.file.part. Nobody else can have it open meanwhile.
 * @param path string
 * @return part, with the methods above; or nil, a message and the error's
 *   number: also for what is at the path and is no regular file
 * @return string: path of a file for a note of what it holds
 */
int meet_lua_part(lua_State *L)
{
    const char *path = meet_lua_file_check_path(L);
    size_t size = strlen(path) + 1;
    char note[LONGEST_NOTE];
    struct part *part;

    lua_settop(L, 1);
    part = lua_newuserdatauv(L, sizeof *part + size, 0);
    part->file = (struct meet_file){.folder = -1, .descriptor = -1};
    memcpy(part->path, path, size);
    luaL_setmetatable(L, PART_TYPE);
    if (meet_file_resume(&part->file, path, note, sizeof note) != 0) {
        int number = errno;

        meet_file_leave(&part->file);
        return meet_lua_file_fail(L, path, number);
    }
    lua_pushstring(L, note);
    return 2;
}
