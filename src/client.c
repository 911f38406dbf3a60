/* client.c - see client.h. */
#define _GNU_SOURCE /* explicit_bzero */
#include "client.h"

#include "url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef MEET_VERSION
#define MEET_VERSION "0.1.0"
#endif

static const char our_agent[] = "googlemeet-lua/" MEET_VERSION;
static const char agent_field[] = "User-Agent: ";

void meet_settings_init(struct meet_settings *settings)
{
    static const struct meet_settings defaults = {
        .base_url = "https://api.maton.ai",
        .connect_timeout = 10,
        .deadline = 600,
        .retry = {.max_attempts = 5,
                  .initial = 1,
                  .multiplier = 1.3,
                  .max = 10},
        .rate = {.per_second = 10,
                 .reads_per_minute = 600,
                 .writes_per_minute = 100,
                 .creates_per_minute = 10},
        .max_response_bytes = (size_t)32 * 1024 * 1024,
    };

    *settings = defaults;
}

/* Every string of the settings, so that copy and free are one loop. */
enum { STRINGS = 8 };

static void list_strings(struct meet_settings *settings, const char **at[])
{
    at[0] = &settings->api_key;
    at[1] = &settings->connection;
    at[2] = &settings->base_url;
    at[3] = &settings->proxy;
    at[4] = &settings->no_proxy;
    at[5] = &settings->ca_file;
    at[6] = &settings->ca_path;
    at[7] = &settings->user_agent;
}

void meet_settings_forget_strings(struct meet_settings *settings)
{
    const char **strings[STRINGS];

    list_strings(settings, strings);
    for (int i = 0; i < STRINGS; i++)
        *strings[i] = NULL;
}

void meet_settings_inherit_strings(struct meet_settings *settings,
                                   const struct meet_settings *base)
{
    struct meet_settings inherited = *base;
    const char **strings[STRINGS], **from[STRINGS];

    list_strings(settings, strings);
    list_strings(&inherited, from);
    for (int i = 0; i < STRINGS; i++)
        if (!*strings[i])
            *strings[i] = *from[i];
}

static void wipe_string(const char **string)
{
    char *bytes = (char *)*string;

    if (!bytes)
        return;
    explicit_bzero(bytes, strlen(bytes));
    free(bytes);
    *string = NULL;
}

void meet_client_close(struct meet_client *client)
{
    char *key = (char *)client->settings.api_key;

    if (key)
        explicit_bzero(key, strlen(key));
}

