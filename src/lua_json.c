/*
 * lua_json.c - see lua_json.h. One pass over the text, which recurses for each
 * array and object.
 */
#include "lua_json.h"

#include "ascii.h"
#include "lua_error.h"
#include "number.h"
#include "utf8.h"

#include <lauxlib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Answers of the API are at most 8 deep; limits recursion on hostile ones. */
#define DEEPEST 64

/* Stack slots for an array or object, and for what is being read. */
#define SLOTS_PER_LEVEL 3

#define REPLACEMENT 0xFFFD

struct reader {
    lua_State *L;
    const char *at; /* in a Lua string, which ends with a NUL byte */
    int depth;
    const char *problem; /* at that place */
};

static bool read_value(struct reader *reader);

static bool fail(struct reader *reader, const char *problem)
{
    reader->problem = problem;
    return false;
}

static char skip_blanks(struct reader *reader)
{
    while (*reader->at == ' ' || *reader->at == '\n' || *reader->at == '\r' ||
           *reader->at == '\t')
        reader->at++;
    return *reader->at;
}

/* Skip blanks; when 'c' follows, skip it and return true. */
static bool take(struct reader *reader, char c)
{
    if (skip_blanks(reader) != c)
        return false;
    reader->at++;
    return true;
}

/* The first byte that is no part of a character, a quote, a backslash or the
   end of the text. */
static const char *skip_characters(const char *at)
{
    for (;;) {
        size_t size;

        while ((signed char)*at > 0 && *at != '"' && *at != '\\')
            at++;
        if ((signed char)*at >= 0)
            return at;
        size = meet_utf8_size(at, 4); /* a NUL byte ends it earlier */
        if (size == 0)
            return at;
        at += size;
    }
}

static void add_character(luaL_Buffer *text, unsigned code)
{
    if (code < 0x80) {
        luaL_addchar(text, (char)code);
        return;
    }
    if (code < 0x800) {
        luaL_addchar(text, (char)(0xC0 | code >> 6));
    } else if (code < 0x10000) {
        luaL_addchar(text, (char)(0xE0 | code >> 12));
        luaL_addchar(text, (char)(0x80 | (code >> 6 & 0x3F)));
    } else {
        luaL_addchar(text, (char)(0xF0 | code >> 18));
        luaL_addchar(text, (char)(0x80 | (code >> 12 & 0x3F)));
        luaL_addchar(text, (char)(0x80 | (code >> 6 & 0x3F)));
    }
    luaL_addchar(text, (char)(0x80 | (code & 0x3F)));
}

/* Read "\uXXXX" at 'at'; false when there is none. */
static bool read_unit(const char *at, unsigned *unit)
{
    *unit = 0;
    if (at[0] != '\\' || at[1] != 'u')
        return false;
    for (int i = 2; i < 6; i++) {
        int digit = meet_ascii_hex(at[i]);

        if (digit < 0)
            return false;
        *unit = *unit << 4 | (unsigned)digit;
    }
    return true;
}

/* A surrogate stands for nothing but before or behind its other half. */
static bool read_code(struct reader *reader, luaL_Buffer *text)
{
    unsigned code, low;

    if (!read_unit(reader->at, &code))
        return fail(reader, "an escape expected");
    reader->at += 6;
    if (code >= 0xD800 && code < 0xDC00 && read_unit(reader->at, &low) &&
        low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10 | (low - 0xDC00));
        reader->at += 6;
    }
    add_character(text, code >= 0xD800 && code < 0xE000 ? REPLACEMENT : code);
    return true;
}

static bool read_escape(struct reader *reader, luaL_Buffer *text)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    const char *letter;

    if (reader->at[1] == 'u')
        return read_code(reader, text);
    letter = memchr(letters, reader->at[1], sizeof letters - 1);
    if (!letter)
        return fail(reader, "an escape expected");
    luaL_addchar(text, meant[letter - letters]);
    reader->at += 2;
    return true;
}

/* The rest of a string that does not end at 'end', as it is without change. */
static bool read_changed(struct reader *reader, const char *end)
{
    luaL_Buffer text;
    bool good = true;

    luaL_buffinit(reader->L, &text);
    for (;;) {
        luaL_addlstring(&text, reader->at, (size_t)(end - reader->at));
        reader->at = end;
        if (*end == '"' || !*end)
            break;
        if (*end == '\\') {
            good = read_escape(reader, &text);
        } else {
            add_character(&text, REPLACEMENT);
            reader->at++;
        }
        if (!good)
            return false;
        end = skip_characters(reader->at);
    }
    if (!*end)
        return fail(reader, "the end of a string expected");
    reader->at++;
    luaL_pushresult(&text);
    return true;
}

/* Read a string from behind its first quote. */
static bool read_string(struct reader *reader)
{
    const char *end = skip_characters(reader->at);

    if (*end != '"')
        return read_changed(reader, end);
    lua_pushlstring(reader->L, reader->at, (size_t)(end - reader->at));
    reader->at = end + 1;
    return true;
}

/*
 * Push the nearest float. It is read without its point, which a locale may
 * write otherwise: 12.5e3 as 125e2.
 */
