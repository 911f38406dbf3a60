/*
 * stay.h - keeps the core loaded until its process ends. No Lua, no libcurl.
 */
#pragma once

/*
 * Refer to the core's own file once more, and for good: one of libcurl's
 * resolver threads, or a handler of pthread_atfork, may outlive lua_close. Does
 * nothing in a program that has the core inside.
 */
void meet_stay_loaded(void);
