/* part_test.c - files that grow, one holder at a time, and their notes. */
#include "check.h"
#include "part.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/part_test.XXXXXX";
static char path[64], twin[64];

/* How many names are in the folder. */
static int count(void)
{
    char command[96];
    FILE *names;
    int found = -1;

    snprintf(command, sizeof command, "ls -A %s | wc -l", folder);
    names = popen(command, "r");
    if (!names || fscanf(names, "%d", &found) != 1)
        abort();
    pclose(names);
    return found;
}

static void check_text(const char *at, const char *expected)
{
    char text[64] = "";
    FILE *file = fopen(at, "r");

    if (file) {
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
    }
    CHECK_STRING(text, expected, at);
}

static void open_part(struct meet_part *part)
{
    CHECK(meet_part_open(part, path) == 0, "open: %s", strerror(errno));
}

static void check_growth(void)
{
    struct meet_part part, other;
    char note[8] = "";

    open_part(&part);
    CHECK(meet_part_open(&other, path) == -1 && errno == EWOULDBLOCK,
          "one holder at a time");
    meet_part_close(&other, false);
    CHECK(meet_part_restart(&part, "what", 4) == 0, "%s", strerror(errno));
    CHECK(meet_part_write(&part, "abcdef", 6) == 0, "it grows");
    meet_part_close(&part, true);
    CHECK(count() == 2, "both stay");
    open_part(&part);
    CHECK(meet_part_size(&part) == 6, "its bytes are there");
    CHECK(meet_part_read_note(&part, note, sizeof note) == 4, "and its note");
    CHECK_STRING(note, "what", "the note");
    CHECK(meet_part_cut(&part, 3) == 0, "%s", strerror(errno));
    CHECK(meet_part_write(&part, "DEF", 3) == 0, "it goes on there");
    CHECK(meet_part_take(&part, path) == 0, "%s", strerror(errno));
    meet_part_close(&part, false);
    check_text(path, "abcDEF");
    CHECK(count() == 1, "nothing else is left");
    unlink(path);
}

static void check_dropped(void)
{
    struct meet_part part;

    open_part(&part);
    CHECK(meet_part_restart(&part, "what", 4) == 0, "%s", strerror(errno));
    CHECK(meet_part_restart(&part, NULL, 0) == 0, "%s", strerror(errno));
    CHECK(meet_part_read_note(&part, (char[1]){0}, 1) == -1,
          "the note is gone");
    CHECK(count() == 1, "the part alone");
    meet_part_close(&part, false);
    meet_part_close(&part, false);
    CHECK(count() == 0, "nothing is left");
}

/* Something else at its name is not put in its place. */
static void check_replaced(void)
{
    char name[128];
    struct meet_part part;

    open_part(&part);
    snprintf(name, sizeof name, "%s/%s", folder, part.file.name);
    unlink(name);
    CHECK(symlink("/etc/passwd", name) == 0, "%s", strerror(errno));
    CHECK(meet_part_take(&part, path) == -1 && errno == ESTALE, "it is seen");
    meet_part_close(&part, false);
    CHECK(access(path, F_OK) != 0, "nothing is in its place");
    unlink(name);
}

static void check_refused(void)
{
    char name[128];
    struct meet_part part;

    open_part(&part);
    snprintf(name, sizeof name, "%s/%s", folder, part.file.name);
    CHECK(chmod(name, 0666) == 0, "%s", strerror(errno));
    meet_part_close(&part, true);
    open_part(&part);
    meet_part_close(&part, true);
    CHECK(link(name, twin) == 0, "%s", strerror(errno));
    CHECK(meet_part_open(&part, path) == -1 && errno == EEXIST, "two names");
    meet_part_close(&part, false);
    CHECK(access(name, F_OK) == 0, "it is not ours to drop");
    unlink(twin);
    unlink(name);
    CHECK(mkdir(path, 0700) == 0, "%s", strerror(errno));
    CHECK(meet_part_open(&part, path) == -1 && errno == EISDIR, "a folder");
    meet_part_close(&part, false);
    rmdir(path);
    CHECK(count() == 0, "nothing is left");
}

static void check_mode(void)
{
    char name[128];
    struct stat at = {0};
    struct meet_part part;

    open_part(&part);
    snprintf(name, sizeof name, "%s/%s", folder, part.file.name);
    chmod(name, 0666);
    meet_part_close(&part, true);
    open_part(&part);
    stat(name, &at);
    CHECK((at.st_mode & 0777) == 0600, "for its owner alone");
    meet_part_close(&part, false);
}

/* A fork has none, and leaves none locked. */
static void check_fork(void)
{
    struct meet_part part, again;
    int status = 0, pipes[2];
    pid_t child;

    open_part(&part);
    CHECK(meet_part_restart(&part, "what", 4) == 0 && pipe(pipes) == 0, "%s",
          strerror(errno));
    child = fork();
    if (child == 0) {
        bool none = meet_part_write(&part, "x", 1) == -1 &&
                    errno == EWOULDBLOCK && meet_part_cut(&part, 0) == -1 &&
                    meet_part_take(&part, path) == -1;
        char byte;

        close(pipes[1]);
        if (read(pipes[0], &byte, 1) < 0) /* until the parent has closed its */
            none = false;
        meet_part_close(&part, false);
        _exit(none ? 0 : 1);
    }
    CHECK(meet_part_write(&part, "abc", 3) == 0, "the parent's goes on");
    meet_part_close(&part, true);
    open_part(&again); /* though the child has it open */
    close(pipes[0]);
    close(pipes[1]);
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0,
          "the child's does not");
    CHECK(meet_part_size(&again) == 3 && count() == 2, "nothing was dropped");
    meet_part_close(&again, false);
    CHECK(count() == 0, "nothing is left");
}

int main(void)
{
    if (!mkdtemp(folder))
        return 1;
    snprintf(path, sizeof path, "%s/video", folder);
    snprintf(twin, sizeof twin, "%s/twin", folder);
    check_growth();
    check_dropped();
    check_replaced();
    check_refused();
    check_mode();
    check_fork();
    rmdir(folder);
    return check_report();
}
