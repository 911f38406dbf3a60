/* lua_file.c - see lua_file.h. */
#include "lua_file.h"

#include "checksum.h"
#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOLD_TYPE "googlemeet.file"

enum { CHUNK = 65536 }; /* bytes of one read */

/* What is closed even where Lua raises: by __close, or by the collector. */
struct hold {
    int descriptor; /* -1: none */
    DIR *folder;    /* NULL: none */
    pid_t locker;   /* process that has locked 'path'; 0: none */
    char path[];    /* of a lock; otherwise empty */
};

static int hold_close(lua_State *L)
{
    struct hold *hold = luaL_checkudata(L, 1, HOLD_TYPE);

    if (hold->locker != 0 && hold->locker == getpid())
        meet_file_unlock(hold->descriptor, hold->path);
    else if (hold->descriptor >= 0)
        close(hold->descriptor); /* a fork leaves the lock to its parent */
    if (hold->folder)
        closedir(hold->folder);
    hold->descriptor = -1;
    hold->folder = NULL;
    hold->locker = 0;
    return 0;
}

static struct hold *push_hold(lua_State *L, const char *path)
{
    size_t size = strlen(path) + 1;
    struct hold *hold = lua_newuserdatauv(L, sizeof *hold + size, 0);

    hold->descriptor = -1;
    hold->folder = NULL;
    hold->locker = 0;
    memcpy(hold->path, path, size);
    luaL_setmetatable(L, HOLD_TYPE);
    return hold;
}

void meet_lua_file_open(lua_State *L)
{
    static const luaL_Reg methods[] = {
        {"__gc", hold_close}, {"__close", hold_close}, {NULL, NULL}};

    luaL_newmetatable(L, HOLD_TYPE);
    luaL_setfuncs(L, methods, 0);
    lua_newtable(L);
    lua_pushcfunction(L, hold_close);
    lua_setfield(L, -2, "close");
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}

const char *meet_lua_file_check_path(lua_State *L)
{
    size_t length;
    const char *path = luaL_checklstring(L, 1, &length);

    luaL_argcheck(L, strlen(path) == length, 1, "a path has no NUL byte");
    return path;
}

int meet_lua_file_fail(lua_State *L, const char *path, int number)
{
    const char *reason = strerror(number);

    if (number == ELOOP)
        reason = "it is a symbolic link, which is not followed";
    else if (number == ENODEV)
        reason = "it is not a regular file";
    else if (number == EWOULDBLOCK)
        reason = "it is locked by another process or by this one";
    else if (number == ESTALE)
        reason = "another file has replaced the partial file";
    else if (number == EEXIST)
        reason =
            "the partial file belongs to another user, or has a second name";
    lua_pushnil(L);
    lua_pushfstring(L, "%s: %s", path, reason);
    lua_pushinteger(L, number);
    return 3;
}

/* The same for the path at index 1. */
static int push_failure(lua_State *L, int number)
{
    return meet_lua_file_fail(L, lua_tostring(L, 1), number);
}

/* Push true, or what push_failure does, by the result of file.h. */
static int push_result(lua_State *L, int result)
{
    if (result != 0)
        return push_failure(L, errno);
    lua_pushboolean(L, 1);
    return 1;
}

/***
 * Write a file as a whole: core.file.replace. It has all of the text, on the
 * disk, or its old content. It can be read and written by its owner alone.
 * @param path string
 * @param text string
 * @return true; or nil, a message and the error's number: also for what is
 *   at the path and is no regular file
 */
int meet_lua_file_replace(lua_State *L)
{
    size_t length;
    const char *path = meet_lua_file_check_path(L);
    const char *text = luaL_checklstring(L, 2, &length);
    struct meet_file file;
    int result = meet_file_create(&file, path);

    if (result == 0)
        result = meet_file_write(&file, text, length);
    if (result == 0)
        result = meet_file_take(&file, path);
    meet_file_discard(&file);
    return push_result(L, result);
}

/***
 * Make an empty file for its owner alone: core.file.touch.
 * @param path string
 * @return true, also if something is there already; or nil, a message and the
 *   error's number: also for a symbolic link that leads nowhere
 */
int meet_lua_file_touch(lua_State *L)
{
    return push_result(L, meet_file_touch(meet_lua_file_check_path(L)));
}

/***
 * Read a regular file: core.file.read.
 * @param path string; no symbolic link
 * @return string; or nil, a message and the error's number
 */
