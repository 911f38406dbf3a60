/*
 * client_test.c - settings that are rejected, URLs, limits and quotas of
 * requests, and memory that runs out meanwhile.
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
    struct meet_settings cases[5];
    struct meet_client client;
    struct meet_error err;

    for (int i = 0; i < 5; i++)
        cases[i] = start;
    cases[0].api_key = "a key";
    cases[1].connection = "";
    cases[2].user_agent = "a\nb";
    cases[3].proxy = "http://a\x7F";
    cases[4].base_url = "";
    for (int i = 0; i < 5; i++) {
        err.kind = MEET_OK;
        CHECK(meet_client_init(&client, &cases[i], 1, &err) == -1, "%d", i);
        CHECK(err.kind == MEET_CONFIG, "%d: kind %d", i, (int)err.kind);
    }
}

static void check_settings_without_memory(void)
{
    struct meet_settings settings = usual();
    struct meet_client client;
    struct meet_error err;
    size_t left = 0;

    settings.connection = "c";
    settings.user_agent = "agent";
    for (scarce_left = left; meet_client_init(&client, &settings, 1, &err) < 0;
         scarce_left = ++left)
        CHECK(err.kind == MEET_MEMORY && !client.agent_line,
              "%zu allocations: kind %d", left, (int)err.kind);
    scarce_left = SIZE_MAX;
    CHECK(left == 5, "four strings and a line: %zu", left);
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
    CHECK(meet_client_set_connection(&client, "c1", 2, &err) == 0, "set");
    first = client.settings.connection;
    CHECK(meet_client_set_connection(&client, "c1", 2, &err) == 0 &&
              client.settings.connection == first,
          "the same one stays");
    CHECK(meet_client_set_connection(&client, "c2", 2, &err) == 0, "set");
    CHECK_STRING(client.settings.connection, "c2", "another one");
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
    return check_report();
}
