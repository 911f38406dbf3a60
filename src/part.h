/*
 * part.h - a partial file that grows beside its target until it is complete,
 * over several processes, and a note of what it is a part of. POSIX; no Lua, no
 * memory.
 *
 * Both are in the target's folder, under names derived from the target's, for
 * their owner alone (0600). One process at a time has a part open; a fork of it
 * has not. Functions return 0, or -1 and set errno.
 */
#pragma once

#include "file.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct meet_part {
    struct meet_file file; /* descriptor -1: closed */
    char note[48];         /* name in the folder */
    pid_t owner;
};

/* No part, which may be closed. */
void meet_part_init(struct meet_part *part);

/*
 * Open and lock the part of 'path', which is checked as by meet_file_create.
 * EWOULDBLOCK: another process has it open; EEXIST: it belongs to another user,
 * or has a second name.
 */
int meet_part_open(struct meet_part *part, const char *path);

/* Read up to 'size' bytes of the note: how many; -1: there is none, or one of
   another user's. */
ssize_t meet_part_read_note(const struct meet_part *part, char *text,
                            size_t size);

/* Its bytes so far. */
int64_t meet_part_size(const struct meet_part *part);

/* Start again, with a note or, NULL, without one. The old note is removed
   first, and the new one is written last: its reader recognises a torn one. */
int meet_part_restart(struct meet_part *part, const char *note, size_t length);

/* Continue behind its first 'size' bytes, which exist. */
int meet_part_cut(struct meet_part *part, int64_t size);

/* Append bytes. */
int meet_part_write(struct meet_part *part, const void *bytes, size_t length);

/* The file is complete: sync it, rename it to the target and drop the note.
   ESTALE: another file has replaced the partial one. */
int meet_part_take(struct meet_part *part, const char *path);

/* Close it: 'keeps' the bytes for another call, or drops them. In a fork it
   touches nothing on disk. May be repeated; keeps errno. */
void meet_part_close(struct meet_part *part, bool keeps);
