/*
 * pool.h - idle transfers kept for the next attempts, so that each need not
 * set its handle up anew. The engine owns one.
 */
#pragma once

#include "transfer.h"

struct meet_pool {
    struct meet_sockets *sockets; /* of the transfers; the engine's */
    struct meet_transfer *idle;
    unsigned count;
};

/* A transfer that is the caller's until it is given back; NULL: no memory. */
struct meet_transfer *meet_pool_take(struct meet_pool *pool);

/* Keep the transfer, or free it when there are enough. It is no multi's. */
void meet_pool_give(struct meet_pool *pool, struct meet_transfer *transfer);

/* Free the idle ones. */
void meet_pool_deinit(struct meet_pool *pool);
