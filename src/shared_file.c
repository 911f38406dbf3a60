/* shared_file.c - see shared_file.h. */
#include "shared_file.h"

#include "fork.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LONGEST_PATH = 64, TRIES = 20, REOPENS = 4 };

/* No wait for the other end of a FIFO, and not a child's. */
#define QUIETLY (O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)

int meet_shared_file_init(struct meet_shared_file *file, const char *path)
{
    *file = (struct meet_shared_file){.fd = -1};
    if (!path)
        return 0;
    file->path = strdup(path);
    return file->path ? 0 : -1;
}

static void close_file(struct meet_shared_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    file->fd = -1;
}

void meet_shared_file_deinit(struct meet_shared_file *file)
{
    close_file(file);
    free(file->path);
    file->path = NULL;
}

bool meet_shared_file_is_parents(const struct meet_shared_file *file)
{
    return file->fd >= 0 && file->generation != meet_fork_generation();
}

static void print_folder(char *folder, size_t size)
{
    snprintf(folder, size, "/tmp/googlemeet-%lld", (long long)geteuid());
}

const char *meet_shared_file_path(const struct meet_shared_file *file,
                                  char *space, size_t size)
{
    char folder[LONGEST_PATH];

    if (file->path)
        return file->path;
    print_folder(folder, sizeof folder);
    snprintf(space, size, "%s/limit", folder);
    return space;
}

/* -- opening ---------------------------------------------------------------*/

int meet_shared_file_refuse(const struct meet_shared_file *file,
                            const char *why, const char *hint,
                            struct meet_error *err)
{
    char space[LONGEST_PATH + 8];

    meet_error_set(err, MEET_CONFIG, "the limiter's file %s: %s",
                   meet_shared_file_path(file, space, sizeof space), why);
    meet_error_advise(err, "%s", hint);
    return -1;
}

static int fail(const struct meet_shared_file *file, const char *why,
                struct meet_error *err)
{
    return meet_shared_file_refuse(
        file, why,
        "give meet.limiter.file a path in a folder that you may write to, "
        "the same in all programs that use the Maton account",
        err);
}

static int fail_system(const struct meet_shared_file *file, int number,
                       struct meet_error *err)
{
    if (number == ELOOP)
        return fail(file, "it is a symbolic link, which is not followed", err);
    if (number == EISDIR)
        return fail(file, "it is a folder", err);
    if (number == ENXIO)
        return fail(file, "it is not a regular file", err);
    return fail(file, strerror(number), err);
}

/* The user's own folder in /tmp, where others may have made one of that name.
 */
static int open_folder(const struct meet_shared_file *file,
                       struct meet_error *err)
{
    char path[LONGEST_PATH];
    struct stat at;
    int folder;

    print_folder(path, sizeof path);
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return fail_system(file, errno, err);
    folder = open(path, O_RDONLY | O_DIRECTORY | QUIETLY);
    if (folder < 0) {
        if (errno == ENOTDIR) /* for either */
            return fail(file, "its folder is a symbolic link, or no folder",
                        err);
        return fail_system(file, errno, err);
    }
    if (fstat(folder, &at) == 0 && at.st_uid == geteuid() &&
        (at.st_mode & 077) == 0)
        return folder;
    close(folder);
    return fail(file,
                "its folder belongs to another user, or others may enter it",
                err);
}

/* A file of others would let them stop this user's requests. */
static int check(const struct meet_shared_file *file, struct meet_error *err)
{
    struct stat at;

    if (fstat(file->fd, &at) != 0)
        return fail_system(file, errno, err);
    if (!S_ISREG(at.st_mode))
        return fail_system(file, ENXIO, err);
    if (at.st_mode & 002)
        return fail(file, "everybody may write to it", err);
    if (!file->path && at.st_uid != geteuid())
        return fail(file, "it belongs to another user", err);
    return 0;
}

