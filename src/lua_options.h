/*
 * lua_options.h - options are a table of rows: one reader checks names,
 * types and ranges, and never changes the caller's table.
 */
#pragma once

#include <lua.h>
#include <stddef.h>

/* What a row takes. Strings, numbers and integers are stored at 'offset'. */
enum meet_lua_option_type {
    MEET_OPTION_STRING = 1 << 0,  /* const char *, borrowed from the table */
    MEET_OPTION_NUMBER = 1 << 1,  /* double */
    MEET_OPTION_INTEGER = 1 << 2, /* long long */
    MEET_OPTION_COUNT = 1 << 3,   /* unsigned */
    MEET_OPTION_SECONDS = 1 << 4, /* int64_t, nanoseconds */
    MEET_OPTION_FUNCTION = 1 << 5,
    MEET_OPTION_TABLE = 1 << 6,
    MEET_OPTION_FALSE = 1 << 7,
    MEET_OPTION_BYTES = 1 << 8, /* a string with any bytes, not stored */
    MEET_OPTION_ID = 1 << 9     /* a connection, whose id takes its place */
};

/* The highest value of a number that may be as high as it likes. */
#define MEET_OPTION_ENDLESS 9007199254740992.0

struct meet_lua_option {
    const char *name;
    int types;
    size_t offset;
    double lowest, highest; /* of a number or integer */
    unsigned applies;       /* to these kinds of call; 0: to all */
};

/* The string at 'index' as one of C's; NULL: it is no string, or has a NUL,
   where C would end it. [-0, +0, -] */
const char *meet_lua_options_string(lua_State *L, int index);

/* Push the option of that name, raw, and return its type. [-0, +1, m] */
int meet_lua_options_get(lua_State *L, int index, const char *name);

/*
 * Replace the caller's table at 'index' by a copy, so that a finalizer or
 * metamethod that changes the original has no effect, and strings borrowed from
 * the copy live as long as it. Reads raw. An object of this module, which is no
 * options, stays for meet_lua_options_read to refuse. [-0, +0, m]
 */
void meet_lua_options_copy(lua_State *L, int index);

/*
 * Read the table at 'index' (none and nil are empty) into 'target' by the rows,
 * ended by one without a name. If a row takes strings, the table must come from
 * meet_lua_options_copy, and the id of a connection is put into it. 'what'
 * names the table in messages, 'kinds' are the kinds of this call. Raises on
 * any other option; the message suggests the nearest name, or lists all. [-0,
 * +0, v]
 */
void meet_lua_options_read(lua_State *L, int index, const char *what,
                           const struct meet_lua_option *rows, unsigned kinds,
                           void *target);
