/* file_test.c - new files, what may not be replaced, locks. */
#include "check.h"
#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/file_test.XXXXXX";

/* A path in the folder; the caller frees it. */
static char *in_folder(const char *name)
{
    char *path = malloc(sizeof folder + strlen(name) + 1);

    if (!path)
        abort();
    sprintf(path, "%s/%s", folder, name);
    return path;
}

/* Whether a file has this text and mode 0600. */
static bool has(const char *path, const char *expected)
{
    char text[64] = "";
    struct stat at = {0};
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;

    if (file) {
        fstat(fileno(file), &at);
        fclose(file);
    }
    return file && length == strlen(expected) && strcmp(text, expected) == 0 &&
           (at.st_mode & 0777) == 0600;
}

/* How many names are in the folder. */
static int count(void)
{
    DIR *names = opendir(folder);
    int found = -2; /* "." and ".." */

    if (!names)
        abort();
    while (readdir(names))
        found++;
    closedir(names);
    return found;
}

static void check_new_file(void)
{
    char *path = in_folder("new");
    struct meet_file file;

    CHECK(meet_file_create(&file, path) == 0, "%s", strerror(errno));
    CHECK(strncmp(file.name, MEET_FILE_BEFORE, strlen(MEET_FILE_BEFORE)) == 0 &&
              strlen(file.name) ==
                  strlen(MEET_FILE_BEFORE MEET_FILE_AFTER) + 24,
          "its name is %s", file.name);
    CHECK(meet_file_write(&file, "one ", 4) == 0, "a part");
    CHECK(access(path, F_OK) != 0, "it is there before it is whole");
    CHECK(meet_file_write(&file, "two", 3) == 0, "another part");
    CHECK(meet_file_take(&file, path) == 0, "%s", strerror(errno));
    meet_file_discard(&file);
    meet_file_discard(&file);
    CHECK(has(path, "one two"), "text and mode");

    CHECK(meet_file_create(&file, path) == 0, "again");
    CHECK(meet_file_write(&file, "three", 5) == 0, "again");
    CHECK(count() == 2, "two files");
    errno = 5;
    meet_file_discard(&file);
    CHECK(errno == 5, "errno is kept");
    CHECK(count() == 1 && has(path, "one two"), "the old file stays");
    unlink(path);
    free(path);
}

/* What may not be replaced, by the errno that says so. */
static void check_targets(void)
{
    char *link = in_folder("link"), *fifo = in_folder("fifo");
    char *below = in_folder("fifo/below"), *slash = in_folder("");
    char *none = in_folder("none/below");
    const struct {
        const char *path;
        int number;
    } cases[] = {
        {link, ELOOP},    {fifo, ENODEV},  {"/dev/null", ENODEV},
        {"/tmp", EISDIR}, {slash, EISDIR}, {"", ENOENT},
        {below, ENOTDIR}, {none, ENOENT},
    };
    struct meet_file file;

    CHECK(symlink("/nowhere/at/all", link) == 0, "a link");
    CHECK(mkfifo(fifo, 0600) == 0, "a FIFO");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK(meet_file_create(&file, cases[i].path) == -1 &&
                  errno == cases[i].number,
              "%s: %s", cases[i].path, strerror(errno));
        meet_file_discard(&file);
    }
    CHECK(meet_file_open(link) == -1 && errno == ELOOP, "a link is read");
    CHECK(meet_file_open(fifo) == -1 && errno == ENODEV, "a FIFO is read");
    CHECK(meet_file_lock(link) == -1 && errno == ELOOP, "a link is locked");
    CHECK(meet_file_touch(link) == -1 && errno == ELOOP, "made through a link");
    CHECK(meet_file_touch(fifo) == 0, "something is there");
    CHECK(count() == 2, "nothing new");
    unlink(link);
    unlink(fifo);
    free(link);
    free(fifo);
    free(below);
    free(slash);
    free(none);
}

static void check_touch_and_full(void)
{
    char *path = in_folder("touched");
    struct meet_file file;

    CHECK(meet_file_touch(path) == 0 && has(path, ""), "an empty file");
    unlink(path);
    CHECK(meet_file_create(&file, path) == 0, "a file");
    close(file.descriptor);
    file.descriptor = open("/dev/full", O_WRONLY);
    if (file.descriptor >= 0)
        CHECK(meet_file_write(&file, "x", 1) == -1 && errno == ENOSPC, "full");
    meet_file_discard(&file);
    CHECK(count() == 0, "nothing stays");
    free(path);
}

/* What fails between the first byte and the last name. */
static void check_take(void)
{
    char *path = in_folder("taken");
    struct meet_file file;
    int ends[2];

    CHECK(meet_file_create(&file, path) == 0, "a file");
    CHECK(mkdir(path, 0700) == 0, "a folder in its place");
    CHECK(meet_file_take(&file, path) == -1, "it replaces a folder");
    meet_file_discard(&file);
    CHECK(count() == 1 && rmdir(path) == 0, "the file stays");
    CHECK(pipe(ends) == 0, "a pipe");
    CHECK(meet_file_create(&file, path) == 0, "a file");
    close(file.descriptor);
    file.descriptor = ends[1]; /* cannot be synced */
    CHECK(meet_file_take(&file, path) == -1, "it is not on the disk");
    meet_file_discard(&file);
    close(ends[0]);
    CHECK(count() == 0, "something stays");
    free(path);
}

static void check_lock(void)
{
    char *path = in_folder("lock");
    int lock = meet_file_lock(path), status = 1;
    pid_t child;

    CHECK(lock >= 0, "%s", strerror(errno));
    CHECK(meet_file_lock(path) == -1 && errno == EWOULDBLOCK, "twice");
    CHECK(fcntl(lock, F_GETFD) == FD_CLOEXEC, "a program would inherit it");
    meet_file_unlock(lock, path);
    CHECK(count() == 0, "the file stays");
    child = fork();
    if (child == 0) { /* it dies with the lock */
        lock = meet_file_lock(path);
        free(path);
        _exit(lock >= 0 ? 0 : 1);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0, "a child");
    lock = meet_file_lock(path);
    CHECK(lock >= 0, "a dead process has it");
    unlink(path); /* another file takes its place */
    CHECK(meet_file_touch(path) == 0, "another one");
    meet_file_unlock(lock, path);
    CHECK(count() == 1, "another one's file is removed");
    lock = meet_file_lock(path);
    CHECK(write(lock, "x", 1) == 1, "a file with a text");
    meet_file_unlock(lock, path);
    CHECK(has(path, "x"), "a file with a text is removed");
    unlink(path);
    free(path);
}

int main(void)
{
    if (!mkdtemp(folder))
        abort();
    check_new_file();
    check_targets();
    check_touch_and_full();
    check_take();
    check_lock();
    CHECK(rmdir(folder) == 0, "what is left in %s", folder);
    return check_report();
}
