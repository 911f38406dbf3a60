/*
 * part.h - a file that grows beside its place until it is whole, over several
 * processes, and a note of what it is a part of. POSIX; no Lua, no memory.
 *
 * Both are in the folder of their place, under names that the place's name
 * gives, for their owner alone (0600). One process at a time has a part open;
 * a fork of it has not. Functions return 0, or -1 and set errno.
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
 * Open and lock what is to stand at 'path', which is checked as
 * meet_file_create does. EWOULDBLOCK: another one has it open; EEXIST: it is
 * another user's, or has a second name.
 */
int meet_part_open(struct meet_part *part, const char *path);

/* Read up to 'size' bytes of the note: how many; -1: there is none, or one of
   another user's. */
ssize_t meet_part_read_note(const struct meet_part *part, char *text,
                            size_t size);

/* Its bytes so far. */
int64_t meet_part_size(const struct meet_part *part);

/* Begin anew, with a note or, NULL, without one. The old note goes first, and
   the new one comes last: a torn one is none, for its reader checks it. */
int meet_part_restart(struct meet_part *part, const char *note, size_t length);

/* Go on behind its first 'size' bytes, of which there are as many. */
int meet_part_cut(struct meet_part *part, int64_t size);

/* Append bytes. */
int meet_part_write(struct meet_part *part, const void *bytes, size_t length);

/* It is whole: put it, synced, in its place, and drop the note. ESTALE:
   something else has taken the place in which it grew. */
int meet_part_take(struct meet_part *part, const char *path);

/* Close it: 'keeps' what is there for another day, or drops it. In a fork it
   touches nothing on disk. May be repeated; keeps errno. */
void meet_part_close(struct meet_part *part, bool keeps);
