/*
 * client_test.c - settings that are rejected, URLs, limits, quotas and accounts
 * of requests, and memory that runs out meanwhile.
 */
#include "check.h"
#include "scarce.h"
#include "../../src/buffer.c"
#include "../../src/settings.c"
#include "../../src/client.c"

static struct meet_settings usual(void)
{
    struct meet_settings settings;

    meet_settings_init(&settings);
    settings.api_key = "key";
    settings.base_url = "https://a.example/b/";
    return settings;
}

static void open_client(struct meet_client *client, double timeout)
{
    struct meet_settings settings = usual();
    struct meet_error err;

    settings.timeout = meet_ns_from_seconds(timeout);
    CHECK(meet_client_init(client, &settings, 1, &err) == 0, "a client");
}

static void check_settings(void)
{
    const struct meet_settings start = usual();
    struct meet_settings cases[6];
    struct meet_client client;
    struct meet_error err;

    for (int i = 0; i < 6; i++)
        cases[i] = start;
    cases[0].api_key = "a key";
    cases[1].connections[MEET_APP_MEET] = "";
    cases[2].user_agent = "a\nb";
    cases[3].proxy = "http://a\x7F";
    cases[4].base_url = "";
    cases[5].connections[MEET_APP_DOCS] = "a b";
    for (int i = 0; i < 6; i++) {
        err.kind = MEET_OK;
        CHECK(meet_client_init(&client, &cases[i], 1, &err) == -1, "%d", i);
        CHECK(err.kind == MEET_CONFIG, "%d: kind %d", i, (int)err.kind);
    }
    CHECK(strstr(err.message, "the connection of google-docs has a blank"),
          "it is named: %s", err.message);
}

static void check_settings_without_memory(void)
{
    struct meet_settings settings = usual();
    struct meet_client client;
    struct meet_error err;
    size_t left = 0;

    settings.connections[MEET_APP_MEET] = "c";
    settings.connections[MEET_APP_DRIVE] = "d";
    settings.user_agent = "agent";
    for (scarce_left = left; meet_client_init(&client, &settings, 1, &err) < 0;
         scarce_left = ++left)
        CHECK(err.kind == MEET_MEMORY && !client.agent_line,
              "%zu allocations: kind %d", left, (int)err.kind);
    scarce_left = SIZE_MAX;
    CHECK(left == 6, "five strings and a line: %zu", left);
    meet_client_deinit(&client);
}

static void check_new_key(void)
{
    struct meet_client client;
    struct meet_error err;

    open_client(&client, 0);
    scarce_left = 0;
    CHECK(meet_client_set_key(&client, "other", 5, &err) == -1 &&
              err.kind == MEET_MEMORY,
          "no memory for it");
    CHECK_STRING(err.message, "no memory for the API key", "message");
    scarce_left = SIZE_MAX;
    CHECK_STRING(client.settings.api_key, "key", "the old one stays");
    meet_client_deinit(&client);
}

static void check_old_keys(void)
{
    struct meet_client client;
    struct meet_error err;
    char key[] = "key-0";

    open_client(&client, 0);
    for (int i = 0; i < 2 * MEET_OLD_KEYS; i++) {
        key[4] = (char)('0' + i);
        CHECK(meet_client_set_key(&client, key, 5, &err) == 0 &&
                  meet_client_set_key(&client, key, 5, &err) == 0,
              "key %d, twice", i);
    }
    CHECK_STRING(client.settings.api_key, key, "the one in use");
    for (int i = 0; i < MEET_OLD_KEYS; i++) {
        key[4]--;
        CHECK_STRING(client.old_keys[i], key, "an old one");
    }
    meet_client_close(&client);
    CHECK(!client.old_keys[0] && !client.old_keys[MEET_OLD_KEYS - 1],
          "wiped at close");
    meet_client_deinit(&client);
}

/* Who reads the connection meanwhile keeps it. */
static void check_same_connection(void)
{
    struct meet_client client;
    struct meet_error err;
    const char *first;

    open_client(&client, 0);
    CHECK(meet_client_set_connection(&client, MEET_APP_DRIVE, "c1", 2, &err) ==
              0,
          "set");
    first = client.settings.connections[MEET_APP_DRIVE];
    CHECK(meet_client_set_connection(&client, MEET_APP_DRIVE, "c1", 2, &err) ==
                  0 &&
              client.settings.connections[MEET_APP_DRIVE] == first,
          "the same one stays");
    CHECK(meet_client_set_connection(&client, MEET_APP_DRIVE, "c2", 2, &err) ==
              0,
          "set");
    CHECK_STRING(client.settings.connections[MEET_APP_DRIVE], "c2",
                 "another one");
    CHECK(!client.settings.connections[MEET_APP_MEET] &&
              !client.settings.connections[MEET_APP_DOCS],
          "of no other app");
    CHECK(meet_client_set_connection(&client, MEET_APP_DRIVE, "", 0, &err) ==
                  -1 &&
              err.kind == MEET_CONFIG,
          "none");
    CHECK_STRING(err.message, "the connection of google-drive is empty",
                 "message");
    meet_client_deinit(&client);
}

static void check_fields_without_memory(void)
{
    struct meet_request request;
    struct meet_error err;

    meet_request_init(&request);
    scarce_left = 0;
    CHECK(meet_client_authorize(&request, "key", "c", &err) == -1 &&
              err.kind == MEET_MEMORY && request.headers.count == 0,
          "no memory for the key");
    scarce_left = SIZE_MAX;
    meet_request_deinit(&request);
}

