/* pool.c - see pool.h. */
#include "pool.h"

#define MOST_IDLE 128

struct meet_transfer *meet_pool_take(struct meet_pool *pool)
{
    struct meet_transfer *transfer = pool->idle;

    if (!transfer)
        return meet_transfer_new(pool->sockets);
    pool->idle = transfer->next;
    pool->count--;
    return transfer;
}

void meet_pool_give(struct meet_pool *pool, struct meet_transfer *transfer)
{
    meet_transfer_release(transfer);
    if (pool->count >= MOST_IDLE) {
        meet_transfer_free(transfer);
        return;
    }
    transfer->next = pool->idle;
    pool->idle = transfer;
    pool->count++;
}

void meet_pool_forget(struct meet_pool *pool, unsigned long network_serial)
{
    struct meet_transfer **place = &pool->idle, *transfer;

    while ((transfer = *place)) {
        if (transfer->network_serial != network_serial) {
            place = &transfer->next;
            continue;
        }
        *place = transfer->next;
        pool->count--;
        meet_transfer_free(transfer);
    }
}

void meet_pool_deinit(struct meet_pool *pool)
{
    struct meet_transfer *transfer;

    while ((transfer = pool->idle)) {
        pool->idle = transfer->next;
        meet_transfer_free(transfer);
    }
    pool->count = 0;
}
