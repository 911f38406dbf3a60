/*
 * table.h - a hash table of nodes that live in their owners. Pure. The caller
 * hashes, and compares those of equal hash.
 */
#pragma once

#include "owner.h"

#include <stdbool.h>
#include <stdint.h>

struct meet_table_node {
    struct meet_table_node *next;
    uint64_t hash;
};

/* Zeroed: empty. */
struct meet_table {
    struct meet_table_node **buckets;
    size_t room; /* how many; a power of two */
    size_t count;
};

/* Free the buckets; the nodes are the caller's. */
void meet_table_deinit(struct meet_table *table);

/* The first node with this hash; the next one with the same. Or NULL. */
struct meet_table_node *meet_table_find(const struct meet_table *table,
                                        uint64_t hash);
struct meet_table_node *meet_table_next(const struct meet_table_node *node);

/* False without memory; a table that has buckets needs none. */
bool meet_table_insert(struct meet_table *table, struct meet_table_node *node,
                       uint64_t hash);

/* The node is in the table. */
void meet_table_remove(struct meet_table *table, struct meet_table_node *node);

/* The hash of one more value behind those of 'hash'; begin with 0. */
uint64_t meet_table_hash(uint64_t hash, uint64_t value);
