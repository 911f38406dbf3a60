/* table.c - see table.h. */
#include "table.h"

#include <stdlib.h>

enum { FIRST_ROOM = 16 };

void meet_table_deinit(struct meet_table *table)
{
    free(table->buckets);
    *table = (struct meet_table){0};
}

/* The first node from 'node' on with this hash. */
static struct meet_table_node *same(struct meet_table_node *node, uint64_t hash)
{
    while (node && node->hash != hash)
        node = node->next;
    return node;
}

struct meet_table_node *meet_table_find(const struct meet_table *table,
                                        uint64_t hash)
{
    if (table->count == 0)
        return NULL;
    return same(table->buckets[hash & (table->room - 1)], hash);
}

struct meet_table_node *meet_table_next(const struct meet_table_node *node)
{
    return same(node->next, node->hash);
}

static void link(struct meet_table *table, struct meet_table_node *node)
{
    struct meet_table_node **bucket =
        &table->buckets[node->hash & (table->room - 1)];

    node->next = *bucket;
    *bucket = node;
}

/* Have room for one more; without memory as before. */
static void grow(struct meet_table *table)
{
    struct meet_table old = *table;
    size_t room = old.room ? 2 * old.room : FIRST_ROOM;
    struct meet_table_node **buckets, *next;

    if (table->count < table->room)
        return;
    buckets = calloc(room, sizeof(struct meet_table_node *));
    if (!buckets)
        return;
    table->buckets = buckets;
    table->room = room;
    for (size_t i = 0; i < old.room; i++) {
        for (struct meet_table_node *node = old.buckets[i]; node; node = next) {
            next = node->next;
            link(table, node);
        }
    }
    free(old.buckets);
}

bool meet_table_insert(struct meet_table *table, struct meet_table_node *node,
                       uint64_t hash)
{
    grow(table);
    if (table->room == 0)
        return false;
    node->hash = hash;
    link(table, node);
    table->count++;
    return true;
}

void meet_table_remove(struct meet_table *table, struct meet_table_node *node)
{
    struct meet_table_node **place =
        &table->buckets[node->hash & (table->room - 1)];

    while (*place != node)
        place = &(*place)->next;
    *place = node->next;
    table->count--;
}

uint64_t meet_table_hash(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9E3779B97F4A7C15; /* 2^64 by the golden ratio */
    return hash ^ hash >> 32;
}
