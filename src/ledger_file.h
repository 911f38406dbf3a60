/*
 * ledger_file.h - a ledger in a shared file: how its bytes lie there.
 */
#pragma once

#include "ledger.h"
#include "shared_file.h"

/*
 * Read the ledger of a locked file, and mark it: a process that dies before the
 * store leaves the mark. A torn, marked or empty file counts as emptied. -1
 * with 'err' of kind config: the file belongs to another program or version, or
 * cannot be read.
 */
int meet_ledger_file_load(struct meet_shared_file *file,
                          struct meet_ledger *ledger, struct meet_error *err);

/* Write the ledger, and remove the mark. -1: the mark stays. */
int meet_ledger_file_store(struct meet_shared_file *file,
                           const struct meet_ledger *ledger,
                           struct meet_error *err);

/* The process whose mark the file has, which need not be locked; or 0. */
unsigned long meet_ledger_file_locker(struct meet_shared_file *file);
