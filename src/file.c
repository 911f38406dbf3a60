/* file.c - see file.h. */
#include "file.h"

#include "unique.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LONGEST_FOLDER = 4096 };

/* Set to no file, which may be discarded. */
static void init(struct meet_file *file)
{
    file->folder = file->descriptor = -1;
    file->name[0] = '\0';
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static int fail(int number)
{
    errno = number;
    return -1;
}

/* Close without a change of errno. */
static void close_quietly(int descriptor)
{
    int number = errno;

    close(descriptor);
    errno = number;
}

static int open_folder(const char *path)
{
    char folder[LONGEST_FOLDER] = ".";
    size_t length = (size_t)(last_part(path) - path);

    if (length >= sizeof folder)
        return fail(ENAMETOOLONG);
    if (length > 0) {
        memcpy(folder, path, length);
        folder[length] = '\0';
    }
    return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* 0 for nothing and for a regular file. */
static int check_target(int folder, const char *name)
{
    struct stat at;

    if (fstatat(folder, name, &at, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? 0 : -1;
    if (S_ISREG(at.st_mode))
        return 0;
    if (S_ISLNK(at.st_mode))
        return fail(ELOOP);
    return fail(S_ISDIR(at.st_mode) ? EISDIR : ENODEV);
}

/* Choose a name that nobody can have prepared. */
static void choose_name(struct meet_file *file)
{
    snprintf(file->name, sizeof file->name,
             MEET_FILE_BEFORE "%016llx%08llx" MEET_FILE_AFTER,
             (unsigned long long)meet_unique(),
             (unsigned long long)(meet_unique() >> 32));
}

int meet_file_enter(struct meet_file *file, const char *path)
{
    init(file);
    if (*last_part(path) == '\0')
        return fail(*path ? EISDIR : ENOENT);
    file->folder = open_folder(path);
    return file->folder < 0 ? -1 : check_target(file->folder, last_part(path));
}

int meet_file_create(struct meet_file *file, const char *path)
{
    if (meet_file_enter(file, path) != 0)
        return -1;
    choose_name(file);
    file->descriptor =
        openat(file->folder, file->name,
               O_WRONLY | O_CREAT | O_EXCL | MEET_FILE_QUIETLY, 0600);
    if (file->descriptor < 0)
        file->name[0] = '\0';
    return file->descriptor < 0 ? -1 : 0;
}

int meet_file_write(struct meet_file *file, const void *bytes, size_t length)
{
    const char *next = bytes;

    while (length > 0) {
        ssize_t written = write(file->descriptor, next, length);

        if (written >= 0) {
            next += written;
            length -= (size_t)written;
        } else if (errno != EINTR) {
            return -1;
        }
    }
    return 0;
}

static int sync_file(int descriptor)
{
    int result;

    while ((result = fsync(descriptor)) != 0 && errno == EINTR)
        ;
    return result;
}

/* Some file systems cannot sync a folder; the file itself is synced. */
static int sync_folder(int folder)
{
    bool done = sync_file(folder) == 0 || errno == EINVAL || errno == ENOTSUP;

    return done ? 0 : -1;
}

int meet_file_take(struct meet_file *file, const char *path)
{
    if (sync_file(file->descriptor) != 0 ||
        renameat(file->folder, file->name, file->folder, last_part(path)) != 0)
        return -1;
    file->name[0] = '\0';
    return sync_folder(file->folder);
}

void meet_file_discard(struct meet_file *file)
{
    int number = errno;

    if (file->descriptor >= 0)
        close(file->descriptor);
    if (file->name[0])
        unlinkat(file->folder, file->name, 0);
    if (file->folder >= 0)
        close(file->folder);
    init(file);
    errno = number;
}

int meet_file_touch(const char *path)
{
    struct stat at;
    int descriptor =
        open(path, O_WRONLY | O_CREAT | O_EXCL | MEET_FILE_QUIETLY, 0600);

    if (descriptor >= 0)
        return close(descriptor);
    if (errno != EEXIST)
        return -1;
    return stat(path, &at) == 0 ? 0 : fail(ELOOP);
}

/* Give the descriptor of a regular file, and close any other. */
static int only_regular(int descriptor)
{
    struct stat at;

    if (descriptor < 0)
        return -1;
    if (fstat(descriptor, &at) == 0) {
        if (S_ISREG(at.st_mode))
            return descriptor;
        errno = S_ISDIR(at.st_mode) ? EISDIR : ENODEV;
    }
    close_quietly(descriptor);
    return -1;
}

int meet_file_open(const char *path)
{
    return only_regular(open(path, O_RDONLY | MEET_FILE_QUIETLY));
}

/* True while 'path' is the file of the descriptor. */
static bool is_at(int descriptor, const char *path)
{
    struct stat own, at;

    return fstat(descriptor, &own) == 0 && lstat(path, &at) == 0 &&
           own.st_dev == at.st_dev && own.st_ino == at.st_ino;
}

int meet_file_lock(const char *path)
{
    int descriptor =
        only_regular(open(path, O_RDWR | O_CREAT | MEET_FILE_QUIETLY, 0600));

    if (descriptor < 0)
        return -1;
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
        if (is_at(descriptor, path))
            return descriptor;
        errno = EWOULDBLOCK; /* another one had it, and has just removed it */
    }
    close_quietly(descriptor);
    return -1;
}

void meet_file_unlock(int descriptor, const char *path)
{
    int number = errno;
    struct stat own;

    if (fstat(descriptor, &own) == 0 && own.st_size == 0 &&
        is_at(descriptor, path))
        unlink(path); /* while it is locked: nobody else removes it */
    close(descriptor);
    errno = number;
}
