/*
 * file.h - files that are whole or not there: a new one is written beside its
 * target under a name that nobody can guess, synced, and renamed into its
 * place; files that grow until they are whole; and locks. POSIX; no Lua, no
 * memory allocated. Files are made for their owner alone (0600). A path's
 * folders may be symbolic links, its end is not followed. Functions return 0 or
 * a descriptor, or -1 and set errno.
 */
#pragma once

#include <stddef.h>

/* A new file. It has to be ended by discard, also where it has taken its
   place: that closes it. */
struct meet_file {
    int folder;     /* descriptor; -1: none */
    int descriptor; /* of the new file; -1: closed */
    char name[48];  /* in the folder; "": it is there no more */
};

/*
 * Open the folder of 'path' alone, and check what stands there, as create does.
 */
int meet_file_enter(struct meet_file *file, const char *path);

/* How files are opened: without waiting for a FIFO's other end, without
   following a link, and without passing the descriptor to a child. */
#define MEET_FILE_QUIETLY (O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)

/* How the names of new files begin and end; between are 24 hex digits. */
#define MEET_FILE_BEFORE ".googlemeet-"
#define MEET_FILE_AFTER  ".part"

/*
 * Make a new file in the folder of 'path'. Anything at 'path' that is not a
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