int meet_lua_file_read(lua_State *L)
{
    const char *path = meet_lua_file_check_path(L);
    struct hold *hold;
    luaL_Buffer text;
    ssize_t got;

    lua_settop(L, 1);
    hold = push_hold(L, "");
    lua_toclose(L, -1);
    hold->descriptor = meet_file_open(path);
    if (hold->descriptor < 0)
        return push_failure(L, errno);
    luaL_buffinit(L, &text);
    do {
        char *space = luaL_prepbuffsize(&text, CHUNK);

        got = read(hold->descriptor, space, CHUNK);
        if (got > 0)
            luaL_addsize(&text, (size_t)got);
    } while (got > 0 || (got < 0 && errno == EINTR));
    if (got < 0)
        return push_failure(L, errno);
    luaL_pushresult(&text);
    return 1;
}

/***
 * The size of a regular file: core.file.size.
 * @param path string; no symbolic link
 * @return integer: bytes; or nil, a message and the error's number
 */
int meet_lua_file_size(lua_State *L)
{
    const char *path = meet_lua_file_check_path(L);
    struct stat at;

    lua_settop(L, 1);
    if (lstat(path, &at) != 0)
        return push_failure(L, errno);
    if (!S_ISREG(at.st_mode))
        return push_failure(L, S_ISLNK(at.st_mode) ? ELOOP : ENODEV);
    lua_pushinteger(L, at.st_size);
    return 1;
}

/***
 * List a folder: core.file.list.
 * @param path string
 * @return array of the names in it, in no order, without "." and ".."; or nil,
 *   a message and the error's number
 */
int meet_lua_file_list(lua_State *L)
{
    const char *path = meet_lua_file_check_path(L);
    const struct dirent *entry;
    struct hold *hold;
    lua_Integer count = 0;

    lua_settop(L, 1);
    hold = push_hold(L, "");
    lua_toclose(L, -1);
    lua_newtable(L);
    hold->folder = opendir(path);
    if (!hold->folder)
        return push_failure(L, errno);
    for (errno = 0; (entry = readdir(hold->folder)); errno = 0) {
        if (strcmp(entry->d_name, ".") != 0 &&
            strcmp(entry->d_name, "..") != 0) {
            lua_pushstring(L, entry->d_name);
            lua_rawseti(L, -2, ++count);
        }
    }
    return errno ? push_failure(L, errno) : 1;
}

/***
 * Lock a file, which is created if it does not exist: core.file.lock. An empty
 * one is removed when the lock is closed.
 * @param path string
 * @return lock: held until lock:close(), the end of its scope (<close>) or of
 *   the process; or nil, a message and the error's number where another
 *   process, or this one, holds it
 */
int meet_lua_file_lock(lua_State *L)
{
    const char *path = meet_lua_file_check_path(L);
    struct hold *hold;

    lua_settop(L, 1);
    hold = push_hold(L, path);
    hold->descriptor = meet_file_lock(path);
    if (hold->descriptor < 0)
        return push_failure(L, errno);
    hold->locker = getpid();
    return 1;
}

/***
 * A checksum that shows torn and mixed files: core.file.checksum.
 * @param text string
 * @return string of 16 hex digits
 */
int meet_lua_file_checksum(lua_State *L)
{
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    char digits[17];

    snprintf(digits, sizeof digits, "%016llx",
             (unsigned long long)meet_checksum(text, length));
    lua_pushstring(L, digits);
    return 1;
}

/***
 * Why a file cannot be used, as a word: core.file.reason.
 * @param number the error's number, as the other functions return it
 * @return "absent", "denied" (or a disk that cannot be written), "descriptors",
 * "full", "lost" (another thing took its place), "locked", "name" (too long),
 * "type" (no regular file); nil for any other
 */
int meet_lua_file_reason(lua_State *L)
{
    static const struct {
        int number;
        const char *word;
    } reasons[] = {
        {ENOENT, "absent"},      {EACCES, "denied"},
        {EPERM, "denied"},       {EROFS, "denied"},
        {ENOSPC, "full"},        {EDQUOT, "full"},
        {EFBIG, "full"},         {ELOOP, "type"},
        {EISDIR, "type"},        {EWOULDBLOCK, "locked"},
        {ENODEV, "type"},        {ENAMETOOLONG, "name"},
        {EMFILE, "descriptors"}, {ENFILE, "descriptors"},
        {EEXIST, "denied"},      {ESTALE, "lost"},
    };
    lua_Integer number = luaL_optinteger(L, 1, 0);

    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (reasons[i].number == number) {
            lua_pushstring(L, reasons[i].word);
            return 1;
        }
    }
    lua_pushnil(L);
    return 1;
}