static lua_Number push_float(lua_State *L, const struct meet_number *number)
{
    const char *point = number->point ? number->point : number->digits_end;
    const char *rest = number->point ? point + 1 : point;
    size_t decimals = (size_t)(number->digits_end - rest);
    lua_Number value;

    lua_pushlstring(L, number->start, (size_t)(point - number->start));
    lua_pushlstring(L, rest, decimals);
    lua_pushfstring(L, "e%I",
                    (LUAI_UACINT)(number->exponent - (int64_t)decimals));
    lua_concat(L, 3);
    value = strtod(lua_tostring(L, -1), NULL);
    lua_pop(L, 1);
    lua_pushnumber(L, value);
    return value;
}

/*
 * A whole number is an integer. One that is written as such and does not fit
 * stays as it is written, in a string: an id is not to change.
 */
static bool read_number(struct reader *reader)
{
    struct meet_number number;
    int64_t whole;
    lua_Integer rounded;
    int is_whole;
    bool found = meet_number_find(reader->at, &number);

    reader->at = number.end;
    if (!found)
        return fail(reader, "a digit expected");
    if (meet_number_whole(&number, &whole)) {
        lua_pushinteger(reader->L, (lua_Integer)whole);
        return true;
    }
    if (meet_number_is_plain(&number)) {
        lua_pushlstring(reader->L, number.start,
                        (size_t)(number.end - number.start));
        return true;
    }
    if (!isfinite(push_float(reader->L, &number)))
        return fail(reader, "a number is not finite");
    rounded = lua_tointegerx(reader->L, -1, &is_whole);
    if (is_whole) {
        lua_pop(reader->L, 1);
        lua_pushinteger(reader->L, rounded);
    }
    return true;
}

/* An item that is null is left out. */
static bool read_array(struct reader *reader)
{
    lua_State *L = reader->L;
    lua_Integer count = 0;

    lua_createtable(L, 0, 0);
    if (take(reader, ']'))
        return true;
    do {
        if (!read_value(reader))
            return false;
        if (lua_isnil(L, -1))
            lua_pop(L, 1);
        else
            lua_rawseti(L, -2, ++count);
    } while (take(reader, ','));
    return take(reader, ']') || fail(reader, "',' or ']' expected");
}

/* The last of fields with the same name counts. */
static bool read_object(struct reader *reader)
{
    lua_State *L = reader->L;

    lua_createtable(L, 0, 0);
    if (take(reader, '}'))
        return true;
    do {
        if (!take(reader, '"'))
            return fail(reader, "a name expected");
        if (!read_string(reader))
            return false;
        if (!take(reader, ':'))
            return fail(reader, "':' expected");
        if (!read_value(reader))
            return false;
        lua_rawset(L, -3);
    } while (take(reader, ','));
    return take(reader, '}') || fail(reader, "',' or '}' expected");
}

/* Read a container from behind its first bracket. */
static bool read_container(struct reader *reader,
                           bool (*content)(struct reader *reader))
{
    if (reader->depth == DEEPEST)
        return fail(reader, "it is too deep");
    reader->at++;
    reader->depth++;
    if (!content(reader))
        return false;
    reader->depth--;
    return true;
}

static bool take_word(struct reader *reader, const char *word)
{
    size_t length = strlen(word);

    if (strncmp(reader->at, word, length) != 0)
        return fail(reader, "a value expected");
    reader->at += length;
    return true;
}

static bool read_value(struct reader *reader)
{
    switch (skip_blanks(reader)) {
    case '"':
        reader->at++;
        return read_string(reader);
    case '{':
        return read_container(reader, read_object);
    case '[':
        return read_container(reader, read_array);
    case 't':
        lua_pushboolean(reader->L, true);
        return take_word(reader, "true");
    case 'f':
        lua_pushboolean(reader->L, false);
        return take_word(reader, "false");
    case 'n':
        lua_pushnil(reader->L);
        return take_word(reader, "null");
    default:
        if (*reader->at != '-' && !meet_ascii_is_digit(*reader->at))
            return fail(reader, "a value expected");
        return read_number(reader);
    }
}

/* Make room on the stack for what is read. luaL_checkstack would report a lack
   of memory as a stack overflow. */
static void reserve(lua_State *L)
{
    struct meet_error err;

    if (lua_checkstack(L, LUA_MINSTACK + DEEPEST * SLOTS_PER_LEVEL))
        return;
    meet_error_set(&err, MEET_MEMORY, "no memory for the stack of Lua");
    meet_lua_error_raise_misuse(L, "JSON", &err);
}

bool meet_lua_json_decode(lua_State *L, const char *bytes, size_t length,
                          struct meet_error *err)
{
    struct reader reader = {.L = L};
    int top = lua_gettop(L);
    const char *text;

    reserve(L);
    text = lua_pushlstring(L, bytes, length); /* an allocation may free them */
    reader.at = text;
    if (read_value(&reader)) {
        skip_blanks(&reader);
        if (reader.at == text + length) {
            lua_replace(L, top + 1);
            return true;
        }
        reader.problem = "the end expected";
    }
    meet_error_set(err, MEET_DECODE, "the body is not JSON: %s at byte %zu",
                   reader.problem, (size_t)(reader.at - text) + 1);
    lua_settop(L, top);
    return false;
}

/***
 * Decode a JSON text as an answer is: core.decode.
 * @return value, or nil and a message; null alone is nil
 */
int meet_lua_json_text(lua_State *L)
{
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    struct meet_error err;

    if (meet_lua_json_decode(L, text, length, &err))
        return 1;
    lua_pushnil(L);
    lua_pushstring(L, err.message);
    return 2;
}
