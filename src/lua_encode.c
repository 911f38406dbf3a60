/* lua_encode.c - see lua_encode.h. */
#include "lua_encode.h"

#include "lua_array.h"
#include "lua_error.h"
#include "utf8.h"

#include <lauxlib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER_TYPE "googlemeet.buffer"

/* Most bytes of a text outside a request. */
#define LARGEST_TEXT ((size_t)1 << 30)

/* Deeper than any request of the API; catches a table that contains itself. */
#define DEEPEST 64

/* Registry key; the value is never used. */
static const char encode_key = 0;

void meet_lua_encode_open(lua_State *L)
{
    lua_getglobal(L, "require");
    lua_pushliteral(L, "cjson");
    lua_call(L, 1, 1);
    lua_getfield(L, -1, "new");
    lua_call(L, 0, 1); /* a private instance: other users' settings stay */
    lua_getfield(L, -1, "encode");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &encode_key);
    meet_lua_array_open(L);
    lua_pop(L, 2);
}

/* The state of one encoding. */
struct encoder {
    lua_State *L;
    struct meet_buffer *json;
    struct meet_error *err;
    int depth;
};

static int encode_value(struct encoder *encoder, int index);

static int put(struct encoder *encoder, const char *text)
{
    return meet_buffer_append_string(encoder->json, text, encoder->err);
}

static int fail(struct encoder *encoder, const char *what)
{
    meet_error_set(encoder->err, MEET_CONFIG,
                   "the value cannot be written as JSON: %s", what);
    return -1;
}

static bool is_utf8(const char *bytes, size_t length)
{
    for (size_t at = 0, size; at < length; at += size) {
        size = meet_utf8_size(bytes + at, length - at);
        if (!size)
            return false;
    }
    return true;
}

/* Append the string as cjson writes it; Debian's 2.1.0 escapes / as \/. */
static int put_string(struct encoder *encoder, const char *text, size_t length)
{
    struct meet_buffer *json = encoder->json;
    size_t from = 0;

    for (size_t i = 0; i < length; i++) {
        if (text[i] != '\\')
            continue;
        if (text[++i] != '/')
            continue;
        if (meet_buffer_append(json, text + from, i - 1 - from, encoder->err) <
            0)
            return -1;
        from = i;
    }
    return meet_buffer_append(json, text + from, length - from, encoder->err);
}

static int encode_string(struct encoder *encoder, int index)
{
    lua_State *L = encoder->L;
    size_t length;
    const char *text = lua_tolstring(L, index, &length);
    int failed;

    if (!is_utf8(text, length))
        return fail(encoder, "a string is not UTF-8");
    lua_rawgetp(L, LUA_REGISTRYINDEX, &encode_key);
    lua_pushvalue(L, index);
    lua_call(L, 1, 1);
    text = lua_tolstring(L, -1, &length);
    failed = put_string(encoder, text, length);
    lua_pop(L, 1);
    return failed;
}

/* Append a number as the locale writes it, but for its point, which may have
   several bytes there. */
static int put_float(struct encoder *encoder, char *text)
{
    char *point = text + strspn(text, "-0123456789");
    char *rest = point + strcspn(point, "0123456789e");

    if (*point == 'e' || !*point)
        return put(encoder, text);
    *point = '\0';
    return put(encoder, text) < 0 || put(encoder, ".") < 0 ? -1
                                                           : put(encoder, rest);
}

/* The shortest of 15 to 17 digits that reads back as the same number. */
static int encode_number(struct encoder *encoder, int index)
{
    lua_Number number = lua_tonumber(encoder->L, index);
    char text[40];
    int is_whole;
    lua_Integer whole = lua_tointegerx(encoder->L, index, &is_whole);

    if (is_whole) { /* a float, too: rounded digits are another integer */
        snprintf(text, sizeof text, LUA_INTEGER_FMT, whole);
        return put(encoder, text);
    }
    if (!isfinite(number))
        return fail(encoder, "a number is not finite");
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    return put_float(encoder, text);
}

/* Count the entries; '*sequence' is false when a key is not in 1 … #t. */
static size_t count_entries(lua_State *L, int index, bool *sequence_only)
{
    lua_Unsigned length = lua_rawlen(L, index);
    size_t entries = 0;

    *sequence_only = true;
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        entries++;
        if (!lua_isinteger(L, -1) || lua_tointeger(L, -1) < 1 ||
            (lua_Unsigned)lua_tointeger(L, -1) > length)
            *sequence_only = false;
    }
    return entries;
}

static int encode_array(struct encoder *encoder, int index)
{
    lua_Integer length = (lua_Integer)lua_rawlen(encoder->L, index);

    if (put(encoder, "[") < 0)
        return -1;
    for (lua_Integer i = 1; i <= length; i++) {
        if (i > 1 && put(encoder, ",") < 0)
            return -1;
        lua_rawgeti(encoder->L, index, i);
        if (encode_value(encoder, lua_gettop(encoder->L)) < 0)
            return -1;
        lua_pop(encoder->L, 1);
    }
    return put(encoder, "]");
}

/* An object's name; the bytes belong to a string in the array of names. */
struct object_name {
    const char *bytes;
    size_t length;
};

static int compare_names(const void *one, const void *other)
{
    const struct object_name *a = one, *b = other;
    size_t common = a->length < b->length ? a->length : b->length;
    int order = memcmp(a->bytes, b->bytes, common);

    return order ? order : (a->length > b->length) - (a->length < b->length);
}

