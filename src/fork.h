/*
 * fork.h - counts the forks that lead to this process, since the module was
 * loaded. POSIX threads only. Thread-safe.
 *
 * The counter, and whether it counts, are the one exception to "no mutable
 * file-scope data": only the process knows that it was forked, and asking it
 * costs a system call.
 */
#pragma once

#include <stdbool.h>

/* Start counting forks; later calls return what the first one did. False: no
 * memory. */
bool meet_fork_watch(void);

/* Differs between a process and each child that is forked from it. */
unsigned meet_fork_generation(void);
