/* lua_stream.c - see lua_stream.h. */
#include "lua_stream.h"

#include "lua_call.h"
#include "lua_error.h"
#include "lua_part.h"

#include <errno.h>
#include <lauxlib.h>
#include <string.h>

/* The stream at index 1, whose head has come. */
static struct meet_lua_exchange *check_open(lua_State *L)
{
    struct meet_lua_exchange *exchange = meet_lua_exchange_get(L, 1);

    luaL_argcheck(L,
                  !exchange->closed && (exchange->state == MEET_STATE_WAIT ||
                                        exchange->state == MEET_STATE_DONE),
                  1, "it is not open");
    return exchange;
}

/***
 * Send a stream's request, and wait for the head of the answer:
 * core.stream.open.
 * @param stream as core.stream.prepare made it
 * @return { status =, headers = { [name in lower case] = value } } of a status
 *   from 200 to 299; or nil and an error
 * @return what an injected transport gave as the body: string or function; nil
 *   for libcurl
 * @return number: longest silence of the body in seconds
 * @return integer: most attempts in a row without new bytes
 */
int meet_lua_stream_open(lua_State *L)
{
    const struct meet_lua_exchange *exchange = meet_lua_exchange_check(L, 1);

    if (!exchange->client->open)
        return meet_lua_error_raise(L, "the client is closed");
    return meet_lua_call_go_on(L, MEET_WISH_HEAD);
}

/***
 * Wait for some of the body: core.stream.read.
 * @param stream opened
 * @return string; nil at the end; or nil and an error
 */
int meet_lua_stream_read(lua_State *L)
{
    check_open(L);
    return meet_lua_call_go_on(L, MEET_WISH_CHUNK);
}

/***
 * Write the body to a file: core.stream.into. It returns now and then, to be
 * called again until it is over.
 * @param stream opened, and not read from
 * @param part of core.file.part, where it goes on
 * @return integer: the bytes that have gone there, of this answer; or nil and
 *   an error
 * @return boolean: whether that was all
 */
int meet_lua_stream_into(lua_State *L)
{
    struct meet_lua_exchange *exchange = check_open(L);
    int descriptor = meet_lua_part_descriptor(L, 2);
    struct meet_error err;

    if (meet_stream_into(&exchange->job.response.stream, descriptor) < 0) {
        meet_error_set(&err, MEET_CONFIG, "the file cannot be written: %s",
                       strerror(errno));
        return meet_lua_error_fail(L, &err);
    }
    return meet_lua_call_go_on(L, MEET_WISH_COUNT);
}
