/* client.c - see client.h. */
#include "client.h"

#include "ascii.h"
#include "auth.h"
#include "checksum.h"
#include "name.h"
#include "url.h"
#include "version.h"
#include "wipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char our_agent[] = "googlemeet-lua/" MEET_VERSION;
static const char agent_field[] = "User-Agent: ";

/*
 * A copy stays in the vector registers that made it, and the dynamic linker
 * saves them on the stack when a function is first called, perhaps much later.
 * Copies of zeros take their place; the two sizes use different registers.
 */
static void wipe_registers(void)
{
    static const char zeros[512];
    char copy[sizeof zeros];

    for (volatile size_t size = sizeof copy; size >= 256; size /= 2)
        memcpy(copy, zeros, size);
    meet_wipe(copy, sizeof copy);
}

static void wipe_old_keys(struct meet_client *client)
{
    for (int i = 0; i < MEET_OLD_KEYS; i++)
        meet_settings_wipe(&client->old_keys[i]);
}

static void note_wiped(struct meet_wiped *wiped, const char *key)
{
    wiped->size = key ? strlen(key) : 0;
    wiped->checksum = meet_checksum(key, wiped->size);
}

void meet_client_close(struct meet_client *client)
{
    char *key = (char *)client->settings.api_key;

    for (int i = 0; i < MEET_OLD_KEYS; i++)
        note_wiped(&client->wiped[i], client->old_keys[i]);
    note_wiped(&client->wiped[MEET_OLD_KEYS], key);
    if (key)
        meet_wipe(key, strlen(key));
    wipe_old_keys(client);
    wipe_registers();
}

void meet_client_deinit(struct meet_client *client)
{
    wipe_old_keys(client);
    meet_settings_wipe_strings(&client->settings);
    client->network.proxy = NULL;
    free(client->agent_line);
    client->agent_line = NULL;
}

/* "User-Agent: theirs ours", or ours alone. */
static char *join_agent(const char *theirs)
{
    bool alone = !theirs || !*theirs;
    size_t size = sizeof agent_field + sizeof our_agent +
                  (alone ? 0 : strlen(theirs) + 1);
    char *line = malloc(size);

    if (line)
        snprintf(line, size, "%s%s%s%s", agent_field, alone ? "" : theirs,
                 alone ? "" : " ", our_agent);
    return line;
}

/* "https://host/" and "https://host" are the same base. No base is empty. */
static void cut_slash(const char *url)
{
    size_t length = strlen(url);

    if (url[length - 1] == '/')
        ((char *)url)[length - 1] = '\0';
}

int meet_client_init(struct meet_client *client,
                     const struct meet_settings *settings, unsigned long serial,
                     struct meet_error *err)
{
    const char *base_url = settings->base_url, *proxy;
    bool plain = meet_ascii_starts(base_url, strlen(base_url), "http:");
    int copied;

    memset(client, 0, sizeof *client);
    if (meet_settings_check(settings, err) < 0)
        return -1;
    client->settings = *settings;
    copied = meet_settings_own_strings(&client->settings);
    client->agent_line = join_agent(settings->user_agent);
    if (copied < 0 || !client->agent_line) {
        meet_client_deinit(client);
        meet_error_set(err, MEET_MEMORY, "no memory for a client");
        return -1;
    }
    cut_slash(client->settings.base_url);
    proxy = client->settings.proxy ? client->settings.proxy
                                   : client->settings.environment_proxy;
    client->network = (struct meet_network){
        .plain = plain,
        .proxy = proxy,
        .no_proxy = client->settings.no_proxy,
        .ca_file = client->settings.ca_file,
        .ca_path = client->settings.ca_path,
        /* A proxy would send the key over the network in clear text. */
        .direct = plain || !proxy || !*proxy,
        .user_agent = client->agent_line + sizeof agent_field - 1,
        .agent_line = client->agent_line,
        .trace = client->settings.trace,
        .serial = serial,
    };
    meet_accounts_set(&client->accounts, &client->settings);
    return 0;
}

static int replace(struct meet_client *client, const char **string,
                   const char *what, const char *value, size_t length,
                   struct meet_error *err)
{
    char *copy;

