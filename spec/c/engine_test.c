/*
 * engine_test.c - what ends while attempts are under way: the engine, or its
 * idle sockets. The server is a socket of this process.
 */
#include "check.h"
#include "client.h"
#include "engine.h"
#include "clock.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

enum { JOBS = 2, MOST_STEPS = 200 };

struct stage {
    int listener;
    struct meet_client client;
    struct meet_engine *engine;
    struct meet_job jobs[JOBS];
};

/* Listen on a free port of the loopback; the address as a base URL. */
static int listen_at(char *url, size_t size)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(bind(fd, (struct sockaddr *)&address, length) == 0 &&
              listen(fd, JOBS) == 0 &&
              getsockname(fd, (struct sockaddr *)&address, &length) == 0,
          "a server");
    snprintf(url, size, "http://127.0.0.1:%d", ntohs(address.sin_port));
    return fd;
}

/* Submit the jobs; the pace lets the first one go. */
static void begin(struct stage *stage)
{
    struct meet_settings settings;
    struct meet_error err;
    char url[40];

    memset(stage, 0, sizeof *stage);
    stage->listener = listen_at(url, sizeof url);
    meet_settings_init(&settings);
    settings.api_key = "key";
    settings.base_url = url;
    CHECK(meet_client_init(&stage->client, &settings, 1, &err) == 0, "client");
    stage->engine = meet_engine_new(&err);
    for (int i = 0; i < JOBS; i++) {
        struct meet_job *job = &stage->jobs[i];

        meet_request_init(&job->request);
        meet_response_init(&job->response, 1000);
        meet_client_begin_path(&stage->client, "GET", "/x", 2, &job->request,
                               &err);
        job->stats = &stage->client.stats;
        job->deadline = meet_clock_now() + MEET_SECONDS(20);
        job->pace.per_second = 1;
        meet_engine_submit(stage->engine, job, meet_clock_now());
    }
    meet_engine_step(stage->engine, 0);
    CHECK(stage->jobs[0].state == MEET_JOB_STARTED, "one is under way");
    CHECK(stage->jobs[1].state == MEET_JOB_QUEUED, "one waits");
}

static void end(struct stage *stage)
{
    meet_engine_free(stage->engine);
    for (int i = 0; i < JOBS; i++) {
        CHECK(stage->jobs[i].state == MEET_JOB_IDLE, "job %d is forgotten", i);
        meet_request_deinit(&stage->jobs[i].request);
        meet_response_deinit(&stage->jobs[i].response);
    }
    meet_client_deinit(&stage->client);
    close(stage->listener);
}

static void check_end(void)
{
    struct stage stage;

    begin(&stage);
    end(&stage);
}

static void answer(int fd)
{
    static const char text[] = "HTTP/1.1 204 No Content\r\n\r\n";
    char request[1000];

    CHECK(recv(fd, request, sizeof request, 0) > 0, "a request has come");
    CHECK(send(fd, text, sizeof text - 1, 0) == sizeof text - 1, "answered");
}

/* Idle sockets are closed, but none while an attempt is under way. */
static void check_close_idle(void)
{
    struct stage stage;
    struct meet_job *job = &stage.jobs[0];
    int fd;

    begin(&stage);
    for (int i = 0; i < MOST_STEPS && !job->sent; i++)
        meet_engine_step(stage.engine, MEET_MILLISECONDS(10));
    meet_engine_close_idle(stage.engine);
    fd = accept(stage.listener, NULL, NULL);
    for (int i = 0; i < 5; i++)
        meet_engine_step(stage.engine, MEET_MILLISECONDS(10));
    answer(fd);
    for (int i = 0; i < MOST_STEPS && job->state != MEET_JOB_DONE; i++)
        meet_engine_step(stage.engine, MEET_MILLISECONDS(10));
    CHECK(job->state == MEET_JOB_DONE && job->response.status == 204,
          "status %d", job->response.status);
    job->state = MEET_JOB_IDLE;
    end(&stage);
    close(fd);
}

int main(void)
{
    check_end();
    check_close_idle();
    return check_report();
}
