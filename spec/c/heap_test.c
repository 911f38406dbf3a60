/* heap_test.c - nodes leave in order, whatever came and went before. */
#include "check.h"
#include "heap.h"

enum { MOST = 2000 };

struct item {
    unsigned key;
    bool in;
    struct meet_heap_node node;
};

static bool is_smaller(const struct meet_heap_node *a,
                       const struct meet_heap_node *b)
{
    return MEET_OWNER(a, struct item, node)->key <
           MEET_OWNER(b, struct item, node)->key;
}

static struct item *first(const struct meet_heap *heap)
{
    return MEET_HEAP_FIRST(heap, struct item, node);
}

/* Numbers spread over all of them. */
static unsigned spread(unsigned i)
{
    return i * 7919U % MOST;
}

static void check_few(void)
{
    struct meet_heap heap = {.before = is_smaller};
    struct item items[3] = {{.key = 2}, {.key = 1}, {.key = 3}};

    CHECK(!first(&heap), "empty");
    meet_heap_remove(&items[0].node);
    CHECK(!first(&heap), "what is in no heap can be removed");
    for (int i = 0; i < 3; i++)
        meet_heap_insert(&heap, &items[i].node);
    CHECK(first(&heap) == &items[1], "the smallest");
    CHECK(items[0].node.heap == &heap, "it knows its heap");
    meet_heap_remove(&items[1].node);
    CHECK(first(&heap) == &items[0] && !items[1].node.heap, "the next");
    meet_heap_remove(&items[2].node);
    CHECK(first(&heap) == &items[0], "one that was not the first");
    meet_heap_remove(&items[0].node);
    CHECK(!first(&heap), "empty again");
}

/* All that are left leave in order; the others do not appear. */
static void drain(struct meet_heap *heap, struct item *items, unsigned left)
{
    unsigned last = 0, wrong = 0;

    while (first(heap)) {
        struct item *item = first(heap);

        wrong += item->key < last || !item->in;
        last = item->key;
        item->in = false;
        left--;
        meet_heap_remove(&item->node);
    }
    for (unsigned i = 0; i < MOST; i++)
        wrong += items[i].in || items[i].node.heap;
    CHECK(wrong == 0 && left == 0, "%u wrong, %u lost", wrong, left);
}

/* Keys rise, fall or are spread; every so many are removed, and come again. */
static void check_many(int order, unsigned every)
{
    static struct item items[MOST];
    struct meet_heap heap = {.before = is_smaller};
    unsigned left = MOST;

    for (unsigned i = 0; i < MOST; i++) {
        items[i].key = order > 0 ? i : order < 0 ? MOST - i : spread(i);
        items[i].in = true;
        meet_heap_insert(&heap, &items[i].node);
    }
    for (int round = 0; round < 2; round++) {
        for (unsigned i = 0; i < MOST; i += every) {
            struct item *item = &items[spread(i)];

            left -= item->in;
            item->in = false;
            meet_heap_remove(&item->node);
        }
        for (unsigned i = 0; i < 10 && first(&heap); i++) {
            left--;
            first(&heap)->in = false;
            meet_heap_remove(heap.first);
        }
        for (unsigned i = 0; i < MOST; i += 2 * every) {
            struct item *item = &items[spread(i)];

            if (item->in)
                continue;
            left++;
            item->in = true;
            item->key = spread(item->key + 1);
            meet_heap_insert(&heap, &item->node);
        }
    }
    drain(&heap, items, left);
}

int main(void)
{
    check_few();
    for (int order = -1; order <= 1; order++)
        for (unsigned every = 1; every < 9; every++)
            check_many(order, every);
    return check_report();
}
