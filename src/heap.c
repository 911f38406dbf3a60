/*
 * heap.c - see heap.h. M. L. Fredman, R. Sedgewick, D. D. Sleator, R. E.
 * Tarjan: The pairing heap (1986). Without recursion: a node may have any
 * number of children.
 */
#include "heap.h"

/* Make one tree of two, either of which may be NULL; return its root. */
static struct meet_heap_node *merge(const struct meet_heap *heap,
                                    struct meet_heap_node *a,
                                    struct meet_heap_node *b)
{
    struct meet_heap_node *root = a, *child = b;

    if (!a || !b)
        return a ? a : b;
    if (heap->before(b, a)) {
        root = b;
        child = a;
    }
    child->previous = root;
    child->next = root->child;
    if (child->next)
        child->next->previous = child;
    root->child = child;
    return root;
}

/* Make one tree of siblings: in pairs, then all pairs from the last on. */
static struct meet_heap_node *merge_all(const struct meet_heap *heap,
                                        struct meet_heap_node *first)
{
    struct meet_heap_node *pairs = NULL, *root = NULL;

    while (first) {
        struct meet_heap_node *a = first, *b = first->next;

        first = b ? b->next : NULL;
        a->next = NULL;
        if (b)
            b->next = NULL;
        a = merge(heap, a, b);
        a->next = pairs;
        pairs = a;
    }
    while (pairs) {
        struct meet_heap_node *next = pairs->next;

        pairs->next = NULL;
        root = merge(heap, root, pairs);
        pairs = next;
    }
    return root;
}

void meet_heap_insert(struct meet_heap *heap, struct meet_heap_node *node)
{
    *node = (struct meet_heap_node){.heap = heap};
    heap->first = merge(heap, heap->first, node);
}

/* Cut the tree of a node that is not the first out. */
static void cut(const struct meet_heap_node *node)
{
    if (node->previous->child == node)
        node->previous->child = node->next;
    else
        node->previous->next = node->next;
    if (node->next)
        node->next->previous = node->previous;
}

void meet_heap_remove(struct meet_heap_node *node)
{
    struct meet_heap *heap = node->heap;
    struct meet_heap_node *rest;

    if (!heap)
        return;
    rest = node->child ? merge_all(heap, node->child) : NULL;
    if (heap->first == node) {
        heap->first = rest;
    } else {
        cut(node);
        heap->first = merge(heap, heap->first, rest);
    }
    *node = (struct meet_heap_node){0};
}