    if (meet_auth_check(what, value, length, err) < 0)
        return -1;
    if (*string && strlen(*string) == length &&
        memcmp(*string, value, length) == 0)
        return 0;
    copy = malloc(length + 1);
    if (!copy) {
        meet_error_set(err, MEET_MEMORY, "no memory for the %s", what);
        return -1;
    }
    memcpy(copy, value, length);
    copy[length] = '\0';
    meet_settings_wipe(string);
    *string = copy;
    meet_accounts_set(&client->accounts, &client->settings);
    return 0;
}

int meet_client_set_key(struct meet_client *client, const char *key,
                        size_t length, struct meet_error *err)
{
    const char *old = client->settings.api_key;
    const char **keys = client->old_keys;

    if (old && strlen(old) == length && memcmp(old, key, length) == 0)
        return 0;
    client->settings.api_key = NULL;
    if (replace(client, &client->settings.api_key, "API key", key, length,
                err) < 0) {
        client->settings.api_key = old;
        return -1;
    }
    meet_settings_wipe(&keys[MEET_OLD_KEYS - 1]);
    memmove(&keys[1], &keys[0], (MEET_OLD_KEYS - 1) * sizeof *keys);
    keys[0] = old;
    return 0;
}

int meet_client_set_connection(struct meet_client *client, enum meet_app app,
                               const char *id, size_t length,
                               struct meet_error *err)
{
    return replace(client, &client->settings.connections[app],
                   meet_app_connection(app), id, length, err);
}

static int begin(const struct meet_client *client, const char *verb,
                 struct meet_request *request, struct meet_error *err)
{
    const struct meet_settings *settings = &client->settings;
    const char *host = strstr(settings->base_url, "://") + 3;

    request->verb = verb;
    request->timeout =
        settings->timeout > 0 ? settings->timeout : MEET_SECONDS(60);
    request->connect_timeout = settings->connect_timeout;
    request->deadline = settings->deadline;
    request->network = &client->network;
    request->path_offset =
        (size_t)(host - settings->base_url) + strcspn(host, "/");
    return meet_buffer_append_string(&request->url, settings->base_url, err);
}

/* Encode each segment but no '/': the server answers 404 to %2F. */
static int append_name(struct meet_buffer *url, const char *name,
                       struct meet_error *err)
{
    for (;;) {
        size_t length = strcspn(name, "/");

        if (meet_url_append_encoded(url, name, length, err) < 0)
            return -1;
        name += length;
        if (!*name)
            return 0;
        if (meet_buffer_append(url, name++, 1, err) < 0)
            return -1;
    }
}

/* Append the operation's path, with the name in place of its {pattern}. */
static int append_path(const struct meet_operation *operation, const char *text,
                       size_t length, struct meet_request *request,
                       struct meet_error *err)
{
    const char *brace = strchr(operation->path, '{');
    const char *end = strchr(brace, '}');
    struct meet_buffer name;
    char pattern[64];
    bool is_code;
    int failed;

    memcpy(pattern, brace + 1, (size_t)(end - brace - 1));
    pattern[end - brace - 1] = '\0';
    meet_buffer_init(&name, MEET_LONGEST_ID);
    failed = meet_name_resolve(&name, pattern, text, length, &is_code, err);
    if (!failed && is_code && !(operation->flags & MEET_TAKES_MEETING_CODE)) {
        meet_error_set(err, MEET_CONFIG,
                       "a meeting code is not a space id here; get the space "
                       "first");
        failed = -1;
    }
    failed = failed ||
             meet_buffer_append(&request->url, operation->path,
                                (size_t)(brace - operation->path), err) ||
             append_name(&request->url, meet_buffer_string(&name), err) ||
             meet_buffer_append_string(&request->url, end + 1, err);
    meet_buffer_deinit(&name);
    return failed ? -1 : 0;
}

int meet_client_begin(const struct meet_client *client,
                      const struct meet_operation *operation, const char *text,
                      size_t length, struct meet_request *request,
                      struct meet_error *err)
{
    if (begin(client, operation->verb, request, err) < 0)
        return -1;
    request->app = meet_app_of_path(operation->path, strlen(operation->path));
    request->quota = operation->quota;
    if (operation->timeout > 0 && client->settings.timeout <= 0)
        request->timeout =
            meet_ns_from_seconds(operation->timeout); /* the caller set none */
    if (strchr(operation->path, '{'))
        return append_path(operation, text, length, request, err);
    return meet_buffer_append_string(&request->url, operation->path, err);
}

