/* part.c - see part.h. */
#include "part.h"

#include "checksum.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(int number)
{
    errno = number;
    return -1;
}

/* 0 in the process that opened it. */
static int check_owner(const struct meet_part *part)
{
    return part->owner == getpid() ? 0 : fail(EWOULDBLOCK);
}

/* What is open, and whether it is still at its name. */
static int look(const struct meet_part *part, struct stat *own, bool *is_there)
{
    struct stat at;

    if (fstat(part->file.descriptor, own) != 0)
        return -1;
    *is_there = fstatat(part->file.folder, part->file.name, &at,
                        AT_SYMLINK_NOFOLLOW) == 0 &&
                own->st_dev == at.st_dev && own->st_ino == at.st_ino;
    return 0;
}

/* Check and lock what was opened at the name. */
static int claim(const struct meet_part *part)
{
    struct stat own;
    bool is_there;

    if (look(part, &own, &is_there) != 0)
        return -1;
    if (!S_ISREG(own.st_mode))
        return fail(ENODEV);
    if (own.st_uid != geteuid() || own.st_nlink > 1)
        return fail(EEXIST);
    if (flock(part->file.descriptor, LOCK_EX | LOCK_NB) != 0 ||
        fchmod(part->file.descriptor, 0600) != 0)
        return -1;
    if (look(part, &own, &is_there) != 0)
        return -1;
    return is_there ? 0 : fail(EWOULDBLOCK); /* it has just been finished */
}

void meet_part_init(struct meet_part *part)
{
    *part = (struct meet_part){.file = {.folder = -1, .descriptor = -1}};
}

int meet_part_open(struct meet_part *part, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    unsigned long long hash = meet_checksum(name, strlen(name));

    meet_part_init(part);
    if (meet_file_enter(&part->file, path) != 0)
        return -1;
    snprintf(part->note, sizeof part->note, MEET_FILE_BEFORE "%016llx.note",
             hash);
    snprintf(part->file.name, sizeof part->file.name,
             MEET_FILE_BEFORE "%016llx.partial", hash);
    part->file.descriptor = openat(part->file.folder, part->file.name,
                                   O_RDWR | O_CREAT | MEET_FILE_QUIETLY, 0600);
    if (part->file.descriptor < 0 || claim(part) != 0) {
        part->file.name[0] = '\0'; /* it is not ours */
        return -1;
    }
    part->owner = getpid();
    return 0;
}

ssize_t meet_part_read_note(const struct meet_part *part, char *text,
                            size_t size)
{
    int fd =
        openat(part->file.folder, part->note, O_RDONLY | MEET_FILE_QUIETLY);
    struct stat own;
    ssize_t length = -1;

    if (fd < 0)
        return -1;
    if (fstat(fd, &own) == 0 && S_ISREG(own.st_mode) && own.st_uid == geteuid())
        length = read(fd, text, size);
    close(fd);
    return length;
}

int64_t meet_part_size(const struct meet_part *part)
{
    struct stat own;

    return fstat(part->file.descriptor, &own) == 0 ? own.st_size : -1;
}

int meet_part_cut(struct meet_part *part, int64_t size)
{
    if (check_owner(part) != 0 || ftruncate(part->file.descriptor, size) != 0 ||
        lseek(part->file.descriptor, size, SEEK_SET) != size)
        return -1;
    return 0;
}

static int write_note(const struct meet_part *part, const char *text,
                      size_t length)
{
    struct meet_file note = part->file;
    int result;

    note.descriptor =
        openat(note.folder, part->note,
               O_WRONLY | O_CREAT | O_EXCL | MEET_FILE_QUIETLY, 0600);
    if (note.descriptor < 0)
        return -1;
    result = meet_file_write(&note, text, length);
    return close(note.descriptor) == 0 ? result : -1;
}

int meet_part_restart(struct meet_part *part, const char *note, size_t length)
{
    if (check_owner(part) != 0)
        return -1;
    if (unlinkat(part->file.folder, part->note, 0) != 0 && errno != ENOENT)
        return -1;
    if (meet_part_cut(part, 0) != 0)
        return -1;
    return note ? write_note(part, note, length) : 0;
}

int meet_part_write(struct meet_part *part, const void *bytes, size_t length)
{
    return check_owner(part) == 0 ? meet_file_write(&part->file, bytes, length)
                                  : -1;
}

int meet_part_take(struct meet_part *part, const char *path)
{
    struct stat own;
    bool is_there;

    if (check_owner(part) != 0 || look(part, &own, &is_there) != 0)
        return -1;
    if (!is_there)
        return fail(ESTALE);
    if (meet_file_take(&part->file, path) != 0)
        return -1;
    unlinkat(part->file.folder, part->note, 0);
    return 0;
}

void meet_part_close(struct meet_part *part, bool keeps)
{
    bool is_owner = part->owner == getpid();
    int number = errno;

    if (is_owner && part->file.descriptor >= 0 && !keeps)
        unlinkat(part->file.folder, part->note, 0);
    if (!is_owner || keeps)
        part->file.name[0] = '\0';              /* it stays */
    if (is_owner && part->file.descriptor >= 0) /* a fork has it open, too */
        flock(part->file.descriptor, LOCK_UN);
    meet_file_discard(&part->file);
    errno = number;
}
