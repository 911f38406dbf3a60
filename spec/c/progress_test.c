/*
 * progress_test.c - what a second send by libcurl is taken for, when libcurl
 * asks more than once. Its callbacks are called as libcurl calls them.
 */
#include "check.h"

#include "../../src/progress.c"

/* The answer to a request that was sent, when libcurl opens sockets anew. */
static void check_second_send(bool http1, bool refused)
{
    struct curl_sockaddr address = {.family = AF_INET, .socktype = SOCK_STREAM};
    struct meet_progress progress = {.sends = 1, .http1 = http1};

    for (int i = 0; i < 2; i++) { /* two addresses, one after the other */
        CHECK(on_open(&progress, CURLSOCKTYPE_IPCXN, &address) ==
                  CURL_SOCKET_BAD,
              "socket %d is not opened", i);
        CHECK(progress.refused == refused, "asked %d times: refused", i + 1);
        CHECK(progress.stopped.kind == MEET_TRANSPORT, "it is stopped");
        snprintf(progress.message, sizeof progress.message,
                 "failed to open socket"); /* newer versions say so */
    }
    CHECK(on_ready(&progress, NULL, NULL, 0, 0) == CURL_PREREQFUNC_ABORT,
          "nothing is sent");
    CHECK(progress.refused == refused, "the first verdict stays");
}

int main(void)
{
    check_second_send(false, true);
    check_second_send(true, false);
    return check_report();
}
