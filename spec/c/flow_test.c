/* flow_test.c - how long a server may be silent amid a body, and when its owner
 * hears of it. */
#include "check.h"
#include "flow.h"

static struct meet_job job;
static struct meet_transfer transfer = {.job = &job};

/* A stream of a job with a timeout of ten seconds, whose owner waits from 0 on;
   'descriptor': where its bytes go, or 0. */
static struct meet_stream *begin(int descriptor)
{
    struct meet_stream *stream = &job.response.stream;

    job.request.timeout = MEET_MILLISECONDS(10000);
    job.deadline = MEET_NEVER;
    meet_stream_init(stream);
    stream->wanted = stream->begun = true;
    stream->descriptor = descriptor;
    meet_flow_take(&job, 0);
    return stream;
}

/* Look at a time, when so many bytes have come; true: the owner can go on. */
static bool look(int64_t count, int milliseconds)
{
    job.response.stream.count = count;
    return meet_flow_look(&transfer, MEET_MILLISECONDS(milliseconds));
}

static void check_silence(void)
{
    struct meet_stream *stream = begin(1);

    CHECK(job.gives_up_at == MEET_MILLISECONDS(10000), "from the wait on");
    look(5, 40);
    CHECK(job.gives_up_at == MEET_MILLISECONDS(10040), "anew with each byte");
    look(5, 50);
    CHECK(job.gives_up_at == MEET_MILLISECONDS(10040), "not without one");
    meet_flow_rest(&job);
    CHECK(job.gives_up_at == MEET_NEVER, "while nobody waits, the deadline");
    look(9, 60);
    CHECK(job.gives_up_at == MEET_NEVER, "whatever comes meanwhile");
    stream->descriptor = 0;
}

static void check_hearing(void)
{
    struct meet_stream *stream = begin(1);

    CHECK(!look(5, 99), "of a file not at once");
    CHECK(look(6, 100), "but ten times a second");
    CHECK(!look(7, 110), "and once");
    meet_flow_take(&job, MEET_MILLISECONDS(120));
    CHECK(!look(8, 219), "from then on");
    CHECK(!look(8, 300), "if something has come");
    CHECK(look(9, 301), "again");
    stream->descriptor = 0;
}

int main(void)
{
    check_silence();
    check_hearing();
    return check_report();
}
