/* account.c - see account.h. */
#include "account.h"

#include "auth.h"

/* Without a connection the gateway takes one of the app, which is no other
   app's: a pause of one must not hold the others. */
static unsigned long long without_connection(const struct meet_accounts *all,
                                             const char *key, enum meet_app app)
{
    return meet_app_entry(app) ? meet_auth_hash(key, meet_app_name(app))
                               : all->key;
}

void meet_accounts_set(struct meet_accounts *accounts,
                       const struct meet_settings *settings)
{
    const char *key = settings->api_key;

    if (!key)
        return;
    accounts->key = meet_auth_hash(key, NULL);
    for (int app = 0; app < MEET_APPS; app++) {
        const char *connection = settings->connections[app];

        accounts->of_app[app] =
            connection ? meet_auth_hash(key, connection)
                       : without_connection(accounts, key, (enum meet_app)app);
    }
}

unsigned long long meet_accounts_get(const struct meet_accounts *accounts,
                                     const struct meet_settings *settings,
                                     enum meet_app app, const char *connection)
{
    return connection == settings->connections[app]
               ? accounts->of_app[app]
               : meet_auth_hash(settings->api_key, connection);
}
