/*
 * bare.c - the yardstick: the work of ours.lua by libcurl's easy interface and
 * lua-cjson, with nothing in between.
 *
 *   bare SCENARIO BASE_URL COUNT DIGEST_SCRIPT USER_AGENT
 *
 * One easy handle for all requests. Each request names its resource (the URL
 * is set again), as a program does that asks for more than one. The header
 * fields are ours; the body grows one buffer and becomes a Lua table by
 * cjson.decode; fields are read by lua_getfield. Prints one line of numbers.
 * The scenario "once" asks once, prints what it read, and nothing more.
 * "bare where" prints where libcurl looks for certificates: bundle and folder.
 */
#include "yardstick.h"

enum { WARM_UP = 100 }; /* until the heap grows no more */

/* What a scenario asks for, and what it reads of the answer on the stack. */
struct scenario {
    const char *name;
    const char *path;
    const char *items; /* field that holds them, NULL: the answer is one */
};

static const struct scenario scenarios[] = {
    {"get", ROOT "bench", NULL},
    {"list", ROOT "bench/participants?pageSize=250", "participants"},
    {"all", ROOT "bench/participants?pageSize=250", "participants"},
    {"once", ROOT "bench", NULL},
};

struct bare {
    const struct scenario *scenario;
    lua_State *L;
    CURL *easy;
    char url[256];
    struct body body;
    unsigned long requests;
    size_t sum;
};

/* Send one request; leave the decoded answer on the stack. */
static void ask(struct bare *bare)
{
    CURLcode code;

    bare->body.length = 0;
    curl_easy_setopt(bare->easy, CURLOPT_URL, bare->url);
    code = curl_easy_perform(bare->easy);
    if (code != CURLE_OK)
        fail(curl_easy_strerror(code));
    bare->requests++;
    decode(bare->L, bare->easy, &bare->body, bare->scenario->items);
}

static void work(struct bare *bare, long count)
{
    bare->sum = 0;
    for (long i = 0; i < count; i++) {
        ask(bare);
        bare->sum += bare->scenario->items ? read_participants(bare->L)
                                           : read_record(bare->L);
        lua_pop(bare->L, 1);
    }
}

static void measure(struct bare *bare, long count, const char *script)
{
    struct usage before, after;

    ask(bare);
    print_digest(bare->L, script);
    work(bare, WARM_UP);
    lua_gc(bare->L, LUA_GCCOLLECT);
    before = usage_now();
    work(bare, count);
    after = usage_now();
    printf("sum=%zu requests=%lu cpu=%.6f wall=%.6f\n", bare->sum,
           bare->requests, after.cpu - before.cpu, after.wall - before.wall);
}

static const struct scenario *find(const char *name)
{
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
        if (strcmp(scenarios[i].name, name) == 0)
            return &scenarios[i];
    fail("no such scenario");
    return NULL;
}

static int print_where(void)
{
    const curl_version_info_data *about = curl_version_info(CURLVERSION_NOW);

    if (!about->cainfo || !about->capath)
        return EXIT_FAILURE;
    printf("%s %s\n", about->cainfo, about->capath);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    struct bare bare = {0};
    struct curl_slist *fields;

    if (argc == 2 && strcmp(argv[1], "where") == 0)
        return print_where();
    if (argc != 6)
        fail("SCENARIO BASE_URL COUNT DIGEST_SCRIPT USER_AGENT expected");
    bare.scenario = find(argv[1]);
    snprintf(bare.url, sizeof bare.url, "%s%s", argv[2], bare.scenario->path);
    bare.L = open_lua();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    fields = make_fields();
    bare.easy = open_easy(fields, argv[5], &bare.body);
    if (strcmp(argv[1], "once") == 0) {
        work(&bare, 1);
        printf("sum=%zu\n", bare.sum);
    } else {
        measure(&bare, strtol(argv[3], NULL, 10), argv[4]);
    }
    curl_easy_cleanup(bare.easy);
    curl_slist_free_all(fields);
    lua_close(bare.L);
    free(bare.body.bytes);
    return EXIT_SUCCESS;
}
