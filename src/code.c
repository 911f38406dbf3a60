/* code.c - see code.h. */
#include "code.h"

#include <stddef.h>

static const struct meet_code codes[] = {
    {CURLE_OPERATION_TIMEDOUT, MEET_TIMEOUT, false},
    {CURLE_SSL_CONNECT_ERROR, MEET_TLS, false},
    {CURLE_PEER_FAILED_VERIFICATION, MEET_TLS, true},
    {CURLE_SSL_CACERT_BADFILE, MEET_TLS, true},
    {CURLE_SSL_CERTPROBLEM, MEET_TLS, true},
    {CURLE_SSL_CIPHER, MEET_TLS, true},
    {CURLE_SSL_ENGINE_INITFAILED, MEET_TLS, true},
    {CURLE_SSL_ISSUER_ERROR, MEET_TLS, true},
    {CURLE_PARTIAL_FILE, MEET_DECODE, false},
    {CURLE_BAD_CONTENT_ENCODING, MEET_DECODE, true},
    {CURLE_WEIRD_SERVER_REPLY, MEET_DECODE, true},
    {CURLE_UNSUPPORTED_PROTOCOL, MEET_DECODE, true}, /* HTTP/0.9 and such */
    {CURLE_OUT_OF_MEMORY, MEET_MEMORY, true},
    {CURLE_URL_MALFORMAT, MEET_CONFIG, true},
};

const struct meet_code *meet_code_find(CURLcode code)
{
    static const struct meet_code other = {CURLE_OK, MEET_TRANSPORT, false};

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].code == code)
            return &codes[i];
    return &other;
}