/* What a host prints must not go to the file, whose descriptor may be 1. */
static int keep_above_standard(int fd)
{
    int higher;

    if (fd < 0 || fd > STDERR_FILENO)
        return fd;
    higher = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    close(fd);
    return higher;
}

static int open_file(struct meet_shared_file *file, struct meet_error *err)
{
    int folder, number;

    if (file->path) {
        file->fd = keep_above_standard(
            open(file->path, O_RDWR | O_CREAT | QUIETLY, 0600));
        number = errno;
    } else {
        folder = open_folder(file, err);
        if (folder < 0)
            return -1;
        file->fd = keep_above_standard(
            openat(folder, "limit", O_RDWR | O_CREAT | QUIETLY, 0600));
        number = errno;
        close(folder);
    }
    file->generation = meet_fork_generation();
    if (file->fd < 0)
        return fail_system(file, number, err);
    if (check(file, err) == 0)
        return 0;
    close_file(file);
    return -1;
}

/* -- locking ---------------------------------------------------------------*/

/* True if the path still leads to the file that is open: somebody may have
   cleaned up. */
static bool is_at_path(const struct meet_shared_file *file)
{
    char space[LONGEST_PATH + 8];
    struct stat open, found;

    return fstat(file->fd, &open) == 0 &&
           lstat(meet_shared_file_path(file, space, sizeof space), &found) ==
               0 &&
           open.st_dev == found.st_dev && open.st_ino == found.st_ino;
}

/* A lock is held for microseconds, unless its holder is stopped. */
static enum meet_lock lock_file(const struct meet_shared_file *file,
                                struct meet_error *err)
{
    for (int i = 0; i < TRIES; i++) {
        if (flock(file->fd, LOCK_EX | LOCK_NB) == 0)
            return MEET_LOCKED;
        if (errno != EWOULDBLOCK && errno != EINTR) { /* no locks there */
            fail_system(file, errno, err);
            return MEET_LOCK_FAILED;
        }
        sched_yield();
    }
    return MEET_LOCK_BUSY;
}

enum meet_lock meet_shared_file_lock(struct meet_shared_file *file,
                                     struct meet_error *err)
{
    if (meet_shared_file_is_parents(file))
        close_file(file); /* a lock of it would be the parent's, too */
    for (int i = 0; i < REOPENS; i++) {
        enum meet_lock lock;

        if (file->fd < 0 && open_file(file, err) < 0)
            return MEET_LOCK_FAILED;
        lock = lock_file(file, err);
        if (lock != MEET_LOCKED || is_at_path(file))
            return lock;
        close_file(file);
    }
    fail(file, "it is removed again and again", err);
    return MEET_LOCK_FAILED;
}

void meet_shared_file_unlock(struct meet_shared_file *file)
{
    flock(file->fd, LOCK_UN);
}

/* -- content ---------------------------------------------------------------*/

long long meet_shared_file_read(struct meet_shared_file *file, void *bytes,
                                size_t size, size_t offset,
                                struct meet_error *err)
{
    size_t count = 0;

    while (count < size) {
        ssize_t got = pread(file->fd, (char *)bytes + count, size - count,
                            (off_t)(offset + count));

        if (got < 0 && errno != EINTR)
            return fail_system(file, errno, err);
        if (got == 0)
            break;
        if (got > 0)
            count += (size_t)got;
    }
    return (long long)count;
}

long long meet_shared_file_size(const struct meet_shared_file *file)
{
    struct stat at;

    return fstat(file->fd, &at) == 0 ? (long long)at.st_size : 0;
}

int meet_shared_file_write(struct meet_shared_file *file, const void *bytes,
                           size_t size, size_t offset, struct meet_error *err)
{
    size_t count = 0;

    while (count < size) {
        ssize_t put = pwrite(file->fd, (const char *)bytes + count,
                             size - count, (off_t)(offset + count));

        if (put < 0 && errno != EINTR)
            return fail_system(file, errno, err);
        if (put > 0)
            count += (size_t)put;
    }
    return 0;
}
