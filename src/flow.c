/* flow.c - see flow.h. */
#include "flow.h"

/* The owner hears of a file's growth so often. */
#define HEARS_EVERY MEET_MILLISECONDS(100)

static bool look(struct meet_job *job, int64_t now)
{
    struct meet_stream *stream = &job->response.stream;
    bool was_fed = stream->was_fed;

    if (stream->count > stream->seen) {
        stream->seen = stream->count;
        if (stream->awaited)
            meet_job_begin_timeout(job, now);
        stream->due = stream->descriptor > 0 &&
                      meet_ns_between(stream->heard_at, now) >= HEARS_EVERY;
    }
    stream->was_fed = meet_response_is_fed(&job->response);
    return stream->was_fed && !was_fed;
}

bool meet_flow_look(struct meet_transfer *list, int64_t now)
{
    bool any = false;

    for (; list; list = list->next) {
        struct meet_job *job = list->job;

        if (job->response.stream.begun)
            any = look(job, now) || any;
    }
    return any;
}

void meet_flow_take(struct meet_job *job, int64_t now)
{
    struct meet_stream *stream = &job->response.stream;

    stream->flows = stream->awaited = true;
    stream->due = stream->was_fed = false;
    stream->heard_at = now;
    meet_job_begin_timeout(job, now);
}

void meet_flow_rest(struct meet_job *job)
{
    job->response.stream.awaited = false;
    job->gives_up_at = job->deadline;
}

CURLcode meet_flow_resume(struct meet_transfer *transfer)
{
    struct meet_stream *stream = &transfer->progress.response->stream;

    if (!stream->paused)
        return CURLE_OK;
    stream->paused = false; /* it gives what it has at once */
    return curl_easy_pause(transfer->easy.handle, CURLPAUSE_CONT);
}
