/* lua_options.c - see lua_options.h. */
#include "lua_options.h"

#include "lua_error.h"
#include "lua_runtime.h"
#include "nanoseconds.h"

#include <lauxlib.h>
#include <string.h>

const char *meet_lua_options_string(lua_State *L, int index)
{
    const char *string =
        lua_type(L, index) == LUA_TSTRING ? lua_tostring(L, index) : NULL;

    return string && strlen(string) == lua_rawlen(L, index) ? string : NULL;
}

static bool applies(const struct meet_lua_option *row, unsigned kinds)
{
    return row->applies == 0 || (row->applies & kinds) != 0;
}

static const struct meet_lua_option *find(const struct meet_lua_option *rows,
                                          unsigned kinds, const char *name)
{
    for (; rows->name; rows++)
        if (applies(rows, kinds) && strcmp(rows->name, name) == 0)
            return rows;
    return NULL;
}

/* Push a table whose keys are the known names. [-0, +1, m] */
static void push_known(lua_State *L, const struct meet_lua_option *rows,
                       unsigned kinds)
{
    lua_newtable(L);
    for (; rows->name; rows++) {
        if (!applies(rows, kinds))
            continue;
        lua_pushboolean(L, true);
        lua_setfield(L, -2, rows->name);
    }
}

/* Raise in the prelude's words: the first unknown name of the table at 'index'
   in alphabetical order, with a near one or with all. 'name' is one of them. */
static int raise_unknown(lua_State *L, int index, const char *what,
                         const struct meet_lua_option *rows, unsigned kinds,
                         const char *name)
{
    meet_lua_runtime_table(L, "hooks");
    if (lua_getfield(L, -1, "unknown") == LUA_TFUNCTION) {
        lua_pushvalue(L, index);
        meet_lua_options_copy(L, lua_gettop(L));
        push_known(L, rows, kinds);
        lua_call(L, 2, 1);
    }
    if (lua_isstring(L, -1)) /* a finalizer may have taken the name out */
        meet_lua_error_raise(L, "%s: %s", what, lua_tostring(L, -1));
    return meet_lua_error_raise(L, "%s: unknown option '%s'", what, name);
}

static int type_bit(lua_State *L)
{
    switch (lua_type(L, -1)) {
    case LUA_TSTRING:
        return MEET_OPTION_STRING | MEET_OPTION_BYTES;
    case LUA_TNUMBER:
        return MEET_OPTION_NUMBER | MEET_OPTION_INTEGER | MEET_OPTION_COUNT |
               MEET_OPTION_SECONDS;
    case LUA_TFUNCTION:
        return MEET_OPTION_FUNCTION;
    case LUA_TTABLE:
        return MEET_OPTION_TABLE;
    case LUA_TBOOLEAN:
        return lua_toboolean(L, -1) ? 0 : MEET_OPTION_FALSE;
    default:
        return 0;
    }
}

static void raise_wrong_type(lua_State *L, const char *what,
                             const struct meet_lua_option *row)
{
    static const struct {
        int type;
        const char *name;
    } names[] = {
        {MEET_OPTION_STRING, "string"},     {MEET_OPTION_NUMBER, "number"},
        {MEET_OPTION_INTEGER, "integer"},   {MEET_OPTION_TABLE, "table"},
        {MEET_OPTION_FUNCTION, "function"}, {MEET_OPTION_FALSE, "false"},
        {MEET_OPTION_BYTES, "string"},      {MEET_OPTION_COUNT, "integer"},
        {MEET_OPTION_SECONDS, "number"},
    };
    char expected[80] = "";

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!(row->types & names[i].type))
            continue;
        if (expected[0])
            strncat(expected, " or ", sizeof expected - strlen(expected) - 1);
        strncat(expected, names[i].name,
                sizeof expected - strlen(expected) - 1);
    }
    meet_lua_error_raise(
        L, "%s: option '%s': %s expected, got %s", what, row->name, expected,
        lua_isboolean(L, -1) && lua_toboolean(L, -1) ? "true"
                                                     : luaL_typename(L, -1));
}

static void raise_out_of_range(lua_State *L, const char *what,
                               const struct meet_lua_option *row)
{
    if (row->highest >= MEET_OPTION_ENDLESS &&
        !(lua_tonumber(L, -1) > row->highest))
        meet_lua_error_raise(L, "%s: option '%s' must be %.15g or more", what,
                             row->name, row->lowest);
    meet_lua_error_raise(L, "%s: option '%s' must be from %.16g to %.16g", what,
                         row->name, row->lowest, row->highest);
}