/* The new URL of a request of an operation whose path has a {pattern}. */
static int append_renamed(const struct meet_client *client,
                          const struct meet_operation *operation,
                          const char *text, size_t length, const char *query,
                          struct meet_request *request, struct meet_error *err)
{
    if (meet_buffer_append_string(&request->url, client->settings.base_url,
                                  err) ||
        append_path(operation, text, length, request, err))
        return -1;
    return meet_buffer_append_string(&request->url, query ? query : "", err);
}

int meet_client_rename(const struct meet_client *client,
                       const struct meet_operation *operation, const char *text,
                       size_t length, struct meet_request *request,
                       struct meet_error *err)
{
    struct meet_buffer old = request->url;
    const char *query = strchr(meet_buffer_string(&old), '?');

    if (!strchr(operation->path, '{')) {
        meet_error_set(err, MEET_CONFIG, "the request has no name to replace");
        return -1;
    }
    meet_buffer_init(&request->url, old.limit);
    if (append_renamed(client, operation, text, length, query, request, err) ==
        0) {
        meet_buffer_deinit(&old);
        return 0;
    }
    meet_buffer_deinit(&request->url);
    request->url = old;
    if (err->kind == MEET_CONFIG) {
        err->kind = MEET_DECODE;
        err->origin = MEET_FROM_GATEWAY;
    }
    return -1;
}

int meet_client_limit(struct meet_request *request, const char *connection,
                      int64_t timeout, int64_t deadline, struct meet_error *err)
{
    if (timeout > 0)
        request->timeout = timeout;
    if (deadline > 0)
        request->deadline = deadline;
    if (!connection)
        return 0;
    if (strcmp(connection, "only") == 0) {
        meet_error_set(err, MEET_CONFIG,
                       "connection 'only' is for meet.new and client:with; a "
                       "call needs an id");
        return -1;
    }
    if (meet_auth_check("connection", connection, strlen(connection), err) < 0)
        return -1;
    return meet_buffer_append_string(&request->connection, connection, err);
}

/* Google's quota for a path that need not be in the operation table. */
static enum meet_quota quota_of(const struct meet_request *request,
                                const char *path, size_t length)
{
    static const char spaces[] = "/google-meet/v2/spaces";

    if (length < 13 || memcmp(path, "/google-meet/", 13) != 0)
        return MEET_QUOTA_NONE;
    if (meet_request_is_read(request))
        return MEET_QUOTA_READ;
    return length == sizeof spaces - 1 && memcmp(path, spaces, length) == 0
               ? MEET_QUOTA_CREATE
               : MEET_QUOTA_WRITE;
}

int meet_client_begin_path(const struct meet_client *client, const char *verb,
                           const char *path, size_t length,
                           struct meet_request *request, struct meet_error *err)
{
    if (meet_url_check_path(path, length, err) < 0 ||
        begin(client, verb, request, err) < 0)
        return -1;
    request->app = meet_app_of_path(path, length);
    request->quota = quota_of(request, path, length);
    return meet_buffer_append(&request->url, path, length, err);
}

int meet_client_authorize(struct meet_request *request, const char *key,
                          const char *connection, struct meet_error *err)
{
    static const char json[] = "application/json";

    if (meet_auth_append(&request->headers, key, connection, err) < 0 ||
        (!meet_headers_get(&request->headers, "Accept") &&
         meet_headers_append(&request->headers, "Accept", json, sizeof json - 1,
                             err) < 0))
        return -1;
    if (!request->body.length ||
        meet_headers_get(&request->headers, "Content-Type"))
        return 0;
    return meet_headers_append(&request->headers, "Content-Type", json,
                               sizeof json - 1, err);
}

void meet_client_pace(const struct meet_client *client,
                      const struct meet_request *request,
                      const char *connection, struct meet_pace *pace)
{
    const struct meet_rate *rate = &client->settings.rate;
    const unsigned per_minute[] = {
        [MEET_QUOTA_NONE] = 0,
        [MEET_QUOTA_READ] = rate->reads_per_minute,
        [MEET_QUOTA_WRITE] = rate->writes_per_minute,
        [MEET_QUOTA_CREATE] = rate->creates_per_minute,
    };

    pace->key = client->accounts.key;
    pace->account = meet_accounts_get(&client->accounts, &client->settings,
                                      request->app, connection);
    pace->quota = request->quota;
    pace->per_second = rate->per_second;
    pace->per_minute = per_minute[request->quota];
}
