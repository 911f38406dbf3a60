/* stream.c - see stream.h. */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* The first descriptor that is not one of the standard ones. */
enum { FIRST = 3 };

void meet_stream_init(struct meet_stream *stream)
{
    *stream = (struct meet_stream){0};
}

void meet_stream_clear(struct meet_stream *stream)
{
    *stream = (struct meet_stream){.wanted = stream->wanted,
                                   .descriptor = stream->descriptor};
}

int meet_stream_into(struct meet_stream *stream, int descriptor)
{
    int copy;

    if (stream->descriptor > 0)
        return 0;
    copy = fcntl(descriptor, F_DUPFD_CLOEXEC, FIRST);
    if (copy < 0)
        return -1;
    stream->descriptor = copy;
    return 0;
}

void meet_stream_deinit(struct meet_stream *stream)
{
    if (stream->descriptor > 0)
        close(stream->descriptor);
    stream->descriptor = 0;
}

static int fail(int number, struct meet_error *err)
{
    meet_error_set(err, MEET_CONFIG, "the file cannot be written: %s",
                   strerror(number));
    if (number == ENOSPC || number == EDQUOT || number == EFBIG)
        meet_error_advise(err, "free some disk space, then call it again: "
                               "the part that has arrived is kept");
    return -1;
}

int meet_stream_write(struct meet_stream *stream, const char *bytes,
                      size_t length, struct meet_error *err)
{
    while (length > 0) {
        ssize_t written = write(stream->descriptor, bytes, length);

        if (written >= 0) {
            bytes += written;
            length -= (size_t)written;
            stream->count += written;
        } else if (errno != EINTR) {
            return fail(errno, err);
        }
    }
    return 0;
}
