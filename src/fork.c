/* fork.c - see fork.h. */
#include "fork.h"

#include <pthread.h>
#include <stdatomic.h>

static atomic_uint generation;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static atomic_bool watches;

static void on_child(void)
{
    atomic_fetch_add_explicit(&generation, 1, memory_order_relaxed);
}

static void watch(void)
{
    atomic_store(&watches, pthread_atfork(NULL, NULL, on_child) == 0);
}

bool meet_fork_watch(void)
{
    return pthread_once(&once, watch) == 0 && atomic_load(&watches);
}

unsigned meet_fork_generation(void)
{
    return atomic_load_explicit(&generation, memory_order_relaxed);
}
