/* table_test.c - what is inserted is found, until it is removed. */
#include "check.h"
#include "scarce.h"
#include "../../src/table.c"

enum { MOST = 3000 };

struct item {
    unsigned key;
    struct meet_table_node node;
};

static struct item *find(const struct meet_table *table, unsigned key,
                         uint64_t hash)
{
    struct meet_table_node *node = meet_table_find(table, hash);

    while (node && MEET_OWNER(node, struct item, node)->key != key)
        node = meet_table_next(node);
    return node ? MEET_OWNER(node, struct item, node) : NULL;
}

/* 'hashes': how many different ones there are. */
static void check_many(unsigned hashes)
{
    static struct item items[MOST];
    struct meet_table table = {0};
    unsigned wrong = 0;

    for (unsigned i = 0; i < MOST; i++) {
        items[i].key = i;
        wrong += find(&table, i, i % hashes) != NULL;
        wrong += !meet_table_insert(&table, &items[i].node, i % hashes);
    }
    for (unsigned i = 0; i < MOST; i++)
        wrong += find(&table, i, i % hashes) != &items[i];
    for (unsigned i = 0; i < MOST; i += 3)
        meet_table_remove(&table, &items[i].node);
    for (unsigned i = 0; i < MOST; i++)
        wrong += find(&table, i, i % hashes) != (i % 3 ? &items[i] : NULL);
    CHECK(wrong == 0, "%u hashes: %u wrong", hashes, wrong);
    CHECK(table.count == MOST - MOST / 3, "%zu", table.count);
    meet_table_deinit(&table);
    CHECK(!find(&table, 1, 1) && table.count == 0, "empty again");
}

/* Only the first buckets have to be there. */
static void check_no_memory(void)
{
    static struct item items[MOST];
    struct meet_table table = {0};
    unsigned wrong = 0;

    scarce_left = 0;
    CHECK(!meet_table_insert(&table, &items[0].node, 5), "no buckets");
    CHECK(!meet_table_find(&table, 5) && table.count == 0, "as it was");
    scarce_left = 1;
    for (unsigned i = 0; i < MOST; i++) {
        items[i].key = i;
        wrong += !meet_table_insert(&table, &items[i].node, i);
    }
    for (unsigned i = 0; i < MOST; i++)
        wrong += find(&table, i, i) != &items[i];
    CHECK(wrong == 0, "%u are lost in a table that cannot grow", wrong);
    scarce_left = SIZE_MAX;
    meet_table_deinit(&table);
}

/* Values that are alike, or in another order, do not share a bucket. */
static void check_hash(void)
{
    unsigned same = 0;

    for (unsigned i = 0; i < 1000; i++) {
        uint64_t twice = meet_table_hash(meet_table_hash(0, i), i);
        uint64_t other = meet_table_hash(meet_table_hash(0, i + 1), i + 1);
        uint64_t swapped = meet_table_hash(meet_table_hash(0, i + 1), i);

        same += (twice & 1023) == (other & 1023);
        same += swapped == meet_table_hash(meet_table_hash(0, i), i + 1);
    }
    CHECK(same < 20, "%u of 1000", same);
}

int main(void)
{
    check_many(MOST);
    check_many(17);
    check_many(1);
    check_no_memory();
    check_hash();
    return check_report();
}