static void store_number(lua_State *L, const char *what,
                         const struct meet_lua_option *row, void *at)
{
    lua_Number number = lua_tonumber(L, -1);
    lua_Integer integer;
    int exact;

    if (!(number >= row->lowest && number <= row->highest))
        raise_out_of_range(L, what, row);
    integer = lua_tointegerx(L, -1, &exact);
    if (row->types & MEET_OPTION_NUMBER)
        *(double *)at = number;
    else if (row->types & MEET_OPTION_SECONDS)
        *(int64_t *)at = meet_ns_from_seconds(number);
    else if (!exact)
        meet_lua_error_raise(L, "%s: option '%s' must be a whole number", what,
                             row->name);
    else if (row->types & MEET_OPTION_COUNT)
        *(unsigned *)at = (unsigned)integer;
    else
        *(long long *)at = integer;
}

static void store_string(lua_State *L, const char *what,
                         const struct meet_lua_option *row, char *at)
{
    const char *string = meet_lua_options_string(L, -1);

    if (!string)
        meet_lua_error_raise(L, "%s: option '%s' has a NUL byte", what,
                             row->name);
    memcpy(at, &string, sizeof string);
}

int meet_lua_options_get(lua_State *L, int index, const char *name)
{
    index = lua_absindex(L, index);
    lua_pushstring(L, name);
    return lua_rawget(L, index);
}

/* Push the type of an object of this module at 'index', if it is one: a
   resource, an error, the module itself. [-0, +(0|1), m] */
static const char *push_object(lua_State *L, int index)
{
    const char *type;

    if (luaL_getmetafield(L, index, "__name") == LUA_TNIL)
        return NULL;
    type = meet_lua_options_string(L, -1);
    if (type && strncmp(type, "googlemeet", 10) == 0)
        return type;
    lua_pop(L, 1);
    return NULL;
}

static void check_table(lua_State *L, int index, const char *what)
{
    const char *object;

    if (!lua_istable(L, index))
        meet_lua_error_raise(L, "%s: options must be a table, got %s", what,
                             luaL_typename(L, index));
    object = push_object(L, index);
    if (object && strcmp(object, "googlemeet") == 0)
        meet_lua_error_raise(L,
                             "%s: options expected, got the module: call it "
                             "with a dot",
                             what);
    if (object)
        meet_lua_error_raise(L, "%s: options must be a plain table, got a %s",
                             what, object);
}

/* Replace the connection on top by its id, in the table at 'index' too, where
   its key is below it. [-0, +0, v] */
static void take_id(lua_State *L, int index, const char *what, const char *name)
{
    if (meet_lua_options_get(L, -1, "connection_id") != LUA_TSTRING)
        meet_lua_error_raise(
            L, "%s: option '%s': the table has no 'connection_id'", what, name);
    lua_replace(L, -2);
    lua_pushvalue(L, -2);
    lua_pushvalue(L, -2);
    lua_rawset(L, index);
}

void meet_lua_options_copy(lua_State *L, int index)
{
    if (!lua_istable(L, index))
        return; /* meet_lua_options_read raises */
    if (push_object(L, index)) {
        lua_pop(L, 1);
        return; /* likewise */
    }
    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
    }
    lua_replace(L, index);
}

void meet_lua_options_read(lua_State *L, int index, const char *what,
                           const struct meet_lua_option *rows, unsigned kinds,
                           void *target)
{
    if (lua_isnoneornil(L, index))
        return;
    index = lua_absindex(L, index);
    check_table(L, index, what);
    lua_pushnil(L);
    while (lua_next(L, index)) {
        const char *name = meet_lua_options_string(L, -2);
        const struct meet_lua_option *row;
        int type;

        if (!name)
            meet_lua_error_raise(L,
                                 "%s: an option's name must be a string "
                                 "without NUL bytes",
                                 what);
        row = find(rows, kinds, name);
        if (!row) {
            raise_unknown(L, index, what, rows, kinds, name);
            return; /* not reached: it has raised */
        }
        if ((row->types & MEET_OPTION_ID) && lua_istable(L, -1))
            take_id(L, index, what, name);
        type = type_bit(L);
        if (!(row->types & type))
            raise_wrong_type(L, what, row);
        if (type & MEET_OPTION_NUMBER)
            store_number(L, what, row, (char *)target + row->offset);
        else if (type & row->types & MEET_OPTION_STRING)
            store_string(L, what, row, (char *)target + row->offset);
        lua_pop(L, 1);
    }
}
