/*
 * settings.h - the settings of a client: defaults, checks, copies. Pure.
 * Strings are borrowed unless a function says otherwise.
 */
#pragma once

#include "app.h"
#include "job.h"

/* Google's and the gateway's limits; 0 means none. */
struct meet_rate {
    unsigned per_second;
    unsigned reads_per_minute;
    unsigned writes_per_minute;
    unsigned creates_per_minute;
};

/* A NULL string is "not given". */
struct meet_settings {
    const char *api_key;
    const char *connections[MEET_APPS]; /* the gateway's own stays NULL */
    const char *base_url;
    int64_t timeout; /* 0: the operation's, or a minute */
    int64_t connect_timeout, deadline;
    struct meet_retry retry; /* of each job */
    struct meet_rate rate;
    const char *proxy, *no_proxy;
    const char *environment_proxy; /* for https; checked when it is used */
    const char *ca_file, *ca_path;
    const char *user_agent;
    bool trace;
    unsigned max_response_bytes;
};

/* Set the documented defaults. No text is set: no key, no address. */
void meet_settings_init(struct meet_settings *settings);

/* Set every string to "not given". */
void meet_settings_forget_strings(struct meet_settings *settings);

/* Borrow from 'base' each string that is not given. */
void meet_settings_inherit_strings(struct meet_settings *settings,
                                   const struct meet_settings *base);

/*
 * Replace each string by an owned copy. -1 without memory; strings that were
 * not copied are then NULL.
 */
int meet_settings_own_strings(struct meet_settings *settings);

/* Overwrite and free an owned string, or all of them; each is then NULL. */
void meet_settings_wipe(const char **string);
void meet_settings_wipe_strings(struct meet_settings *settings);

/* 0, or -1 with kind config and a message that names the setting. */
int meet_settings_check(const struct meet_settings *settings,
                        struct meet_error *err);
