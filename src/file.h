/*
 * file.h - files that are whole or not there: a new one is written beside its
 * target under a name that nobody can guess, synced, and renamed into its
 * place; and locks. POSIX; no Lua, no memory of its own. Files are made for
 * their owner alone (0600). A path's folders may be symbolic links, its end is
 * not followed. Functions return 0 or a descriptor, or -1 and set errno.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* A new file. It has to be ended by take or discard. */
struct meet_file {
    int folder;     /* descriptor; -1: none */
    int descriptor; /* of the new file; -1: closed */
    char name[48];  /* in the folder; "": it is there no more */
};

/*
 * Open the file in which what is to stand at 'path' grows, over several
 * processes, and lock it; '*note' is the path of a file that says what it
 * holds, in 'size' bytes. Both are beside it, under names of their own. What
 * stands at 'path' is checked as by create. EWOULDBLOCK: another one has it
 * open; EEXIST: it is another user's,
 * or has another name besides.
 */
int meet_file_resume(struct meet_file *file, const char *path, char *note,
                     size_t size);

/* Write the note anew. A torn one is none: what it says is checked. */
int meet_file_note(const struct meet_file *file, const void *bytes,
                   size_t length);

/* Its bytes so far; -1 sets errno. */
int64_t meet_file_size(const struct meet_file *file);

/* Go on behind its first 'size' bytes, of which there are as many. */
int meet_file_cut(const struct meet_file *file, int64_t size);

/* Let it be, for another day. May be repeated. Keeps errno. */
void meet_file_leave(struct meet_file *file);

/* How the names of new files begin and end; between are 24 hex digits. */
#define MEET_FILE_BEFORE ".googlemeet-"
#define MEET_FILE_AFTER  ".part"

/*
 * Make a new file in the folder of 'path'. What stands at 'path' and is no
 * regular file is refused: ELOOP for a symbolic link, EISDIR for a folder,
 * ENODEV for a device, a FIFO or a socket.
 */
int meet_file_create(struct meet_file *file, const char *path);

/* Append bytes. */
int meet_file_write(struct meet_file *file, const void *bytes, size_t length);

/* Put the file, synced, in the place of 'path', in the folder of its making. */
int meet_file_take(struct meet_file *file, const char *path);

/* Remove what has not taken its place; may be repeated. Keeps errno. */
void meet_file_discard(struct meet_file *file);

/* Make an empty file at 'path', unless something is there. ELOOP: a symbolic
 * link that leads nowhere. */
int meet_file_touch(const char *path);

/* Open a regular file to read; the caller closes it. Never waits. */
int meet_file_open(const char *path);

/*
 * Lock 'path', a file made for that, until the unlocking or the end of the
 * process. EWOULDBLOCK: another process has it locked, or this one already.
 */
int meet_file_lock(const char *path);

/* End a lock; the file is removed if it is empty. Keeps errno. */
void meet_file_unlock(int descriptor, const char *path);
