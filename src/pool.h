/*
 * pool.h - idle transfers, reused so that an attempt need not set up a new
 * handle. The engine owns one.
 */
#pragma once

#include "transfer.h"

struct meet_pool {
    struct meet_sockets *sockets; /* of the transfers; the engine's */
    struct meet_transfer *idle;
    unsigned count;
};

/* Return a transfer, the caller's from now on; NULL: no memory. */
struct meet_transfer *meet_pool_take(struct meet_pool *pool);

/*
 * Keep a transfer whose attempt was answered, or free it if the pool is full;
 * it is in no multi.
 */
void meet_pool_give(struct meet_pool *pool, struct meet_transfer *transfer);

/* Free the idle transfers of a client: libcurl 8.7 and newer keep what was sent
   last on a handle, and with it the key. */
void meet_pool_forget(struct meet_pool *pool, unsigned long network_serial);

/* Free the idle transfers. */
void meet_pool_deinit(struct meet_pool *pool);
