/*
 * outcome_test.c - what a libcurl result code means, by how far the attempt
 * got.
 */
#include "check.h"
#include "library.h"
#include "outcome.h"

/* What an attempt makes of the code alone. */
static void read_code(CURLcode code, unsigned sends, const char *head,
                      bool in_head, struct meet_outcome *outcome, bool *known)
{
    static const struct meet_network network = {.direct = true};
    struct meet_request request = {.network = &network};
    struct meet_sockets sockets;
    struct meet_transfer *transfer;
    struct meet_response response;
    struct meet_error err;

    meet_sockets_init(&sockets);
    meet_response_init(&response, 1000);
    meet_buffer_append_string(&response.head, head, &err);
    transfer = meet_transfer_new(&sockets);
    transfer->request = &request;
    transfer->progress.response = &response;
    transfer->progress.sends = sends;
    transfer->progress.in_head = in_head;
    *known = meet_outcome_is_known(transfer, code);
    meet_outcome_read(transfer, code, outcome);
    meet_transfer_free(transfer);
    meet_response_deinit(&response);
}

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
        struct meet_outcome outcome;
        bool known;

        read_code(cases[i].code, cases[i].sends, cases[i].head,
                  cases[i].in_head, &outcome, &known);
        CHECK(known == cases[i].known, "case %zu: known", i);
        CHECK(outcome.error.kind == cases[i].kind, "case %zu: %s", i,
              meet_error_kind_name(outcome.error.kind));
        CHECK(outcome.sent == (cases[i].sends > 0), "case %zu: sent", i);
    }
}

/*
 * Each code of the newest libcurl by its number, since headers may be older,
 * and what it means before a request has been sent. All those of a row mean the
 * same; where 'final', another attempt ends the same way.
 */
enum { NEWEST = 101, ROOM = 64 };

static const struct {
    const char *why;
    enum meet_kind kind;
    bool final;
    int codes[ROOM]; /* up to the first 0 */
} rows[] = {
    {"no host, no socket, no proxy", MEET_TRANSPORT, false, {5, 6, 7, 97}},
    {"lost", MEET_TRANSPORT, false, {2, 16, 18, 52, 55, 56, 65, 92, 99}},
    {"out of time", MEET_TIMEOUT, false, {28}},
    {"a handshake that failed, which may be chance", MEET_TLS, false, {35}},
    {"who or what is not trusted, and settings of TLS that cannot be",
     MEET_TLS,
     true,
     {53, 54, 58, 59, 60, 66, 77, 82, 83, 90, 91, 98, 101}},
    {"no HTTP, or another than was agreed", MEET_DECODE, true, {1, 8, 23, 61}},
    {"a head beyond libcurl's limits", MEET_TOO_LARGE, true, {100}},
    {"memory", MEET_MEMORY, true, {27}},
    {"what the caller gave, or the library lacks", MEET_CONFIG, true, {3, 4}},
    {"given by options, callbacks and uses that are not the core's",
     MEET_TRANSPORT,
     false,
     {22, 25, 26, 33, 36, 37, 42, 43, 45, 47, 48, 49, 63, 81, 89, 93, 94}},
    {"other protocols",
     MEET_TRANSPORT,
     false,
     {9,  10, 11, 12, 13, 14, 15, 17, 19, 21, 30, 31, 38, 39, 64, 67, 68,
      69, 70, 71, 72, 73, 74, 78, 79, 80, 84, 85, 86, 87, 88, 95, 96}},
    {"not used any more",
     MEET_TRANSPORT,
     false,
     {20, 24, 29, 32, 34, 40, 41, 44, 46, 50, 51, 57, 62, 75, 76}},
};

static void check_code(int code, enum meet_kind kind, bool final,
                       const char *why)
{
    struct meet_outcome outcome;
    bool known;

    read_code((CURLcode)code, 0, "", false, &outcome, &known);
    CHECK(outcome.error.kind == kind, "code %d (%s): %s", code, why,
          meet_error_kind_name(outcome.error.kind));
    CHECK(known == final, "code %d: final", code);
    CHECK((outcome.ending == MEET_ENDED_FAILED) == final, "code %d: ending",
          code);
}

static void check_each_code(void)
{
    int times[NEWEST + 1] = {1}; /* CURLE_OK is none */

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (const int *code = rows[i].codes; *code; code++) {
            check_code(*code, rows[i].kind, rows[i].final, rows[i].why);
            times[*code]++;
        }
    for (int code = 0; code <= NEWEST; code++)
        CHECK(times[code] == 1, "code %d is in %d rows", code, times[code]);
    /* A newer code has its own words. */
    CHECK(CURL_LAST <= NEWEST + 1, "curl.h has codes up to %d", CURL_LAST - 1);
    CHECK_STRING(curl_easy_strerror((CURLcode)(NEWEST + 1)),
                 curl_easy_strerror((CURLcode)9999), "a new code of libcurl");
}

int main(void)
{
    struct meet_error err;

    CHECK(meet_library_start(&err) == 0, "libcurl starts");
    check_codes();
    check_each_code();
    return check_report();
}
