/*
 * bare_multi.c - the yardstick for what goes on at the same time: the work of
 * ours.lua by libcurl's multi interface and lua-cjson.
 *
 *   bare_multi SCENARIO BASE_URL COUNT DIGEST_SCRIPT USER_AGENT
 *
 *   many    COUNT small GETs, up to 100 at once
 *   pages   a list to its end; the next page is sent for before the work on
 *           this one, COUNT milliseconds of it
 *   memory  the same without work
 */
#include "yardstick.h"

#include <stdbool.h>

enum { AT_ONCE = 100, SETTLED = 10 };

struct transfer {
    CURL *easy;
    struct body body;
};

static struct bare {
    const char *base, *agent;
    lua_State *L;
    CURLM *multi;
    struct curl_slist *fields;
    struct transfer transfers[AT_ONCE];
    unsigned long requests;
    size_t sum;
} bare;

static struct transfer *open_transfer(unsigned index)
{
    struct transfer *transfer = &bare.transfers[index];

    if (transfer->easy)
        return transfer;
    transfer->easy = open_easy(bare.fields, bare.agent, &transfer->body);
    curl_easy_setopt(transfer->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(transfer->easy, CURLOPT_PIPEWAIT, 1L);
    curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, transfer);
    return transfer;
}

static void send_for(struct transfer *transfer, const char *path)
{
    char url[512];

    snprintf(url, sizeof url, "%s" ROOT "%s", bare.base, path);
    transfer->body.length = 0;
    curl_easy_setopt(transfer->easy, CURLOPT_URL, url);
    if (curl_multi_add_handle(bare.multi, transfer->easy) != CURLM_OK)
        fail("libcurl took no transfer");
    bare.requests++;
}

/* One that has ended, or NULL. */
static struct transfer *ended(void)
{
    struct transfer *transfer = NULL;
    struct CURLMsg *message;
    int left;

    message = curl_multi_info_read(bare.multi, &left);
    if (!message || message->msg != CURLMSG_DONE)
        return NULL;
    if (message->data.result != CURLE_OK)
        fail(curl_easy_strerror(message->data.result));
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    curl_multi_remove_handle(bare.multi, transfer->easy);
    return transfer;
}

/* Drive all of them until one has ended. */
static struct transfer *await(void)
{
    for (;;) {
        struct transfer *transfer = ended();
        int running;

        if (transfer)
            return transfer;
        curl_multi_perform(bare.multi, &running);
        transfer = ended();
        if (transfer)
            return transfer;
        curl_multi_poll(bare.multi, NULL, 0, 1000, NULL);
    }
}

static void many(long count)
{
    long sent = 0;

    for (; sent < count && sent < AT_ONCE; sent++)
        send_for(open_transfer((unsigned)sent), "slow");
    for (long done = 0; done < count; done++) {
        struct transfer *transfer = await();

        decode(bare.L, transfer->easy, &transfer->body, NULL);
        bare.sum += read_record(bare.L);
        lua_pop(bare.L, 1);
        if (sent++ < count)
            send_for(transfer, "slow");
    }
}

static void toil(double seconds)
{
    double end = usage_now().wall + seconds;

    while (usage_now().wall < end)
        ;
}

/* Path of the page behind the answer on top; false at the list's end. */
static bool next_path(char *path, size_t size, const char *record)
{
    const char *token;
    bool more;

    lua_getfield(bare.L, -1, "nextPageToken");
    token = lua_tostring(bare.L, -1);
    more = token && *token;
    if (more)
        snprintf(path, size, "%s/participants?pageSize=250&pageToken=%s",
                 record, token);
    lua_pop(bare.L, 1);
    return more;
}

/* A list; what memory has grown by since SETTLED pages, in bytes. */
static long pages(const char *record, double work)
{
    char path[256];
    long settled = 0, most = 0;
    bool more = true;

    snprintf(path, sizeof path, "%s/participants?pageSize=250", record);
    send_for(open_transfer(0), path);
    for (unsigned page = 0; more; page++) {
        struct transfer *transfer = await();
        int running;

        decode(bare.L, transfer->easy, &transfer->body, NULL);
        more = next_path(path, sizeof path, record);
        if (more) {
            send_for(open_transfer((page + 1) % 2), path);
            curl_multi_perform(bare.multi, &running);
        }
        lua_getfield(bare.L, -1, "participants");
        bare.sum += read_participants(bare.L);
        lua_pop(bare.L, 2);
        toil(work);
        if (page == SETTLED)
            settled = usage_resident();
        if (page >= SETTLED && usage_resident() > most)
            most = usage_resident();
    }
    return most - settled;
}

static void digest_one(const char *path, const char *items, const char *script)
{
    struct transfer *transfer;

    send_for(open_transfer(0), path);
    transfer = await();
    decode(bare.L, transfer->easy, &transfer->body, items);
    print_digest(bare.L, script);
}

static void clean_up(void)
{
    for (unsigned i = 0; i < AT_ONCE; i++) {
        curl_easy_cleanup(bare.transfers[i].easy);
        free(bare.transfers[i].body.bytes);
    }
    curl_multi_cleanup(bare.multi);
    curl_slist_free_all(bare.fields);
    lua_close(bare.L);
}

int main(int argc, char **argv)
{
    struct usage before, after;
    long count, grown = 0;

    if (argc != 6)
        fail("SCENARIO BASE_URL COUNT DIGEST_SCRIPT USER_AGENT expected");
    bare.base = argv[2];
    bare.agent = argv[5];
    count = strtol(argv[3], NULL, 10);
    bare.L = open_lua();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    bare.multi = curl_multi_init();
    bare.fields = make_fields();
    if (strcmp(argv[1], "many") == 0)
        digest_one("slow", NULL, argv[4]);
    else
        digest_one("bench/participants?pageSize=250", "participants", argv[4]);
    lua_gc(bare.L, LUA_GCCOLLECT);
    before = usage_now();
    if (strcmp(argv[1], "many") == 0)
        many(count);
    else if (strcmp(argv[1], "pages") == 0)
        pages("slow", (double)count / 1000);
    else if (strcmp(argv[1], "memory") == 0)
        grown = pages("long", 0);
    else
        fail("no such scenario");
    after = usage_now();
    printf("sum=%zu requests=%lu cpu=%.6f wall=%.6f grown=%ld\n", bare.sum,
           bare.requests, after.cpu - before.cpu, after.wall - before.wall,
           grown);
    clean_up();
    return EXIT_SUCCESS;
}