/*
 * Push an array that keeps the object's names alive, and a userdata of their
 * places, in order. NULL with the error set: a key is not a string, or there
 * are no longer 'count' of them, since an allocation may run a finalizer that
 * changes the table. The loop itself allocates nothing.
 */
static struct object_name *push_names(struct encoder *encoder, int index,
                                      size_t count)
{
    lua_State *L = encoder->L;
    struct object_name *names;
    size_t found = 0;
    int strings;

    lua_createtable(L, (int)count, 0);
    strings = lua_gettop(L);
    names = lua_newuserdatauv(L, (count + 1) * sizeof *names, 0);
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING) {
            fail(encoder, "an object's key is not a string, or an array has "
                          "a gap");
            return NULL;
        }
        if (found == count)
            break;
        names[found].bytes = lua_tolstring(L, -1, &names[found].length);
        lua_pushvalue(L, -1);
        lua_rawseti(L, strings, (lua_Integer)++found);
    }
    if (found != count || lua_gettop(L) > strings + 1) {
        fail(encoder, "it changed while it was read");
        return NULL;
    }
    qsort(names, count, sizeof *names, compare_names);
    return names;
}

/* Names in order, so that the same value always gives the same bytes. */
static int encode_object(struct encoder *encoder, int index, size_t count)
{
    lua_State *L = encoder->L;
    const struct object_name *names = push_names(encoder, index, count);

    if (!names)
        return -1;
    if (put(encoder, "{") < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        int name = lua_gettop(L) + 1;

        lua_pushlstring(L, names[i].bytes, names[i].length);
        lua_pushvalue(L, name);
        lua_rawget(L, index);
        if ((i > 0 && put(encoder, ",") < 0) ||
            encode_string(encoder, name) < 0 || put(encoder, ":") < 0 ||
            encode_value(encoder, name + 1) < 0)
            return -1;
        lua_settop(L, name - 1);
    }
    lua_pop(L, 2);
    return put(encoder, "}");
}

static int encode_table(struct encoder *encoder, int index)
{
    enum meet_lua_array mark = lua_getmetatable(encoder->L, index)
                                   ? meet_lua_array_take(encoder->L)
                                   : MEET_LUA_UNMARKED;
    bool sequence_only, array;
    size_t entries;
    int failed;

    if (++encoder->depth > DEEPEST)
        return fail(encoder, "it is over 64 levels deep, or contains itself");
    luaL_checkstack(encoder->L, 8, "JSON is too deep");
    entries = count_entries(encoder->L, index, &sequence_only);
    array = mark == MEET_LUA_ARRAY ||
            (mark == MEET_LUA_ARRAY_IF_EMPTY && entries == 0);
    if (array && !sequence_only)
        return fail(encoder, "an array has a key that is not an index");
    failed = array || (entries > 0 && sequence_only &&
                       entries == lua_rawlen(encoder->L, index))
                 ? encode_array(encoder, index)
                 : encode_object(encoder, index, entries);
    encoder->depth--;
    return failed;
}

static int encode_value(struct encoder *encoder, int index)
{
    lua_State *L = encoder->L;

    switch (lua_type(L, index)) {
    case LUA_TSTRING:
        return encode_string(encoder, index);
    case LUA_TNUMBER:
        return encode_number(encoder, index);
    case LUA_TBOOLEAN:
        return put(encoder, lua_toboolean(L, index) ? "true" : "false");
    case LUA_TTABLE:
        return encode_table(encoder, index);
    case LUA_TLIGHTUSERDATA:
        if (!lua_touserdata(L, index)) /* cjson.null */
            return put(encoder, "null");
        lua_pushvalue(L, index);
        if (meet_lua_array_take(L) == MEET_LUA_ARRAY)
            return put(encoder, "[]");
        /* fall through */
    default:
        return fail(encoder, lua_typename(L, lua_type(L, index)));
    }
}

int meet_lua_encode(lua_State *L, int index, struct meet_buffer *json,
                    struct meet_error *err)
{
    struct encoder encoder = {.L = L, .json = json, .err = err};
    int top = lua_gettop(L);
    int failed = encode_value(&encoder, lua_absindex(L, index));

    lua_settop(L, top);
    return failed;
}

static int buffer_gc(lua_State *L)
{
    meet_buffer_deinit(lua_touserdata(L, 1));
    return 0;
}

/* Push an empty buffer in a userdata that frees it: an encoding may raise. */
static struct meet_buffer *push_buffer(lua_State *L)
{
    struct meet_buffer *buffer = lua_newuserdatauv(L, sizeof *buffer, 0);

    meet_buffer_init(buffer, LARGEST_TEXT);
    if (luaL_newmetatable(L, BUFFER_TYPE)) {
        lua_pushcfunction(L, buffer_gc);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    return buffer;
}

/***
 * JSON of a value: core.encode. Whole numbers are exact, an object's names
 * in order.
 * @return string, or nil and a message
 */
int meet_lua_encode_text(lua_State *L)
{
    struct meet_buffer *json;
    struct meet_error err;

    luaL_checkany(L, 1);
    json = push_buffer(L);
    if (meet_lua_encode(L, 1, json, &err) < 0) {
        if (err.kind == MEET_MEMORY)
            meet_lua_error_raise_misuse(L, "encode", &err);
        lua_pushnil(L);
        lua_pushstring(L, err.message);
        return 2;
    }
    lua_pushlstring(L, meet_buffer_string(json), json->length);
    meet_buffer_deinit(json);
    return 1;
}
