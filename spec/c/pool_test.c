/*
 * pool_test.c - handles are kept for the next attempt, but no more than a busy
 * client needs, and none of a client that is closed.
 */
#include "check.h"
#include "library.h"
#include "pool.h"

enum { MANY = 130, KEPT = 128 };

/* Those of one client go, wherever they are in the list. */
static void check_forget(struct meet_pool *pool)
{
    struct meet_transfer *transfers[5];

    for (int i = 0; i < 5; i++)
        transfers[i] = meet_pool_take(pool);
    for (int i = 0; i < 5; i++) {
        transfers[i]->network_serial = i % 2 ? 8 : 7;
        meet_pool_give(pool, transfers[i]);
    }
    meet_pool_forget(pool, 7);
    CHECK(pool->count == 2, "%u are left", pool->count);
    CHECK(pool->idle == transfers[3] && pool->idle->next == transfers[1] &&
              !transfers[1]->next,
          "those of the other client, in their order");
    meet_pool_forget(pool, 8);
    CHECK(pool->count == 0 && !pool->idle, "none is left");
}

int main(void)
{
    struct meet_transfer *transfers[MANY], *last;
    struct meet_sockets sockets;
    struct meet_pool pool = {.sockets = &sockets};
    struct meet_error err;

    CHECK(meet_library_start(&err) == 0, "libcurl starts");
    meet_sockets_init(&sockets);
    for (int i = 0; i < MANY; i++)
        transfers[i] = meet_pool_take(&pool);
    CHECK(pool.count == 0, "all are taken");
    for (int i = 0; i < MANY; i++)
        meet_pool_give(&pool, transfers[i]);
    CHECK(pool.count == KEPT, "%u are kept", pool.count);
    last = meet_pool_take(&pool);
    CHECK(last == transfers[KEPT - 1], "the last that came is the next to go");
    CHECK(pool.count == KEPT - 1, "%u are left", pool.count);
    meet_pool_give(&pool, last);
    meet_pool_deinit(&pool);
    CHECK(pool.count == 0 && !pool.idle, "none is left");
    check_forget(&pool);
    meet_sockets_deinit(&sockets);
    meet_transfer_free(NULL);
    return check_report();
}