void meet_client_deinit(struct meet_client *client)
{
    const char **strings[STRINGS];

    list_strings(&client->settings, strings);
    for (int i = 0; i < STRINGS; i++)
        wipe_string(strings[i]);
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

static int copy_strings(struct meet_client *client)
{
    const char **strings[STRINGS];
    int failed = 0;

    list_strings(&client->settings, strings);
    for (int i = 0; i < STRINGS; i++)
        if (*strings[i] && !(*strings[i] = strdup(*strings[i])))
            failed = -1;
    client->agent_line = join_agent(client->settings.user_agent);
    return client->agent_line ? failed : -1;
}

static int check_text(const char *what, const char *text,
                      struct meet_error *err)
{
    for (const char *c = text ? text : ""; *c; c++) {
        if ((unsigned char)*c < ' ' || *c == 127) {
            meet_error_set(err, MEET_CONFIG, "%s holds a control byte", what);
            return -1;
        }
    }
    return 0;
}

static int check(const struct meet_settings *settings, struct meet_error *err)
{
    if (settings->api_key &&
        meet_auth_check("API key", settings->api_key, strlen(settings->api_key),
                        err) < 0)
        return -1;
    if (settings->connection &&
        meet_auth_check("connection", settings->connection,
                        strlen(settings->connection), err) < 0)
        return -1;
    if (check_text("user_agent", settings->user_agent, err) < 0 ||
        check_text("proxy", settings->proxy, err) < 0)
        return -1;
    return meet_url_check_base(settings->base_url, strlen(settings->base_url),
                               err);
}

/* "https://host/" and "https://host" are the same base; none is empty. */
static void cut_slash(const char *url)
{
    size_t length = strlen(url);

    if (url[length - 1] == '/')
        ((char *)url)[length - 1] = '\0';
}

/* The variables that libcurl looks at for http and https. */
static bool environment_names_proxy(void)
{
    static const char *const names[] = {
        "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (getenv(names[i]))
            return true;
    return false;
}

/*
 * Plain http goes to this machine alone: a proxy would carry the key over the
 * network in clear, so none is used.
 */
static bool is_plain(const char *base_url)
{
    return strncmp(base_url, "http:", 5) == 0;
}

/* Key or connection are others than before. */
static void note_credentials(struct meet_client *client)
{
    const struct meet_settings *settings = &client->settings;

    client->credentials++;
    if (!settings->api_key)
        return;
    client->key_hash = meet_auth_hash(settings->api_key, NULL);
    client->account_hash =
        meet_auth_hash(settings->api_key, settings->connection);
}

int meet_client_init(struct meet_client *client,
                     const struct meet_settings *settings, unsigned long serial,
                     struct meet_error *err)
{
    memset(client, 0, sizeof *client);
    if (check(settings, err) < 0)
        return -1;
    client->settings = *settings;
    if (copy_strings(client) < 0) {
        meet_client_deinit(client);
        meet_error_set(err, MEET_MEMORY, "no memory for a client");
        return -1;
    }
    cut_slash(client->settings.base_url);
    client->network = (struct meet_network){
        .proxy = client->settings.proxy,
        .no_proxy = client->settings.no_proxy,
        .ca_file = client->settings.ca_file,
        .ca_path = client->settings.ca_path,
        .direct = is_plain(settings->base_url) ||
                  (!client->settings.proxy && !environment_names_proxy()),
        .user_agent = client->agent_line + sizeof agent_field - 1,
        .agent_line = client->agent_line,
        .trace = client->settings.trace,
        .serial = serial,
    };
    note_credentials(client);
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
    copy = strndup(value, length);
    if (!copy) {
        meet_error_set(err, MEET_MEMORY, "no memory for the %s", what);
        return -1;
    }
    wipe_string(string);
    *string = copy;
    note_credentials(client);
    return 0;
}

int meet_client_set_key(struct meet_client *client, const char *key,
                        size_t length, struct meet_error *err)
{
    return replace(client, &client->settings.api_key, "API key", key, length,
                   err);
}

int meet_client_set_connection(struct meet_client *client, const char *id,
                               size_t length, struct meet_error *err)
{
    return replace(client, &client->settings.connection, "connection", id,
                   length, err);
}

static int begin(const struct meet_client *client, const char *verb,
                 struct meet_request *request, struct meet_error *err)
{
    const struct meet_settings *settings = &client->settings;
    const char *host = strstr(settings->base_url, "://") + 3;

    request->verb = verb;
    request->timeout = settings->timeout > 0 ? settings->timeout : 60;
    request->connect_timeout = settings->connect_timeout;
    request->max_response_bytes = settings->max_response_bytes;
    request->network = &client->network;
    request->path_offset =
        (size_t)(host - settings->base_url) + strcspn(host, "/");
    return meet_buffer_append_string(&request->url, settings->base_url, err);
}

/* Each segment encoded, the '/' between them bare (%2F answers 404). */
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

/* The caller set no timeout, so the operation's own one counts. */
static bool settings_leave_timeout(const struct meet_client *client)
{
    return client->settings.timeout <= 0;
}

int meet_client_begin(const struct meet_client *client,
                      const struct meet_operation *operation, const char *name,
                      struct meet_request *request, struct meet_error *err)
{
    const char *path = operation->path;
    const char *brace = strchr(path, '{');

    if (begin(client, operation->verb, request, err) < 0)
        return -1;
    request->quota = operation->quota;
    if (operation->timeout > 0 && settings_leave_timeout(client))
        request->timeout = operation->timeout;
    if (!brace)
        return meet_buffer_append_string(&request->url, path, err);
    if (meet_buffer_append(&request->url, path, (size_t)(brace - path), err) ||
        append_name(&request->url, name, err) < 0)
        return -1;
    return meet_buffer_append_string(&request->url, strchr(brace, '}') + 1,
                                     err);
}

/* Google's quota for a path that the operation table need not know. */
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

void meet_client_pace(const struct meet_client *client, const char *connection,
                      enum meet_quota quota, struct meet_pace *pace)
{
    const struct meet_rate *rate = &client->settings.rate;
    const unsigned per_minute[] = {
        [MEET_QUOTA_NONE] = 0,
        [MEET_QUOTA_READ] = rate->reads_per_minute,
        [MEET_QUOTA_WRITE] = rate->writes_per_minute,
        [MEET_QUOTA_CREATE] = rate->creates_per_minute,
    };

    pace->key = client->key_hash;
    pace->account = !connection ? pace->key
                    : connection == client->settings.connection
                        ? client->account_hash
                        : meet_auth_hash(client->settings.api_key, connection);
    pace->quota = quota;
    pace->per_second = rate->per_second;
    pace->per_minute = per_minute[quota];
}
