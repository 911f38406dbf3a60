/* stream_test.c - what a stream writes to a file, and what keeps it from it. */
#include "check.h"
#include "stream.h"

#include <fcntl.h>
#include <unistd.h>

/* A stream whose bytes go to what the path names. */
static struct meet_stream open_at(const char *path, int flags)
{
    struct meet_stream stream;
    int descriptor = open(path, flags);

    meet_stream_init(&stream);
    CHECK(meet_stream_into(&stream, descriptor) == 0, "into");
    close(descriptor); /* the stream has a copy */
    return stream;
}

static void check_writing(void)
{
    struct meet_stream stream = open_at("/dev/null", O_WRONLY);
    struct meet_error err;
    int first = stream.descriptor;

    stream.wanted = stream.begun = true;
    CHECK(meet_stream_write(&stream, "12345", 5, &err) == 0, "write");
    CHECK(stream.count == 5, "%lld bytes", (long long)stream.count);
    CHECK(meet_stream_into(&stream, STDERR_FILENO) == 0 &&
              stream.descriptor == first,
          "one copy");
    meet_stream_clear(&stream);
    CHECK(stream.wanted && !stream.begun && stream.count == 0,
          "another attempt");
    CHECK(stream.descriptor == first, "into the same file");
    meet_stream_deinit(&stream);
    meet_stream_deinit(&stream);
    CHECK(fcntl(first, F_GETFD) == -1, "closed");
    CHECK(meet_stream_into(&stream, -1) == -1, "none to copy");
}

static void check_failures(void)
{
    struct meet_stream full = open_at("/dev/full", O_WRONLY);
    struct meet_stream denied = open_at("/dev/null", O_RDONLY);
    struct meet_error err;

    CHECK(meet_stream_write(&full, "12345", 5, &err) == -1, "full");
    CHECK(err.kind == MEET_CONFIG && strstr(err.hint, "make room"), "%s",
          err.hint);
    CHECK(full.count == 0, "%lld bytes", (long long)full.count);
    CHECK(meet_stream_write(&denied, "12345", 5, &err) == -1, "denied");
    CHECK(err.kind == MEET_CONFIG && !err.hint[0], "%s", err.hint);
    meet_stream_deinit(&full);
    meet_stream_deinit(&denied);
}

int main(void)
{
    check_writing();
    check_failures();
    return check_report();
}
