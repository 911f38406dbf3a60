/*
 * multi_test.c - the socket of a transfer that failed takes no other: over
 * HTTP/1 it is shut, over HTTP/2 its handle is retired.
 */
#include "check.h"
#include "library.h"
#include "multi.h"

#include <sys/socket.h>
#include <unistd.h>

/* End a transfer that was on a socket; was it shut, was the handle retired? */
static void check_end(bool http1, bool too_late, CURLcode result, bool left)
{
    struct meet_sockets sockets;
    struct meet_multis multis = {0};
    struct meet_transfer *transfer;
    char byte;
    int pair[2], shut;

    meet_sockets_init(&sockets);
    transfer = meet_transfer_new(&sockets);
    CHECK(meet_multis_add(&multis, transfer), "a handle takes it");
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    dup2(pair[0], meet_sockets_open(&sockets, AF_UNIX, SOCK_STREAM, 0));
    close(pair[0]);
    transfer->progress.socket = sockets.open[0].serial;
    transfer->progress.http1 = http1;
    transfer->progress.too_late = too_late;
    meet_multis_leave_failed(&multis, transfer, result);
    shut = (int)recv(pair[1], &byte, 1, MSG_DONTWAIT) == 0;
    CHECK(shut == (left && http1), "http1 %d, %d: shut %d", http1, (int)result,
          shut);
    CHECK((multis.current == NULL) == (left && !http1),
          "http1 %d, %d: the handle takes no more", http1, (int)result);
    meet_multis_remove(&multis, transfer);
    meet_transfer_free(transfer);
    meet_multis_close(&multis);
    meet_sockets_close(&sockets, sockets.open[0].fd);
    close(pair[1]);
    meet_sockets_deinit(&sockets);
}

int main(void)
{
    struct meet_error err;

    CHECK(meet_library_start(&err) == 0, "libcurl starts");
    for (int http1 = 0; http1 <= 1; http1++) {
        check_end(http1, false, CURLE_OK, false);
        check_end(http1, false, CURLE_OPERATION_TIMEDOUT, false);
        check_end(http1, false, CURLE_SEND_ERROR, true);
        check_end(http1, false, CURLE_RECV_ERROR, true);
        check_end(http1, false, CURLE_HTTP2, true);
        check_end(http1, true, CURLE_ABORTED_BY_CALLBACK, true);
    }
    return check_report();
}