static int begin_get(const struct meet_client *client,
                     struct meet_request *request, size_t limit,
                     struct meet_error *err)
{
    meet_request_init(request);
    request->url.limit = limit;
    return meet_client_begin(client, meet_operation_get("spaces.members.get"),
                             "spaces/x+y/members/z", 20, request, err);
}

/* A URL is complete or an error, wherever the room ends. */
static void check_url(void)
{
    static const char url[] =
        "https://a.example/b/google-meet/v2/spaces/x%2By/members/z";
    struct meet_client client;
    struct meet_request request;
    struct meet_error err;

    open_client(&client, 0);
    for (size_t limit = 0; limit < sizeof url - 1; limit++) {
        CHECK(begin_get(&client, &request, limit, &err) == -1 &&
                  err.kind == MEET_TOO_LARGE,
              "%zu bytes", limit);
        meet_request_deinit(&request);
    }
    CHECK(begin_get(&client, &request, sizeof url - 1, &err) == 0, "room");
    CHECK_STRING(meet_buffer_string(&request.url), url, "URL");
    CHECK(request.path_offset == 17, "the base's path is part of it");
    meet_request_deinit(&request);
    meet_client_deinit(&client);
}

static double timeout_of(double set, const char *operation)
{
    struct meet_client client;
    struct meet_request request;
    struct meet_error err;

    open_client(&client, set);
    meet_request_init(&request);
    CHECK(meet_client_begin(&client, meet_operation_get(operation), "spaces/x",
                            8, &request, &err) == 0,
          "%s", operation);
    meet_request_deinit(&request);
    meet_client_deinit(&client);
    return meet_ns_seconds(request.timeout);
}

static void check_timeouts(void)
{
    CHECK(timeout_of(0, "spaces.get") == 60, "the usual one");
    CHECK(timeout_of(5, "spaces.get") == 5, "the caller's");
    CHECK(timeout_of(0, "spaces.members.create") == 80, "the operation's");
    CHECK(timeout_of(5, "spaces.members.create") == 5,
          "the caller's goes first");
}

static void check_quotas(void)
{
    static const struct {
        const char *verb, *path;
        enum meet_quota quota;
    } cases[] = {
        {"GET", "/google-meet/v2/spaces", MEET_QUOTA_READ},
        {"POST", "/google-meet/v2/spaces", MEET_QUOTA_CREATE},
        {"POST", "/google-meet/v2/spacet", MEET_QUOTA_WRITE},
        {"POST", "/google-meet/v2/spaces/x", MEET_QUOTA_WRITE},
        {"POST", "/connections", MEET_QUOTA_NONE},
        {"POST", "/google-mail/v2/spaces", MEET_QUOTA_NONE},
        {"GET", "/google-drive/v3/files", MEET_QUOTA_NONE},
    };
    struct meet_client client;
    struct meet_request request;
    struct meet_error err;

    open_client(&client, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        meet_request_init(&request);
        CHECK(meet_client_begin_path(&client, cases[i].verb, cases[i].path,
                                     strlen(cases[i].path), &request,
                                     &err) == 0 &&
                  request.quota == cases[i].quota,
              "%s %s: %d", cases[i].verb, cases[i].path, (int)request.quota);
        meet_request_deinit(&request);
    }
    meet_client_deinit(&client);
}

/* The account of a GET of that path, sent with that connection. */
static unsigned long long account_of(const struct meet_client *client,
                                     const char *path, const char *connection)
{
    struct meet_request request;
    struct meet_pace pace;
    struct meet_error err;

    meet_request_init(&request);
    CHECK(meet_client_begin_path(client, "GET", path, strlen(path), &request,
                                 &err) == 0,
          "%s", path);
    meet_client_pace(client, &request, connection, &pace);
    CHECK(pace.key == client->accounts.key && pace.per_second == 10,
          "%s: the second is the key's", path);
    meet_request_deinit(&request);
    return pace.account;
}

/* Who shares a pause: the paths of one connection, or of an app without one. */
static void check_accounts(void)
{
    struct meet_settings settings = usual();
    struct meet_client client;
    struct meet_error err;
    unsigned long long key, meet, drive;

    settings.connections[MEET_APP_MEET] = "m";
    settings.connections[MEET_APP_DRIVE] = "d";
    CHECK(meet_client_init(&client, &settings, 1, &err) == 0, "a client");
    key = client.accounts.key;
    meet = account_of(&client, "/google-meet/v2/spaces/x",
                      client.settings.connections[MEET_APP_MEET]);
    drive = account_of(&client, "/google-drive/v3/files",
                       client.settings.connections[MEET_APP_DRIVE]);
    CHECK(meet != key && drive != key && drive != meet, "three accounts");
    CHECK(account_of(&client, "/google-drive/v3/about", "d") == drive,
          "a call's own is the same one");
    CHECK(account_of(&client, "/google-drive/v3/about", "e") != drive,
          "another one");
    CHECK(account_of(&client, "/connections", NULL) == key, "the gateway's");
    CHECK(account_of(&client, "/google-docs/v1/documents", NULL) != key,
          "none of an app is not none of Meet");
    CHECK(account_of(&client, "/google-docs/v1/documents", NULL) !=
              account_of(&client, "/google-calendar/v3/events", NULL),
          "nor that of another app");
    meet_client_deinit(&client);
    open_client(&client, 0);
    CHECK(account_of(&client, "/google-meet/v2/spaces/x", NULL) ==
              client.accounts.key,
          "none of Meet: the key's");
    meet_client_deinit(&client);
}

int main(void)
{
    check_settings();
    check_settings_without_memory();
    check_new_key();
    check_old_keys();
    check_same_connection();
    check_fields_without_memory();
    check_url();
    check_timeouts();
    check_quotas();
    check_accounts();
    return check_report();
}
