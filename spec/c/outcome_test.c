/*
 * outcome_test.c - what a libcurl result code means, by how far the attempt
 * got.
 */
#include "check.h"
#include "library.h"
#include "outcome.h"

static void check_codes(void)
{
    static const struct {
        CURLcode code;
        unsigned sends;
        const char *head;
        bool in_head;
        enum meet_kind kind;
        bool known; /* even when it comes after the timeout */
    } cases[] = {
        /* an HTTP/2 socket died */
        {CURLE_OK, 1, "", false, MEET_TRANSPORT, true},
        /* the time to connect was over */
        {CURLE_OPERATION_TIMEDOUT, 0, "", false, MEET_TIMEOUT, false},
        {CURLE_SSL_CONNECT_ERROR, 0, "", false, MEET_TLS, false},
        /* lost */
        {CURLE_SSL_CONNECT_ERROR, 1, "", false, MEET_TRANSPORT, false},
        {CURLE_PEER_FAILED_VERIFICATION, 0, "", false, MEET_TLS, true},
        {CURLE_PEER_FAILED_VERIFICATION, 1, "", false, MEET_TRANSPORT, false},
        {CURLE_RECV_ERROR, 1, "", false, MEET_TRANSPORT, false},
        /* something followed a body in gzip */
        {CURLE_WRITE_ERROR, 1, "HTTP/1.1 200 OK\r\n\r\n", false, MEET_DECODE,
         true},
        /* nothing was sent */
        {CURLE_OUT_OF_MEMORY, 0, "", false, MEET_MEMORY, true},
        {CURLE_OUT_OF_MEMORY, 1, "HTTP/1.1 200 OK\r\n\r\n", false, MEET_MEMORY,
         true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static const struct meet_network network = {.direct = true};
        struct meet_request request = {.network = &network};
        struct meet_sockets sockets;
        struct meet_transfer *transfer;
        struct meet_response response;
        struct meet_outcome outcome;
        struct meet_error err;

        meet_sockets_init(&sockets);
        meet_response_init(&response, 1000);
        meet_buffer_append_string(&response.head, cases[i].head, &err);
        transfer = meet_transfer_new(&sockets);
        transfer->request = &request;
        transfer->progress.response = &response;
        transfer->progress.sends = cases[i].sends;
        transfer->progress.in_head = cases[i].in_head;
        CHECK(meet_outcome_is_known(transfer, cases[i].code) == cases[i].known,
              "case %zu: known", i);
        meet_outcome_read(transfer, cases[i].code, &outcome);
        CHECK(outcome.error.kind == cases[i].kind, "case %zu: %s", i,
              meet_error_kind_name(outcome.error.kind));
        CHECK(outcome.sent == (cases[i].sends > 0), "case %zu: sent", i);
        meet_transfer_free(transfer);
        meet_response_deinit(&response);
    }
}

int main(void)
{
    struct meet_error err;

    CHECK(meet_library_start(&err) == 0, "libcurl starts");
    check_codes();
    return check_report();
}
