/*
 * heap.h - a pairing heap of nodes that live in their owners, so that it never
 * needs memory. Pure. Insertion takes constant time, removal of any node
 * O(log n) on average over many.
 */
#pragma once

#include "owner.h"

#include <stdbool.h>

/* Zeroed: in no heap. */
struct meet_heap_node {
    struct meet_heap *heap;
    struct meet_heap_node *child, *next;
    struct meet_heap_node *previous; /* the parent, of a first child */
};

/* True when 'a' comes first. */
typedef bool meet_heap_order(const struct meet_heap_node *a,
                             const struct meet_heap_node *b);

struct meet_heap {
    struct meet_heap_node *first; /* NULL: empty */
    meet_heap_order *before;
};

/* The node is in no heap. */
void meet_heap_insert(struct meet_heap *heap, struct meet_heap_node *node);

/* Remove it from the heap that it is in, if any. */
void meet_heap_remove(struct meet_heap_node *node);

/* The owner of the first node, or NULL. */
#define MEET_HEAP_FIRST(heap, type, member) \
    ((heap)->first ? MEET_OWNER((heap)->first, type, member) : NULL)
