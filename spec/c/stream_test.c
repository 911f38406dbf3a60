/* stream_test.c - where the bytes of a stream go. */
#include "check.h"
#include "stream.h"

#include <fcntl.h>
#include <unistd.h>

/* A file without a name. */
static int temporary(void)
{
    char path[] = "/tmp/stream_test.XXXXXX";
    int fd = mkstemp(path);

    CHECK(fd >= 0, "a temporary file");
    unlink(path);
    return fd;
}

static void check_write(void)
{
    char bytes[8] = {0};
    int fd = temporary();
    struct meet_stream stream;
    struct meet_error err;

    meet_stream_init(&stream);
    CHECK(meet_stream_into(&stream, fd) == 0, "a copy of the descriptor");
    CHECK(stream.descriptor > 2 && stream.descriptor != fd, "its own number");
    CHECK(fcntl(stream.descriptor, F_GETFD) == FD_CLOEXEC, "no child has it");
    CHECK(meet_stream_write(&stream, "abc", 3, &err) == 0, "it is written");
    close(fd);
    CHECK(meet_stream_write(&stream, "de", 2, &err) == 0, "the copy goes on");
    CHECK(stream.count == 5, "%d bytes", (int)stream.count);
    CHECK(pread(stream.descriptor, bytes, sizeof bytes, 0) == 5,
          "all are there");
    CHECK_STRING(bytes, "abcde", "the file");
    meet_stream_clear(&stream);
    CHECK(stream.count == 0 && stream.descriptor > 0,
          "cleared, the file stays");
    meet_stream_deinit(&stream);
    CHECK(stream.descriptor == 0, "closed");
    meet_stream_deinit(&stream);
}

/* /dev/full takes nothing. */
static void check_full(void)
{
    int fd = open("/dev/full", O_WRONLY);
    struct meet_stream stream;
    struct meet_error err;

    CHECK(fd >= 0, "/dev/full is there");
    meet_stream_init(&stream);
    CHECK(meet_stream_into(&stream, fd) == 0, "a copy of the descriptor");
    CHECK(meet_stream_write(&stream, "abc", 3, &err) == -1, "it is full");
    CHECK(err.kind == MEET_CONFIG && err.hint[0], "config, and what to do");
    CHECK(stream.count == 0, "nothing was written");
    meet_stream_deinit(&stream);
    close(fd);
}

/* What is no full disk has no such hint. */
static void check_denied(void)
{
    int fd = open("/dev/null", O_RDONLY);
    struct meet_stream stream;
    struct meet_error err;

    meet_stream_init(&stream);
    CHECK(meet_stream_into(&stream, fd) == 0, "a copy of the descriptor");
    CHECK(meet_stream_write(&stream, "abc", 3, &err) == -1, "it is denied");
    CHECK(err.kind == MEET_CONFIG && !err.hint[0], "config: %s", err.hint);
    meet_stream_deinit(&stream);
    close(fd);
}

/* Zeroed memory is a stream without a file: standard input stays open. */
static void check_none(void)
{
    struct meet_stream stream = {0};

    CHECK(meet_stream_into(&stream, -1) == -1, "no descriptor");
    meet_stream_deinit(&stream);
    CHECK(fcntl(0, F_GETFD) >= 0, "standard input is open");
}

int main(void)
{
    check_write();
    check_full();
    check_denied();
    check_none();
    return check_report();
}
