/*
 * lua_event.h - on_event: reports to a listener what happens to a request.
 */
#pragma once

#include "lua_client.h"

/*
 * Pass the job's new events to its client's on_event, in the thread that waits.
 * 'owner' is a userdata whose first user value is the client. [-0, +0, e]
 */
void meet_lua_event_report(lua_State *L, int owner, struct meet_job *job);
