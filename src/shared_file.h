/*
 * shared_file.h - a small file that processes of one machine share: found,
 * checked, locked, read and written. POSIX; no Lua.
 *
 * Only its owner may use it. No function waits for a lock, because its holder
 * may be stopped. A holder that dies leaves its mark.
 */
#pragma once

#include "error.h"

#include <stddef.h>
#include <stdint.h>

struct meet_shared_file {
    char *path;          /* NULL: the user's own in /tmp */
    int fd;              /* -1: closed */
    unsigned generation; /* of the process that opened it, see fork.h */
};

enum meet_lock { MEET_LOCKED, MEET_LOCK_BUSY, MEET_LOCK_FAILED };

/* Nothing is opened before the first lock. -1 without memory. */
int meet_shared_file_init(struct meet_shared_file *file, const char *path);
void meet_shared_file_deinit(struct meet_shared_file *file);

/* True in a child forked since it was opened, whose parent may hold the lock.
 */
bool meet_shared_file_is_parents(const struct meet_shared_file *file);

/*
 * Lock the file at the path, which is created if it does not exist. 'err' of
 * kind config: there can be none, or it is not the user's. Between this and the
 * unlocking nothing may wait.
 */
enum meet_lock meet_shared_file_lock(struct meet_shared_file *file,
                                     struct meet_error *err);
void meet_shared_file_unlock(struct meet_shared_file *file);

/* Read up to 'size' bytes at an offset; return how many, fewer at the end. -1
   with 'err'. */
long long meet_shared_file_read(struct meet_shared_file *file, void *bytes,
                                size_t size, size_t offset,
                                struct meet_error *err);

/* How many bytes it has. */
long long meet_shared_file_size(const struct meet_shared_file *file);

/* Write all of it; -1 with 'err', and then some of it may be written. */
int meet_shared_file_write(struct meet_shared_file *file, const void *bytes,
                           size_t size, size_t offset, struct meet_error *err);

/* Fill 'err': the file cannot be used, so nothing is sent. Returns -1. */
int meet_shared_file_refuse(const struct meet_shared_file *file,
                            const char *why, const char *hint,
                            struct meet_error *err);

/* The path, for messages. */
const char *meet_shared_file_path(const struct meet_shared_file *file,
                                  char *space, size_t size);
