/*
 * account.h - whose limits a request counts against: the gateway limits a key,
 * Google the account behind a connection. Pure.
 */
#pragma once

#include "settings.h"

/* Hashes of the key, and of it with the connection of each app. */
struct meet_accounts {
    unsigned long long key, of_app[MEET_APPS];
};

/* Call after a change of key or connection. Without a key it does nothing. */
void meet_accounts_set(struct meet_accounts *accounts,
                       const struct meet_settings *settings);

/* The account of a request to an app, sent with 'connection' or NULL. */
unsigned long long meet_accounts_get(const struct meet_accounts *accounts,
                                     const struct meet_settings *settings,
                                     enum meet_app app, const char *connection);
