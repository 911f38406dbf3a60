/*
 * two_states.c - two Lua states in two threads at once, each with its own
 * core: two_states SCRIPT [ARGUMENT ...]. Built with ThreadSanitizer; each
 * state is opened, runs the script and is closed, several times over.
 */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

enum { THREADS = 2, ROUNDS = 5 };

struct work {
    pthread_barrier_t *start;
    int argc;
    char **argv;
    bool failed;
};

static bool run(struct work *work)
{
    lua_State *L;
    bool failed;

    pthread_barrier_wait(work->start); /* luaopen at the same moment */
    L = luaL_newstate();
    if (!L)
        return false;
    luaL_openlibs(L);
    failed = luaL_loadfile(L, work->argv[1]) != LUA_OK;
    for (int i = 2; i < work->argc && !failed; i++)
        lua_pushstring(L, work->argv[i]);
    failed = failed || lua_pcall(L, work->argc - 2, 0, 0) != LUA_OK;
    if (failed)
        fprintf(stderr, "%s\n", luaL_tolstring(L, -1, NULL));
    lua_close(L);
    return !failed;
}

static void *run_rounds(void *context)
{
    struct work *work = context;

    for (int round = 0; round < ROUNDS; round++)
        if (!run(work))
            work->failed = true;
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_barrier_t start;
    pthread_t threads[THREADS];
    struct work work[THREADS];
    bool failed = false;

    if (argc < 2 || pthread_barrier_init(&start, NULL, THREADS) != 0)
        return 2;
    for (int i = 0; i < THREADS; i++) {
        work[i] = (struct work){&start, argc, argv, false};
        if (pthread_create(&threads[i], NULL, run_rounds, &work[i]) != 0)
            return 2;
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        failed = failed || work[i].failed;
    }
    return failed ? 1 : 0;
}
